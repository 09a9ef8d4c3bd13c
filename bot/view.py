"""What a message is made of: text, buttons, and nothing that could be taken for markup."""

from dataclasses import dataclass

from aiogram.types import InlineKeyboardMarkup


@dataclass(frozen=True, slots=True)
class View:
    """One message. `rich` is Markdown for a rich message; `text` is what is shown where that can't be."""

    text: str
    keyboard: InlineKeyboardMarkup | None = None
    rich: str | None = None
