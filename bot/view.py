"""What a message is made of: text, buttons, and nothing that could be taken for markup."""

from dataclasses import dataclass
from typing import Self

from aiogram.types import InlineKeyboardMarkup, MessageEntity
from aiogram.utils.formatting import Text


@dataclass(frozen=True, slots=True)
class View:
    """One message. `entities` say what of `text` is bold and so on: they stand beside it, so nothing is parsed.

    `rich` is Markdown for a rich message; `text` is what is shown where that can't be.
    """

    text: str
    keyboard: InlineKeyboardMarkup | None = None
    rich: str | None = None
    entities: tuple[MessageEntity, ...] = ()

    @classmethod
    def of(cls, marked: Text, keyboard: InlineKeyboardMarkup | None = None) -> Self:
        """A view of text that has parts which are bold, quoted and so on."""
        text, entities = marked.render()
        return cls(text, keyboard, entities=tuple(entities))
