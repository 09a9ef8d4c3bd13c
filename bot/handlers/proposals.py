"""Proposed changes of rules: tested, approved, reworded, rejected, rolled back, by admins and nobody else.

Who taps is looked up at each tap, and what they tap on is read anew: of two admins one decides, and the other is
told who did.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from uuid import UUID

from aiogram import Bot, F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot import messages
from bot.desk import Desk
from bot.filters import Admin
from bot.keyboards.proposals import EvidenceButton, ProposalButton, ProposalDeed, RollBackButton
from bot.places import place_of
from bot.states import Asking
from bot.view import View
from bot.views import proposals as views
from bot.words import say
from core.accounts.service import Account
from core.channel import ProposalCard
from core.errors import (
    NotFoundError,
    ProposalBusyError,
    ProposalDecidedError,
    ProposalMovedError,
    StaleButtonError,
)
from core.learning import decisions
from core.learning.cards import proposal_card
from core.learning.decisions import Decision
from core.rules.keeping import roll_back
from core.runtime import Runtime

router = Router(name="proposals")


class DecidedByError(ProposalDecidedError):
    """Another was faster; `by` is who."""

    code = "proposal-decided-by"


_DECISIONS: Mapping[ProposalDeed, tuple[Decision, str]] = {
    ProposalDeed.TEST: ("test", "proposal-test-begun"),
    ProposalDeed.APPROVE: ("approve", "proposal-approved"),
    ProposalDeed.REJECT: ("reject", "proposal-rejected"),
    ProposalDeed.ROLL_BACK: ("roll_back", "rolled-back"),
}
_ON_ITS_WORDING = frozenset({ProposalDeed.TEST, ProposalDeed.APPROVE})
"""What is only done about the very state that was tapped: another wording, or another test, is another question."""


@router.callback_query(ProposalButton.filter(F.deed == ProposalDeed.CARD), Admin())
async def open_card(
    callback: CallbackQuery, message: Message, callback_data: ProposalButton, bot: Bot, runtime: Runtime
) -> None:
    """The card as it stands now."""
    await callback.answer()
    await _show(bot, message, runtime, callback_data)


@router.callback_query(ProposalButton.filter(F.deed.in_(set(_DECISIONS))), Admin())
async def decide(
    callback: CallbackQuery,
    message: Message,
    callback_data: ProposalButton,
    bot: Bot,
    runtime: Runtime,
    admin: Account,
) -> None:
    """Test (the card says what that costs at most), Approve, Reject, Roll back. The worker edits other cards."""
    decision, words = _DECISIONS[callback_data.deed]
    async with _current(message, callback_data, bot, runtime):
        await decisions.decide(runtime, callback_data.proposal, decision, admin.signature)
    await callback.answer(say(words))
    await _show(bot, message, runtime, callback_data)


@router.callback_query(RollBackButton.filter(), Admin())
async def roll_back_version(
    callback: CallbackQuery,
    message: Message,
    callback_data: RollBackButton,
    bot: Bot,
    runtime: Runtime,
    admin: Account,
) -> None:
    """Undo a version, from an alert or from the list of versions."""
    await roll_back(runtime, callback_data.version, admin.signature)
    await callback.answer(say("rolled-back"))
    await messages.edit_keyboard(bot, message.chat.id, message.message_id, View(""))
    await message.reply(say("rolled-back"))


@router.callback_query(ProposalButton.filter(F.deed == ProposalDeed.EDIT), Admin())
async def ask_wording(
    callback: CallbackQuery,
    message: Message,
    callback_data: ProposalButton,
    bot: Bot,
    runtime: Runtime,
    state: FSMContext,
) -> None:
    """Ask for the new wording."""
    async with _current(message, callback_data, bot, runtime) as card:
        if card.status not in {"draft", "ready"}:
            raise StaleButtonError
    await state.set_state(Asking.rule)
    await state.set_data({"proposal": str(callback_data.proposal)})
    await callback.answer()
    await message.reply(say("proposal-edit-ask"))


@router.message(Asking.rule, F.text, ~F.text.startswith("/"), Admin())
async def take_wording(message: Message, runtime: Runtime, state: FSMContext, admin: Account) -> None:
    """The new wording; one that is unfit is asked for again. The worker edits every card."""
    proposal = UUID((await state.get_data())["proposal"])
    try:
        await decisions.decide(runtime, proposal, "edit", admin.signature, rule=message.text or "")
    except (NotFoundError, ProposalBusyError, ProposalDecidedError):
        await state.clear()  # it can't be reworded now, so what is written next is no wording
        raise
    await state.clear()
    await message.reply(say("proposal-edited"))


@router.callback_query(ProposalButton.filter(F.deed.in_({ProposalDeed.EVIDENCE, ProposalDeed.PAIRS})), Admin())
async def look(
    callback: CallbackQuery, message: Message, callback_data: ProposalButton, bot: Bot, runtime: Runtime
) -> None:
    """What it rests on, or how its test went, in the same message."""
    card = await proposal_card(runtime, callback_data.proposal)
    view = views.evidence_view if callback_data.deed == ProposalDeed.EVIDENCE else views.pairs_view
    await callback.answer()
    await messages.edit(bot, message.chat.id, message.message_id, view(card, listed=callback_data.listed))


@router.callback_query(EvidenceButton.filter(), Admin())
async def open_evidence(
    callback: CallbackQuery,
    message: Message,
    callback_data: EvidenceButton,
    bot: Bot,
    runtime: Runtime,
    desk: Desk,
) -> None:
    """The piece that a judgement is about, whole, in a message of its own: to be read, not to be rated."""
    card = await proposal_card(runtime, callback_data.proposal)
    if callback_data.number >= len(card.evidence):
        raise StaleButtonError
    whole = await desk.text_view(card.evidence[callback_data.number].output)
    await callback.answer()
    sent = await messages.send(bot, place_of(message), View(whole.text), reply_to=message.message_id)
    await messages.edit(bot, message.chat.id, sent.message_id, whole)


@asynccontextmanager
async def _current(
    message: Message, data: ProposalButton, bot: Bot, runtime: Runtime
) -> AsyncIterator[ProposalCard]:
    """The card as it stands now. Where the tap comes too late for it, the message is brought up to date.

    Raises:
        StaleButtonError: it was decided since; of a test or an approval also: it was tested or reworded since.
        ProposalMovedError: the rules were changed since.
    """
    try:
        yield await _tapped(runtime, data)
    except (StaleButtonError, ProposalMovedError):
        card = await _show(bot, message, runtime, data)
        if card.decided_by is not None:
            raise DecidedByError(by=card.decided_by) from None
        raise


async def _tapped(runtime: Runtime, data: ProposalButton) -> ProposalCard:
    try:
        card = await proposal_card(runtime, data.proposal)
    except NotFoundError:
        raise StaleButtonError from None
    if data.deed in _ON_ITS_WORDING and card.revision != data.revision:
        raise StaleButtonError
    return card


async def _show(bot: Bot, message: Message, runtime: Runtime, data: ProposalButton) -> ProposalCard:
    card = await proposal_card(runtime, data.proposal)
    await messages.edit(bot, message.chat.id, message.message_id, views.proposal_view(card, listed=data.listed))
    return card
