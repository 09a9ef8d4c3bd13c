"""A change of a sentence, marked word by word."""

import pytest
from aiogram.types import MessageEntity

from bot.views.difference import difference


def _marked(text: str, entities: list[MessageEntity]) -> list[tuple[str, str]]:
    units = text.encode("utf-16-le")
    return [
        (one.type, units[2 * one.offset : 2 * (one.offset + one.length)].decode("utf-16-le")) for one in entities
    ]


@pytest.mark.parametrize(
    ("old", "new", "text", "marks"),
    [
        (None, "Name the reader.", "+ Name the reader.", []),
        ("Name the reader.", None, "− Name the reader.", [("strikethrough", "Name the reader.")]),
        (
            "Open with a question.",
            "Open with a number.",
            "− Open with a question.\n+ Open with a number.",
            [("strikethrough", "question"), ("bold", "number")],
        ),
        (
            "Keep it short.",
            "Keep it short, and name the 🦉 reader.",
            "− Keep it short.\n+ Keep it short, and name the 🦉 reader.",
            [("bold", ", and name the 🦉 reader")],
        ),
        (
            "Use no emoji.",
            "Begin each page by what a reader can do on Monday.",
            "− Use no emoji.\n+ Begin each page by what a reader can do on Monday.",
            [
                ("strikethrough", "Use no emoji."),
                ("bold", "Begin each page by what a reader can do on Monday."),
            ],
        ),
        (
            "Write two or three sentences.",
            "Write one or two sentences.",
            "− Write two or three sentences.\n+ Write one or two sentences.",
            [("strikethrough", "or three"), ("bold", "one or")],
        ),
    ],
)
def test_what_goes_is_struck_through_and_what_comes_is_bold(
    old: str | None, new: str | None, text: str, marks: list[tuple[str, str]]
) -> None:
    rendered, entities = difference(old, new).render()
    assert rendered == text
    assert _marked(rendered, entities) == marks
