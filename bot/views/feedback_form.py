"""What the long form of a judgement says, question by question. Pure."""

from collections.abc import Mapping

from bot.keyboards import feedback_form as keyboards
from bot.view import View
from bot.words import say
from core.feedback.form import ORDER, Form, Step
from core.outputs.describe import shorten

_ISSUE_CHARACTERS = 200
_TITLE_CHARACTERS = 80
_WITHIN: Mapping[Step, Step] = {"severity": "issues", "overall": "rule"}
"""Questions that have no number of their own."""


def form_view(form: Form, *, private: bool = True) -> View:
    """The open question; in a group words have to come as a reply, or they are not heard."""
    if form.step == "end":
        return View(_thanks(form))
    lines = [_head(form), "", _question(form)]
    if form.step == "issues" and form.issues:
        lines += ["", *(_issue(issue) for issue in form.issues)]
    if form.step in {"issues", "rule"} and not private:
        lines += ["", say("form-reply")]
    return View("\n".join(lines), keyboards.form(form))


def leaving_view(form: Form) -> View:
    """Whether what was answered is kept."""
    return View(say("form-leave", title=_title(form)), keyboards.leaving())


def _head(form: Form) -> str:
    number = ORDER.index(_WITHIN.get(form.step, form.step)) + 1
    return say("form-head", title=_title(form), number=number, of=len(ORDER) - 1)


def _question(form: Form) -> str:
    if form.step == "severity":
        return say("form-severity", issue=shorten(form.issue, _ISSUE_CHARACTERS))
    if form.step == "issues" and form.issues:
        return say("form-issues-more", count=len(form.issues))
    return say(f"form-{form.step.replace('_', '-')}")


def _issue(issue: object) -> str:
    values = issue if isinstance(issue, dict) else {}
    severity = str(values.get("severity", "medium"))
    return say(
        "form-issue", issue=shorten(str(values.get("description", "")), _ISSUE_CHARACTERS), severity=severity
    )


def _thanks(form: Form) -> str:
    lines = [say("form-thanks", title=_title(form), overall=form.overall or 0)]
    if form.issues:
        lines.append(say("form-issues-kept", count=len(form.issues)))
    if form.rules:
        lines.append(say("form-rules-kept", count=len(form.rules)))
    return "\n".join(lines)


def _title(form: Form) -> str:
    return shorten(form.title, _TITLE_CHARACTERS)
