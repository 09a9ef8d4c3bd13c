"""Buttons under a file that came without a word: for whom to keep it, or not at all."""

from collections.abc import Sequence
from uuid import UUID

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.keyboards.button import button, column, rows
from bot.words import say

DROP = -1


class FileButton(CallbackData, prefix="fl"):
    """File it for the `number`th client that was offered, or drop it."""

    pending: UUID
    number: int


def filing(pending: UUID, clients: Sequence[str]) -> InlineKeyboardMarkup:
    """One button for each client, and Don't keep it."""
    buttons = [
        button(say("button-file", client=name), FileButton(pending=pending, number=number))
        for number, name in enumerate(clients)
    ]
    return rows(*column(buttons), [button(say("button-drop"), FileButton(pending=pending, number=DROP))])
