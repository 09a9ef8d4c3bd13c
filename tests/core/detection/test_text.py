import pytest

from core.detection import text


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Homepage", "homepage"),
        ("Über Größe", "uber grosse"),
        ("İstanbul ığşç", "istanbul igsc"),
        ("café", "cafe"),
        ("ho\u200bme\u2060page", "homepage"),
        ("ＦＵＬＬ width", "full width"),
    ],
)
def test_case_accents_and_invisible_characters_are_folded_away(written: str, folded: str) -> None:
    assert text.fold(written) == folded


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Yaz Automate's home page", ["yaz", "automate", "homepage"]),
        ("an A/B-test for the sign-up", ["an", "abtest", "for", "the", "signup"]),
        ("don’t", ["dont"]),
        ("👍 ok", ["ok"]),
        ("", []),
    ],
)
def test_words_lose_possessives_and_compounds_are_joined(written: str, words: list[str]) -> None:
    assert text.words(text.fold(written)) == words


def test_punctuation_stands_among_the_tokens() -> None:
    assert text.tokens("no copy yet, why - really?") == ["no", "copy", "yet", ",", "why", ",", "really", "?"]


def test_words_of_different_meaning_keep_different_stems() -> None:
    assert len(set(text.stems(["experience", "experiment"]))) == 2
    assert len(set(text.stems(["price", "prices"]))) == 1
