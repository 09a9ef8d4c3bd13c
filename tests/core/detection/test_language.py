import pytest

from core.detection import Detector


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("Write homepage copy for Yaz Automate", "en"),
        ("necesito un texto para la página de inicio", "es"),
        ("Schreib mir bitte einen Text für die Startseite", "de"),
        ("ana sayfa için bir metin lazım", "tr"),
        ("écris un texte pour notre page d'accueil", "fr"),
        ("Redaktionsplan Dezember", "de"),
        ("напиши текст для главной страницы", "ru"),
        ("напиши текст для головної сторінки", "uk"),
        ("כתוב טקסט לדף הבית", "he"),
        ("اكتب نص الصفحة الرئيسية", "ar"),
        ("ホームページの文章を書いて", "ja"),
        ("写一个首页文案", "zh"),
        ("👍", "en"),
        ("Acme Xqzt", "en"),
    ],
)
def test_the_language_of_short_messages(detector: Detector, message: str, language: str) -> None:
    assert detector.look(message).language == language


def test_most_labelled_messages_have_their_language_recognised(shipped: Detector) -> None:
    from core.detection.source import DATA, read_labelled

    cases = [case for case in read_labelled(DATA).requests if case.language]
    right = sum(shipped.look(case.text).language == case.language for case in cases)
    assert right / len(cases) > 0.95
