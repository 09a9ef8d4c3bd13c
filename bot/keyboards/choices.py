"""Buttons of a question: which skill, which client. They carry an id and a number, never the request."""

from collections.abc import Sequence
from uuid import UUID

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.keyboards.button import button, column, rows
from bot.words import say

NONE = -1
NEW = -2


class SkillChoice(CallbackData, prefix="cs"):
    """The `number`th skill offered for a pending request, or none of them."""

    pending: UUID
    number: int


class ClientChoice(CallbackData, prefix="cc"):
    """The `number`th client offered for a pending request, a new one, or to go without."""

    pending: UUID
    number: int


def skills(pending: UUID, labels: Sequence[str]) -> InlineKeyboardMarkup:
    """One button for each skill, and None of these."""
    buttons = [button(label, SkillChoice(pending=pending, number=n)) for n, label in enumerate(labels)]
    none = button(say("button-none-of-these"), SkillChoice(pending=pending, number=NONE))
    return rows(*column(buttons), [none])


def clients(pending: UUID, names: Sequence[str]) -> InlineKeyboardMarkup:
    """One button for each client, New client, and Without a client."""
    buttons = [button(name, ClientChoice(pending=pending, number=n)) for n, name in enumerate(names)]
    new = button(say("button-new-client"), ClientChoice(pending=pending, number=NEW))
    none = button(say("button-without-client"), ClientChoice(pending=pending, number=NONE))
    return rows(*column(buttons), [new, none])
