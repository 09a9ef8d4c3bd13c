"""Rows of inline buttons."""

from collections.abc import Iterable, Sequence
from typing import Literal

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from core.outputs.describe import shorten

MAX_LABEL = 60
Style = Literal["success", "danger", "primary"]
"""Green, red, blue: https://core.telegram.org/bots/api#inlinekeyboardbutton."""


def button(label: str, data: CallbackData, *, style: Style | None = None) -> InlineKeyboardButton:
    """One button. A long label is cut at a word, since Telegram shows about 60 characters."""
    return InlineKeyboardButton(text=shorten(label, MAX_LABEL), callback_data=data.pack(), style=style)


def rows(*lines: Sequence[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    """A keyboard of these rows; empty ones are left out."""
    return InlineKeyboardMarkup(inline_keyboard=[list(line) for line in lines if line])


def column(buttons: Iterable[InlineKeyboardButton]) -> list[list[InlineKeyboardButton]]:
    """Buttons one under the other."""
    return [[one] for one in buttons]
