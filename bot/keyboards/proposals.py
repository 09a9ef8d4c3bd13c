"""Buttons of a proposed change of rules: what can be decided about it, and what it rests on."""

from enum import StrEnum
from uuid import UUID

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.keyboards.button import Style, button, rows
from bot.words import dollars, say
from core.channel import ProposalCard

MOST_EVIDENCE = 20
_IN_A_ROW = 5


class ProposalDeed(StrEnum):
    """What can be done with a proposal, and what of it can be looked at."""

    TEST = "test"
    APPROVE = "yes"
    EDIT = "edit"
    REJECT = "no"
    ROLL_BACK = "undo"
    CARD = "card"
    EVIDENCE = "why"
    PAIRS = "pairs"


class ProposalButton(CallbackData, prefix="rp"):
    """A tap about a proposal as it stood at `revision`. `listed`: its message has a list to go back to."""

    deed: ProposalDeed
    proposal: UUID
    revision: int
    listed: bool = False


class EvidenceButton(CallbackData, prefix="rpe"):
    """The piece that the `number`th judgement behind a proposal is about."""

    proposal: UUID
    number: int


class RollBackButton(CallbackData, prefix="rb"):
    """Undo a version of rules."""

    version: UUID


class ProposalsButton(CallbackData, prefix="rps"):
    """The page of proposals after a proposal; no `after` is the first page."""

    after: UUID | None = None


def proposal(card: ProposalCard, *, listed: bool = False) -> InlineKeyboardMarkup:
    """What can be decided now; below, what to look at; where it was opened from a list, the way back."""

    def deed(which: ProposalDeed, label: str, style: Style | None = None) -> InlineKeyboardButton:
        return _button(card, which, say(label), listed=listed, style=style)

    decide: list[InlineKeyboardButton] = []
    change: list[InlineKeyboardButton] = []
    if card.status == "ready":
        decide.append(deed(ProposalDeed.APPROVE, "button-proposal-approve", "success"))
    if card.price is not None and card.price.pairs:
        name = "button-proposal-test-again" if card.status == "ready" else "button-proposal-test"
        label = say(name, cap=dollars(card.price.cap_usd))
        style: Style | None = "primary" if card.status == "draft" else None
        decide.append(_button(card, ProposalDeed.TEST, label, listed=listed, style=style))
    if card.version_id is not None:
        decide.append(deed(ProposalDeed.ROLL_BACK, "button-roll-back", "danger"))
    if card.status in {"draft", "ready"}:
        change.append(deed(ProposalDeed.EDIT, "button-proposal-edit"))
    if card.status in {"draft", "testing", "ready"}:
        change.append(deed(ProposalDeed.REJECT, "button-proposal-reject"))
    look: list[InlineKeyboardButton] = []
    if card.evidence:
        label = say("button-proposal-evidence", count=len(card.evidence))
        look.append(_button(card, ProposalDeed.EVIDENCE, label, listed=listed))
    if card.evaluation.pairs:
        look.append(deed(ProposalDeed.PAIRS, "button-proposal-pairs"))
    back = [button(say("button-back"), ProposalsButton())] if listed else []
    return rows(decide, change, look, back)


def evidence(card: ProposalCard, *, listed: bool) -> InlineKeyboardMarkup:
    """A number for each judgement, which opens its piece, and back to the card."""
    numbers = [
        button(str(number + 1), EvidenceButton(proposal=card.proposal_id, number=number))
        for number in range(min(len(card.evidence), MOST_EVIDENCE))
    ]
    lines = [numbers[start : start + _IN_A_ROW] for start in range(0, len(numbers), _IN_A_ROW)]
    return rows(*lines, [_back_to_card(card, listed=listed)])


def back_to_card(card: ProposalCard, *, listed: bool) -> InlineKeyboardMarkup:
    """Only the way back to the card."""
    return rows([_back_to_card(card, listed=listed)])


def roll_back(version: UUID) -> InlineKeyboardMarkup:
    """Roll back."""
    return rows([button(say("button-roll-back"), RollBackButton(version=version), style="danger")])


def _back_to_card(card: ProposalCard, *, listed: bool) -> InlineKeyboardButton:
    return _button(card, ProposalDeed.CARD, say("button-back"), listed=listed)


def _button(
    card: ProposalCard, deed: ProposalDeed, label: str, *, listed: bool, style: Style | None = None
) -> InlineKeyboardButton:
    data = ProposalButton(deed=deed, proposal=card.proposal_id, revision=card.revision, listed=listed)
    return button(label, data, style=style)
