"""Buttons of the interview that makes a client, of what leads there, and of what follows."""

from enum import StrEnum
from uuid import UUID

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.keyboards.button import button, rows
from bot.words import say
from core.clients.drafts import Draft


class InterviewDeed(StrEnum):
    """What can be done at a question, or when coming back."""

    SKIP = "skip"
    BACK = "back"
    CANCEL = "quit"
    RESUME = "on"
    ANEW = "anew"


class InterviewButton(CallbackData, prefix="iv"):
    """`step` is the question that the person saw: at another one the button is stale."""

    deed: InterviewDeed
    draft: UUID
    step: int


class NewClientButton(CallbackData, prefix="new"):
    """Begin an interview."""


class FirstRequestButton(CallbackData, prefix="first"):
    """A first request for a client that has just been made."""

    client: UUID


def question(draft: Draft) -> InlineKeyboardMarkup:
    """Skip, or Keep it where there is an answer; Back; Cancel. Without a name there is nothing to skip to."""
    interview = draft.interview
    line = []
    if interview.question is not None and interview.question in interview.answers:
        line.append(_button("button-keep-answer", InterviewDeed.SKIP, draft))
    elif interview.step:
        line.append(_button("button-skip", InterviewDeed.SKIP, draft))
    if interview.step:
        line.append(_button("button-back", InterviewDeed.BACK, draft))
    return rows([*line, _button("button-cancel", InterviewDeed.CANCEL, draft)])


def resume(draft: Draft) -> InlineKeyboardMarkup:
    """Go on, or begin anew."""
    return rows(
        [_button("button-go-on", InterviewDeed.RESUME, draft)],
        [_button("button-begin-anew", InterviewDeed.ANEW, draft)],
    )


def first_request(client: UUID) -> InlineKeyboardMarkup:
    """A request that every client can begin with."""
    return rows([button(say("button-first-request"), FirstRequestButton(client=client))])


def _button(name: str, deed: InterviewDeed, draft: Draft) -> InlineKeyboardButton:
    return button(say(name), InterviewButton(deed=deed, draft=draft.id, step=draft.interview.step))
