"""Buttons of a result: the rating, Show all, Revise, Download; and of the questions after a rating."""

from enum import StrEnum
from typing import Literal
from uuid import UUID

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.keyboards.button import button, rows
from bot.words import say
from core.channel import OutputCard
from core.exports.export import FORMATS, ExportFormat
from storage.outputs import Rated


class OutputDeed(StrEnum):
    """What can be done with a piece."""

    SHOW_ALL = "all"
    SHOW_LESS = "less"
    REVISE = "revise"
    DOWNLOAD = "file"
    COMPARE = "diff"


class OutputButton(CallbackData, prefix="out"):
    """`output` is the piece's id."""

    deed: OutputDeed
    output: UUID


class FormatButton(CallbackData, prefix="fmt"):
    """The piece as a file of another format."""

    format: ExportFormat
    output: UUID


class RateButton(CallbackData, prefix="rate"):
    """A score of 1 to 5 for a piece."""

    output: UUID
    score: int


class GroupScoreButton(CallbackData, prefix="grp"):
    """How a group rated a piece: to be read on the button, and to be told by a tap."""

    output: UUID


class CommentButton(CallbackData, prefix="say"):
    """Skip, under the question for a comment. The question is known again by it when somebody replies."""

    feedback: UUID


class WasRequestButton(CallbackData, prefix="req"):
    """What was kept as a comment was meant as a request."""

    feedback: UUID


class SeverityButton(CallbackData, prefix="sev"):
    """How bad an issue is."""

    feedback: UUID
    severity: Literal["high", "medium", "low", "skip"]


def result(
    card: OutputCard, *, score: int | None = None, group: Rated | None = None, whole: bool = False
) -> InlineKeyboardMarkup:
    """Five scores, the chosen one marked or how the group rated below; and what can be done with the piece."""
    scores = [
        button(f"✓ {n}" if n == score else str(n), RateButton(output=card.output_id, score=n)) for n in range(1, 6)
    ]
    show = (
        button(say("button-show-less"), OutputButton(deed=OutputDeed.SHOW_LESS, output=card.output_id))
        if whole
        else button(say("button-show-all"), OutputButton(deed=OutputDeed.SHOW_ALL, output=card.output_id))
    )
    revise = button(say("button-revise"), OutputButton(deed=OutputDeed.REVISE, output=card.output_id))
    download = button(say("button-download"), OutputButton(deed=OutputDeed.DOWNLOAD, output=card.output_id))
    compare = []
    if card.version > 1:
        label = say("button-compare", version=card.version - 1)
        compare.append(button(label, OutputButton(deed=OutputDeed.COMPARE, output=card.output_id)))
    return rows(scores, _group_score(card, group), [show, revise, download], compare)


def _group_score(card: OutputCard, group: Rated | None) -> list[InlineKeyboardButton]:
    if group is None:
        return []
    label = say("button-group-score", mean=f"{group.mean:.1f}", count=group.count)
    return [button(label, GroupScoreButton(output=card.output_id))]


def formats(output: UUID) -> InlineKeyboardMarkup:
    """Word, PDF, web page."""
    return rows([button(say(f"format-{it}"), FormatButton(format=it, output=output)) for it in FORMATS])


def skip_comment(feedback: UUID) -> InlineKeyboardMarkup:
    """Skip."""
    return rows([button(say("button-skip"), CommentButton(feedback=feedback))])


def was_request(feedback: UUID) -> list[InlineKeyboardButton]:
    """It was a request: for a comment that might be one."""
    return [button(say("button-was-request"), WasRequestButton(feedback=feedback))]


def severities(feedback: UUID, *, perhaps_request: bool = False) -> InlineKeyboardMarkup:
    """High, medium, low, and Skip; and that it was a request where it might be one."""
    names: tuple[Literal["high", "medium", "low"], ...] = ("high", "medium", "low")
    line = [button(say(f"severity-{name}"), SeverityButton(feedback=feedback, severity=name)) for name in names]
    skip = button(say("button-skip"), SeverityButton(feedback=feedback, severity="skip"))
    return rows(line, [skip], was_request(feedback) if perhaps_request else [])
