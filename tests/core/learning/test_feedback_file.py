"""The file of a judgement says all that was said, and follows each change."""

from datetime import UTC, datetime

import pytest

from core.learning.feedback_file import render_feedback, write_feedback
from core.runtime import Runtime
from storage.learning import Judged, LearningRepository
from storage.models import Feedback
from tests.core.learning.past import SKILL, Past


async def read(runtime: Runtime, feedback: Feedback) -> Judged:
    async with runtime.system_unit() as unit:
        (judged,) = await LearningRepository(unit.session).evidence([feedback.id])
    return judged


@pytest.fixture
async def judged(runtime: Runtime) -> Judged:
    past = Past(runtime)
    await past.run(await past.client("yaz"), 2, said="Too long.\n# Not a heading\n</script>")
    return await read(runtime, past.complaints[0])


def test_it_says_all_that_was_said_and_nothing_in_it_breaks_out(judged: Judged) -> None:
    feedback = judged.feedback
    feedback.quality_score, feedback.what_worked_well = 4, "The price.\n- really"
    feedback.changed_at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    feedback.issues_json[0] |= {"suggested_fix": "Cut it"}
    feedback.suggested_rule_changes = [
        {"file": "RULES.md", "current_rule": "Be long", "suggested_change": "Be short", "rationale": "Time"}
    ]
    text = render_feedback(judged)
    for said in (
        "# Feedback: Page",
        "Copywriting, 2026-03-02 09:30 UTC, by test:1, by way of api.",
        "- Overall: 2 of 5\n- Quality: 4 of 5",
        "## What worked well\n\n> The price.\n> - really",
        "Severity: medium\n\n> Too long.\n> # Not a heading\n> </script>",
        "Suggested fix:\n\n> Cut it",
        "In RULES.md, instead of:\n\n> Be long",
        "Suggested:\n\n> Be short\n\nBecause:\n\n> Time",
        f"`{judged.output.s3_key}`",
        "- Client: yaz",
        "> Write a page for yaz",
    ):
        assert said in text
    assert "Accuracy" not in text
    assert [line for line in text.splitlines() if line.startswith("# ")] == ["# Feedback: Page"]


async def test_a_change_is_written_over_and_another_gets_a_name_of_its_own(
    runtime: Runtime, judged: Judged
) -> None:
    key = await write_feedback(runtime, judged)
    day = judged.feedback.created_at.date().isoformat()
    assert key == f"feedback/{SKILL}/{judged.feedback.user_id}/{day}_yaz-{judged.output.short_id}.md"
    kept = await read(runtime, judged.feedback)
    assert kept.feedback.s3_key == key
    kept.feedback.issues_json = [{"description": "Too short", "severity": "low"}]
    assert await write_feedback(runtime, kept) == key
    assert b"Too short" in await runtime.objects.get(key)
    judged.feedback.s3_key = None
    assert await write_feedback(runtime, judged) == key.replace(".md", "-2.md")


async def test_what_was_deleted_meanwhile_leaves_no_file(runtime: Runtime, judged: Judged) -> None:
    async with runtime.system_unit() as unit:
        await unit.session.delete(await unit.session.merge(judged.output))
    key = await write_feedback(runtime, judged)
    assert not await runtime.objects.exists(key)
