"""The button under the question whether to delete everything."""

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.keyboards.button import button, rows
from bot.words import say


class KeepAccountButton(CallbackData, prefix="keep"):
    """Delete nothing."""


def keep() -> InlineKeyboardMarkup:
    """Cancel. There is no button that deletes: that takes a word."""
    return rows([button(say("button-cancel"), KeepAccountButton())])
