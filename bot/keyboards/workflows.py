"""Buttons of workflows: the list and its cards, an offer, and the gates of one that is under way."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.keyboards.button import button, column, rows
from bot.words import say
from core.channel import StepCard, WorkflowCard
from storage.models.workflows import WORKFLOW_ENDED

_NEVER = 99
"""A step's number in a button that is about no step."""


class StepDeed(StrEnum):
    """What can be done about a step, or about the whole (stop, all)."""

    APPROVE = "approve"
    REVISE = "revise"
    SKIP = "skip"
    RETRY = "retry"
    READ = "read"
    STOP = "stop"
    ALL = "all"


class StepButton(CallbackData, prefix="wf"):
    """The `number`th step of a walk, at its `tries`th version: a decision about another one is stale."""

    deed: StepDeed
    walk: UUID
    number: int = _NEVER
    tries: int = 0


class WorkflowButton(CallbackData, prefix="wfc"):
    """A workflow's card; without a name the list."""

    name: str = ""


class StartWorkflowButton(CallbackData, prefix="wfs"):
    """Ask for the brief of a workflow."""

    name: str


class OfferButton(CallbackData, prefix="wfo"):
    """Take the workflow that was offered for a pending request, or just one piece."""

    pending: UUID
    whole: bool


def workflows(listed: Sequence[tuple[str, str]]) -> InlineKeyboardMarkup:
    """One button for each workflow, by name and title."""
    return rows(*column(button(title, WorkflowButton(name=name)) for name, title in listed))


def workflow_card(name: str) -> InlineKeyboardMarkup:
    """Start, and back."""
    return rows(
        [button(say("button-start-workflow"), StartWorkflowButton(name=name))],
        [button(say("button-back"), WorkflowButton())],
    )


def offer(pending: UUID) -> InlineKeyboardMarkup:
    """The whole of it, or one piece."""
    return rows(
        [button(say("button-whole-workflow"), OfferButton(pending=pending, whole=True))],
        [button(say("button-one-piece"), OfferButton(pending=pending, whole=False))],
    )


def walk(card: WorkflowCard) -> InlineKeyboardMarkup:
    """For each step that waits: Read, and its decisions. Below, Stop; at the end, all in one file."""
    lines: list[list[InlineKeyboardButton]] = []
    for number, step in enumerate(card.steps):
        if step.allowed:
            lines += _gate(card.walk_id, number, step)
    if card.status not in WORKFLOW_ENDED:
        lines.append([button(say("button-stop-workflow"), StepButton(deed=StepDeed.STOP, walk=card.walk_id))])
    elif any(step.output for step in card.steps):
        lines += [
            [_step_button(StepDeed.READ, card.walk_id, number, step)]
            for number, step in enumerate(card.steps)
            if step.output
        ]
        lines.append([button(say("button-all-pieces"), StepButton(deed=StepDeed.ALL, walk=card.walk_id))])
    return rows(*lines)


def _gate(walk_id: UUID, number: int, step: StepCard) -> list[list[InlineKeyboardButton]]:
    read = [_step_button(StepDeed.READ, walk_id, number, step)] if step.output else []
    deeds = (StepDeed.APPROVE, StepDeed.RETRY, StepDeed.REVISE, StepDeed.SKIP)
    return [read, [_step_button(deed, walk_id, number, step) for deed in deeds if deed.value in step.allowed]]


def _step_button(deed: StepDeed, walk_id: UUID, number: int, step: StepCard) -> InlineKeyboardButton:
    label = say(f"button-step-{deed}", title=step.title)
    return button(label, StepButton(deed=deed, walk=walk_id, number=number, tries=step.tries))
