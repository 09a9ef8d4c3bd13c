"""What the messages of workflows say: the list, a card, an offer, and the checklist of one that is under way."""

import re
from collections.abc import Sequence
from uuid import UUID

from bot.keyboards import workflows as keyboards
from bot.view import View
from bot.words import dollars, has_words, say
from core.channel import StepCard, WorkflowCard
from core.outputs.describe import shorten
from core.runs.plan import OfferWorkflow
from core.workflows.document import WorkflowDocument
from storage.models.workflows import WORKFLOW_ENDED

_PREVIEW_CHARACTERS = 280
_BLANK_LINES = re.compile(r"\n\s*\n")


def workflows(listed: Sequence[WorkflowDocument]) -> View:
    """All workflows, each with what it is for."""
    if not listed:
        return View(say("workflows-none"))
    lines = [say("workflows-title")]
    lines += [say("workflows-line", title=it.title, description=it.description) for it in listed]
    return View("\n\n".join(lines), keyboards.workflows([(it.name, it.title) for it in listed]))


def workflow_card(document: WorkflowDocument) -> View:
    """What a workflow does, step by step, and Start."""
    lines = [say("workflow-card", title=document.title, description=document.description), _plan(document)]
    lines.append(say("workflow-command", name=document.name))
    return View("\n\n".join(lines), keyboards.workflow_card(document.name))


def offer(plan: OfferWorkflow, pending: UUID) -> View:
    """The workflow that would do what was asked, or one piece of it."""
    document = plan.workflow
    text = say("workflow-offer", title=document.title, count=len(document.steps))
    return View(f"{text}\n\n{_plan(document)}\n\n{say('workflow-offer-how')}", keyboards.offer(pending))


def workflow_view(card: WorkflowCard) -> View:
    """The checklist, what waits for a yes, and what it has cost."""
    lines = [_headline(card)]
    if card.client_guessed and card.client:
        lines.append(say("working-guessed", client=card.client))
    lines += ["", *(_step(step, card) for step in card.steps), ""]
    name = "workflow-cost-in-all" if card.status in WORKFLOW_ENDED else "workflow-cost"
    lines.append(say(name, dollars=dollars(card.cost_usd)))
    for step in card.steps:
        if step.allowed:
            lines += ["", _waiting(step)]
    return View("\n".join(lines), keyboards.walk(card))


def nudge(card: WorkflowCard) -> View:
    """One line with a sound: what waits for the person."""
    titles = ", ".join(step.title for step in card.steps if step.allowed)
    return View(say("workflow-waits", title=card.title, steps=titles))


def _headline(card: WorkflowCard) -> str:
    title = say("workflow-for", title=card.title, client=card.client) if card.client else card.title
    return say(f"workflow-is-{card.status.replace('_', '-')}", title=title)


def _plan(document: WorkflowDocument) -> str:
    return "\n".join(f"{number}. {step.title}" for number, step in enumerate(document.steps, 1))


def _step(step: StepCard, card: WorkflowCard) -> str:
    name = "stopping" if step.status == "running" and card.status == "cancelled" else step.status
    line = say(f"step-{name.replace('_', '-')}", title=step.title)
    if step.output is None:
        return line
    return say("step-with-file", line=line, id=step.output.short_id, version=step.output.version)


def _waiting(step: StepCard) -> str:
    if step.status == "failed":
        code = step.error_code or "internal"
        known = has_words(f"error-{code}") and code not in {"internal", "skill-unknown"}
        reason = say(f"error-{code}") if known else say("step-failed-reason")
        name = "step-failed-again" if "retry" in step.allowed else "step-failed-for-good"
        return say(name, title=step.title, reason=reason)
    preview = shorten(_BLANK_LINES.sub("\n", step.output.preview), _PREVIEW_CHARACTERS) if step.output else ""
    return f"{say('step-gate', title=step.title)}\n{preview}"
