"""A judgement as a file, for whoever looks into the bucket. What people wrote stays a quotation."""

from collections.abc import Iterable
from itertools import count
from typing import Any

from core.outputs.describe import slugify
from core.runtime import Runtime
from storage import keys
from storage.learning import Judged, LearningRepository
from storage.models import Feedback
from storage.objects import ObjectExistsError

_SCORES = (
    ("Overall", "overall_score"),
    ("Accuracy", "accuracy_score"),
    ("Quality", "quality_score"),
    ("Usefulness", "usefulness_score"),
    ("Rule compliance", "rule_compliance_score"),
)


async def write_feedback(runtime: Runtime, judged: Judged) -> str:
    """Write the file of a judgement, over the one that it has if it was changed; its key.

    A new one gets a name that nobody has used. The object comes first, so that no row points at nothing; what was
    deleted meanwhile leaves none.
    """
    feedback, data = judged.feedback, render_feedback(judged).encode()
    key = feedback.s3_key
    if key is None:
        key = await _put_new(runtime, judged, data)
    else:
        await runtime.objects.put(key, data)
    async with runtime.system_unit() as unit:
        there = await LearningRepository(unit.session).file_lies_at(feedback.id, key)
    if not there:
        await runtime.objects.delete(key)
    return key


def render_feedback(judged: Judged) -> str:
    """The file: header, scores, what worked, issues, suggested changes of rules, context."""
    feedback, output = judged.feedback, judged.output
    when, by = f"{feedback.changed_at:%Y-%m-%d %H:%M} UTC", _line(feedback.rater)
    parts = [
        f"# Feedback: {_line(output.title)}",
        f"{judged.skill.title}, {when}, by {by}, by way of {_line(feedback.source)}.",
        _section("Scores", [_scores(feedback)]),
        _section("What worked well", [_quoted(feedback.what_worked_well)]),
        _section("Issues", [_issue(issue) for issue in feedback.issues_json]),
        _section("Suggested changes of rules", [_change(change) for change in feedback.suggested_rule_changes]),
        _section("Context", [_context(judged)]),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


async def _put_new(runtime: Runtime, judged: Judged, data: bytes) -> str:
    client = judged.client.slug if judged.client else "no-client"
    descriptor = slugify(f"{client}-{judged.output.short_id}")
    for number in count(1):
        key = keys.feedback(
            judged.skill.name,
            judged.feedback.user_id,
            judged.feedback.created_at.date().isoformat(),
            f"{descriptor}-{number}" if number > 1 else descriptor,
        )
        try:
            await runtime.objects.put_new(key, data)
        except ObjectExistsError:
            continue
        return key
    raise AssertionError("numbers do not end")


def _scores(feedback: Feedback) -> str:
    given = [(name, getattr(feedback, column)) for name, column in _SCORES]
    return "\n".join(f"- {name}: {score} of 5" for name, score in given if score is not None)


def _issue(issue: dict[str, Any]) -> str:
    fix = issue.get("suggested_fix")
    parts = [f"Severity: {_line(issue.get('severity', 'unknown'))}", _quoted(issue.get("description"))]
    return "\n\n".join([*parts, *(["Suggested fix:", _quoted(fix)] if fix else [])])


def _change(change: dict[str, Any]) -> str:
    named = (
        (f"In {_line(change.get('file', ''))}, instead of:", change.get("current_rule")),
        ("Suggested:", change.get("suggested_change")),
        ("Because:", change.get("rationale")),
    )
    return "\n\n".join(f"{label}\n\n{_quoted(text)}" for label, text in named if text)


def _context(judged: Judged) -> str:
    client = _line(judged.client.name) if judged.client else "none"
    return (
        f"- Output: `{judged.output.s3_key}`, version {judged.output.version}\n- Run: `{judged.output.run_id}`\n"
        f"- Client: {client}\n\nThe request:\n\n{_quoted(judged.request)}"
    )


def _section(heading: str, parts: Iterable[str]) -> str:
    said = [part for part in parts if part]
    return "\n\n".join([f"## {heading}", *said]) if said else ""


def _quoted(text: Any) -> str:
    """What somebody wrote, as a quotation that none of its lines can leave."""
    lines = text.strip().splitlines() if isinstance(text, str) else []
    return "\n".join(f"> {line}".rstrip() for line in lines)


def _line(text: Any) -> str:
    return " ".join(str(text).split())
