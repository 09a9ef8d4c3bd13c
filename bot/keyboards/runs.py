"""Buttons of a message that shows a run on its way, or one that ended without a piece."""

from enum import StrEnum
from uuid import UUID

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.keyboards.button import button, rows
from bot.words import say


class RunDeed(StrEnum):
    """What can be done with a run."""

    STOP = "stop"
    AGAIN = "again"
    CHANGE_CLIENT = "client"


class RunButton(CallbackData, prefix="run"):
    """`run` is the run's id."""

    deed: RunDeed
    run: UUID


class ClientOfRunButton(CallbackData, prefix="rc"):
    """The `number`th of the person's clients, by name, instead of the present one; -1 leaves it."""

    run: UUID
    number: int


def working(run_id: UUID, *, client_guessed: bool = False) -> InlineKeyboardMarkup:
    """Stop, and Change client where it was inferred."""
    line = [button(say("button-stop"), RunButton(deed=RunDeed.STOP, run=run_id))]
    if client_guessed:
        line.append(button(say("button-change-client"), RunButton(deed=RunDeed.CHANGE_CLIENT, run=run_id)))
    return rows(line)


def failed(run_id: UUID) -> InlineKeyboardMarkup:
    """Retry."""
    return rows([button(say("button-retry"), RunButton(deed=RunDeed.AGAIN, run=run_id))])


def stopped(run_id: UUID) -> InlineKeyboardMarkup:
    """Start again."""
    return rows([button(say("button-again"), RunButton(deed=RunDeed.AGAIN, run=run_id))])
