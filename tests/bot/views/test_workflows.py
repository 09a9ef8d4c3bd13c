"""What the checklist of a workflow says, word for word."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from bot.view import View
from bot.views.workflows import nudge, workflow_view
from core.channel import OutputCard, StepCard, WorkflowCard

CARD = OutputCard(UUID(int=2), "abcd2345", "Five emails", "The first words of the emails.", 1, None)
GATE = frozenset({"approve", "revise", "skip"})
WALK = WorkflowCard(
    UUID(int=1),
    "Landing page launch",
    "Yaz Automate",
    "running",
    (
        StepCard("copy", "Write the page", "completed", 1, CARD),
        StepCard("review", "Audit before launch", "awaiting_input", 2, replace(CARD, version=2), allowed=GATE),  # type: ignore[arg-type]
        StepCard("test", "Decide what to test", "running", 1),
        StepCard("tracking", "Make it measurable", "queued"),
    ),
    Decimal("0.4167"),
)


def _labels(view: View) -> list[list[str]]:
    assert view.keyboard is not None
    return [[button.text for button in row] for row in view.keyboard.inline_keyboard]


def test_a_walk_with_one_gate() -> None:
    view = workflow_view(WALK)
    assert view.text == (
        "Landing page launch for Yaz Automate: under way\n"
        "\n"
        "✓ Write the page · /download_abcd2345\n"
        "⏸ Audit before launch (v2) · /download_abcd2345\n"
        "▶ Decide what to test\n"
        "○ Make it measurable\n"
        "\n"
        "Cost so far: $0.42\n"
        "\n"
        "⏸ “Audit before launch” waits for your yes:\n"
        "The first words of the emails."
    )
    assert _labels(view) == [["Read “Audit before launch”"], ["✓ Approve", "Revise", "Skip"], ["Stop"]]


def test_a_failed_step_says_why_and_what_can_be_done() -> None:
    retry = StepCard("copy", "Write the page", "failed", 1, None, "model-refused", frozenset({"retry", "skip"}))
    view = workflow_view(replace(WALK, steps=(retry,), status="awaiting_input"))
    assert "⚠ “Write the page” did not work. The model declined to write this." in view.text
    assert _labels(view) == [["Try again", "Skip"], ["Stop"]]
    last = workflow_view(replace(WALK, steps=(replace(retry, allowed=frozenset({"skip"})),)))
    assert "trying again will not help" in last.text
    assert _labels(last) == [["Skip"], ["Stop"]]


def test_the_end_offers_each_piece_and_all_in_one_file() -> None:
    done = tuple(replace(step, status="completed", output=CARD, allowed=frozenset()) for step in WALK.steps)
    view = workflow_view(replace(WALK, steps=done, status="completed"))
    assert view.text.startswith("✓ Landing page launch for Yaz Automate is complete!")
    assert [row[0] for row in _labels(view)][-1] == "All in one file"
    assert len(_labels(view)) == 5


def test_stopped_steps_say_so_and_a_guessed_client_is_named() -> None:
    steps = tuple(replace(step, status="cancelled", output=None, allowed=frozenset()) for step in WALK.steps)
    stopping = replace(steps[0], status="running")
    view = workflow_view(replace(WALK, steps=(stopping, *steps[1:]), status="cancelled", client_guessed=True))
    assert "▶ Write the page: stopping…\n■ Audit before launch (stopped)" in view.text
    assert "You named no client, so I took Yaz Automate." in view.text
    assert _labels(view) == []


def test_the_line_with_a_sound_names_what_waits() -> None:
    assert nudge(WALK).text == "“Landing page launch” waits for your yes: Audit before launch"
