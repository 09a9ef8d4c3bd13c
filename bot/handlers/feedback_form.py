"""/feedback: the long form of a judgement, one question at a time, in one message.

The answers are kept with the conversation until the end, so that leaving it can discard them.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from aiogram import Bot, F, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import Command, CommandObject, StateFilter
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot import messages
from bot.desk import Desk
from bot.filters import FormWords, ReplyToResult
from bot.keyboards.feedback_form import FormButton, FormDeed, FormScoreButton
from bot.places import is_private, person_of, place_of
from bot.states import Asking
from bot.view import View
from bot.views.feedback_form import form_view, leaving_view
from bot.words import say
from core.accounts.service import Account
from core.errors import NotLinkedError, StaleButtonError
from core.feedback.form import Form
from core.feedback.service import Severity
from core.runtime import Runtime

router = Router(name="feedback_form")
_IN_WORDS = frozenset({"issues", "rule"})
_SEVERITIES: Mapping[FormDeed, Severity] = {FormDeed.HIGH: "high", FormDeed.MEDIUM: "medium", FormDeed.LOW: "low"}


@dataclass(frozen=True, slots=True)
class _Open:
    """A form that somebody is filling in: whose piece it is about, and the message that asks."""

    form: Form
    owner: UUID
    message_id: int


@router.message(Command("feedback"), ReplyToResult())
async def judge_answered(
    message: Message,
    bot: Bot,
    runtime: Runtime,
    desk: Desk,
    state: FSMContext,
    account: Account | None,
    output_id: UUID,
) -> None:
    """As a reply to a piece: anybody who sees it may judge it, once."""
    owner = await desk.owner_of(message.reply_to_message or message, account)
    await _begin(message, bot, runtime, state, owner, str(output_id))


@router.message(Command("feedback"))
async def judge(
    message: Message,
    bot: Bot,
    runtime: Runtime,
    state: FSMContext,
    command: CommandObject,
    account: Account | None,
) -> None:
    """`/feedback abcd2345`."""
    if account is None:
        raise NotLinkedError
    if command.args:
        await _begin(message, bot, runtime, state, account.user_id, command.args)
    else:
        await message.answer(say("feedback-usage"))


@router.callback_query(FormScoreButton.filter())
async def score(
    callback: CallbackQuery,
    message: Message,
    callback_data: FormScoreButton,
    bot: Bot,
    runtime: Runtime,
    state: FSMContext,
) -> None:
    """One to five."""
    opened = await _opened(message, state)
    if opened.form.step != callback_data.of or callback_data.score not in range(1, 6):
        raise StaleButtonError
    await callback.answer()
    form = opened.form.score(callback_data.of, callback_data.score)
    await _go_on(bot, runtime, state, message, opened, form, rater=person_of(callback.from_user))


@router.callback_query(FormButton.filter(F.deed.in_({FormDeed.CANCEL, FormDeed.DISCARD})))
async def leave(
    callback: CallbackQuery, message: Message, callback_data: FormButton, bot: Bot, state: FSMContext
) -> None:
    """Cancel asks whether what was answered is kept, if anything was."""
    opened = await _opened(message, state)
    await callback.answer()
    if callback_data.deed == FormDeed.CANCEL and opened.form.changed:
        await messages.edit(bot, message.chat.id, message.message_id, leaving_view(opened.form))
        return
    await state.clear()
    await messages.edit(bot, message.chat.id, message.message_id, View(say("form-discarded")))


@router.callback_query(FormButton.filter())
async def find_way(
    callback: CallbackQuery,
    message: Message,
    callback_data: FormButton,
    bot: Bot,
    runtime: Runtime,
    state: FSMContext,
) -> None:
    """On, back, to the end; and how bad an issue is."""
    opened = await _opened(message, state)
    await callback.answer()
    form = _moved(opened.form, callback_data.deed)
    await _go_on(bot, runtime, state, message, opened, form, rater=person_of(callback.from_user))


@router.message(FormWords(), F.text)
async def answer(message: Message, bot: Bot, state: FSMContext, runtime: Runtime) -> None:
    """An issue, or a rule. The next question comes below the answer, and the one that was answered goes."""
    opened = _read(await state.get_data())
    form = opened.form.write(message.text or "")
    sent = await messages.send(bot, place_of(message), form_view(form, private=is_private(message)))
    with suppress(TelegramBadRequest):
        await bot.delete_message(message.chat.id, opened.message_id)
    rater = person_of(message.from_user)
    await _go_on(bot, runtime, state, sent, opened, form, rater=rater)


@router.message(Command("cancel"), StateFilter(Asking.form_score, Asking.form_words))
async def cancel(message: Message, bot: Bot, state: FSMContext) -> None:
    """As the button does, below the command."""
    opened = _read(await state.get_data())
    with suppress(TelegramBadRequest):
        await bot.delete_message(message.chat.id, opened.message_id)
    if not opened.form.changed:
        await state.clear()
        await message.answer(say("form-discarded"))
        return
    sent = await messages.send(bot, place_of(message), leaving_view(opened.form))
    await state.update_data(message=sent.message_id)


async def _begin(
    message: Message, bot: Bot, runtime: Runtime, state: FSMContext, owner: UUID, written: str
) -> None:
    """Ask the first question, with what this person said of the piece before."""
    async with runtime.unit(owner) as unit:
        output = await unit.outputs.find(written)
        known = await unit.feedback.of(output.id, person_of(message.from_user))
    form = Form.begin(output.id, output.title, known)
    sent = await messages.send(bot, place_of(message), form_view(form), reply_to=message.message_id)
    await _save(state, _Open(form, owner, sent.message_id))


async def _go_on(
    bot: Bot, runtime: Runtime, state: FSMContext, shown: Message, opened: _Open, form: Form, *, rater: str
) -> None:
    """Show the open question on the message; at the end of the form keep it."""
    if form.step == "end":
        async with runtime.unit(opened.owner) as unit:
            await unit.feedback.judge(form.as_feedback(opened.owner, rater, "telegram"))
        await state.clear()
    else:
        await _save(state, replace(opened, form=form, message_id=shown.message_id))
    await messages.edit(bot, shown.chat.id, shown.message_id, form_view(form, private=is_private(shown)))


async def _opened(message: Message, state: FSMContext) -> _Open:
    """The form that this message asks for.

    Raises:
        StaleButtonError: it is another's, or was left.
    """
    data = await state.get_data()
    if "form" not in data or data["message"] != message.message_id:
        raise StaleButtonError
    return _read(data)


def _read(data: Mapping[str, Any]) -> _Open:
    return _Open(Form.from_json(data["form"]), UUID(data["owner"]), data["message"])


async def _save(state: FSMContext, opened: _Open) -> None:
    await state.set_state(Asking.form_words if opened.form.step in _IN_WORDS else Asking.form_score)
    await state.set_data({"form": opened.form.to_json(), "owner": str(opened.owner), "message": opened.message_id})


def _moved(form: Form, deed: FormDeed) -> Form:
    if deed in _SEVERITIES:
        return form.judge(_SEVERITIES[deed]) if form.step == "severity" else form
    match deed:
        case FormDeed.KEEP:
            return form.end()
        case FormDeed.BACK:
            return form.back()
        case FormDeed.SKIP | FormDeed.DONE:
            return form.forward()
        case _:
            return form
