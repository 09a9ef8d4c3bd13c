"""What a run's message says, word for word where the words matter."""

from uuid import UUID

from bot.views.runs import run_view
from core.channel import Failed, Finished, OutputCard, Progress, Stopped, Subject

RUN = UUID(int=1)
SUBJECT = Subject(RUN, "homepage copy", "Yaz Automate")
NOBODY = Subject(RUN, "homepage copy", None)
CARD = OutputCard(UUID(int=2), "abcd2345", "Stop copying", "The words.", 1, None)


def _labels(view: object) -> list[str]:
    return [button.text for row in view.keyboard.inline_keyboard for button in row]  # type: ignore[attr-defined]


def test_the_working_message() -> None:
    view = run_view(Progress(SUBJECT, "queued"))
    assert view.text == "Working on your homepage copy for Yaz Automate… This may take 1-2 minutes."
    assert _labels(view) == ["Stop"]


def test_a_client_that_was_guessed_is_said_and_can_be_changed() -> None:
    view = run_view(Progress(Subject(RUN, "homepage copy", "Yaz Automate", client_guessed=True), "queued"))
    assert "You named no client, so I took Yaz Automate." in view.text
    assert _labels(view) == ["Stop", "Change client"]


def test_every_phase_has_its_line() -> None:
    assert "3 pieces are ahead of yours" in run_view(Progress(SUBJECT, "queued", ahead=3)).text
    full = run_view(Progress(SUBJECT, "queued", ahead=50)).text
    assert "Everyone is busy just now." in full
    assert "50 pieces are ahead of yours" in full
    assert "Reading Yaz Automate's profile" in run_view(Progress(SUBJECT, "reading")).text
    assert "Reading the skill" in run_view(Progress(NOBODY, "reading")).text
    assert "Searching the web: prices" in run_view(Progress(SUBJECT, "searching", detail="prices")).text
    writing = run_view(Progress(SUBJECT, "writing", tail="…and the last words"))
    assert writing.text.endswith("Writing\n\n…and the last words")


def test_the_result_is_as_the_product_says() -> None:
    view = run_view(Finished(SUBJECT, CARD))
    assert view.text == (
        "✓ Homepage copy for Yaz Automate is ready!\n\nThe words.\n\n"
        "📥 Download: /download_abcd2345\n⭐ Rate this output:"
    )
    assert _labels(view) == ["1", "2", "3", "4", "5", "Show all", "Revise", "Download"]


def test_a_second_version_says_so_and_can_be_compared() -> None:
    view = run_view(Finished(NOBODY, OutputCard(UUID(int=3), "efgh", "t", "p", 2, CARD.output_id)))
    assert view.text.startswith("✓ Homepage copy is ready! (v2)")
    assert "Compare with v1" in _labels(view)


def test_doubts_are_flagged_above_the_rating() -> None:
    flags = ({"kind": "placeholder", "found": "[Name]"}, {"kind": "unsupported-number", "found": "40%"})
    card = OutputCard(UUID(int=2), "abcd", "t", "p", 1, None, flags)
    text = run_view(Finished(SUBJECT, card)).text
    assert "⚠ 2 things to check before you use it: a placeholder left in ([Name]); a number that no file" in text


def test_a_failure_says_what_happened_what_was_kept_and_what_to_do() -> None:
    view = run_view(Failed(SUBJECT, "model-overloaded", "ab12cd34"))
    assert view.text == (
        "I could not finish your homepage copy for Yaz Automate. The model is overloaded just now.\n"
        "Nothing was lost: your request is kept, and Retry starts it again. (Reference ab12cd34)"
    )
    assert _labels(view) == ["Retry"]


def test_an_unexpected_failure_tells_no_detail() -> None:
    text = run_view(Failed(SUBJECT, "internal", "ab12cd34")).text
    assert "Something went wrong on my side" in text


def test_a_stop_offers_to_start_again() -> None:
    view = run_view(Stopped(SUBJECT))
    assert view.text == "Stopped: homepage copy for Yaz Automate. Nothing was kept."
    assert _labels(view) == ["Start again"]
