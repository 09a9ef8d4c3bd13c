"""/newclient: six questions make a client and its profile."""

from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from aiogram import Bot, F, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot import messages
from bot.desk import Desk, request_from
from bot.filters import InterviewAnswer, Member, Private, ReplyToInterview
from bot.keyboards.choices import NEW, ClientChoice
from bot.keyboards.interview import FirstRequestButton, InterviewButton, InterviewDeed, NewClientButton
from bot.places import place_of
from bot.states import Asking
from bot.view import View
from bot.views import interview
from bot.words import say
from core.accounts.service import Account
from core.channel import Place
from core.clients.drafts import Draft
from core.clients.making import make_client
from core.runtime import Runtime

router = Router(name="newclient")


@router.message(Command("newclient"), Private(), Member())
async def newclient(message: Message, runtime: Runtime, state: FSMContext, member: Account, origin: str) -> None:
    """Begin, or offer to go on."""
    await _begin(message, runtime, state, member, origin)


@router.callback_query(NewClientButton.filter(), Private(), Member())
async def newclient_button(
    callback: CallbackQuery, message: Message, runtime: Runtime, state: FSMContext, member: Account, origin: str
) -> None:
    """The same, from the list of clients."""
    await callback.answer()
    await _begin(message, runtime, state, member, origin)


@router.callback_query(ClientChoice.filter(F.number == NEW), Private(), Member())
async def newclient_for_request(
    callback: CallbackQuery,
    message: Message,
    callback_data: ClientChoice,
    runtime: Runtime,
    state: FSMContext,
    member: Account,
    place: Place,
    origin: str,
) -> None:
    """The same, from the question *for which client?*: the request goes on when the client is made."""
    async with runtime.unit(member.user_id) as unit:
        asked = await unit.pending.open(callback_data.pending, member, place)
    await callback.answer()
    await _begin(message, runtime, state, member, origin, request=asked.id)


@router.message(Command("cancel"), Asking.client_answer, Member())
async def leave(message: Message, runtime: Runtime, state: FSMContext, member: Account, place: Place) -> None:
    """/cancel leaves; what was answered is kept."""
    await state.clear()
    async with runtime.unit(member.user_id) as unit:
        draft = await unit.drafts.unfinished(member, place)
    view = interview.cancelled(draft) if draft else View(say("cancelled-conversation"))
    await message.answer(view.text)


@router.message(ReplyToInterview(), F.text, Member())
@router.message(InterviewAnswer(), F.text, Member())
async def answer(
    message: Message,
    bot: Bot,
    runtime: Runtime,
    desk: Desk,
    state: FSMContext,
    member: Account,
    place: Place,
    draft_id: UUID,
) -> None:
    """An answer; the next question comes in a new message, and the old one loses its buttons."""
    async with runtime.unit(member.user_id) as unit:
        draft = await unit.drafts.open(draft_id, member, place)
        clients = await unit.clients.all(member.user_id)
        known = [name for client in clients for name in (client.name, *client.aliases)]
        draft = await unit.drafts.answer(draft, message.text or "", known=known)
    asked = (await state.get_data()).get("question")
    if asked is not None:
        with suppress(TelegramBadRequest):  # it is gone, which is as well
            await messages.edit_keyboard(bot, message.chat.id, asked, View(""))
    await _go_on(message, desk, state, member, draft)


@router.callback_query(InterviewButton.filter(), Member())
async def press(
    callback: CallbackQuery,
    message: Message,
    callback_data: InterviewButton,
    bot: Bot,
    runtime: Runtime,
    desk: Desk,
    state: FSMContext,
    member: Account,
    place: Place,
    origin: str,
) -> None:
    """Skip, Back, Cancel; and, when coming back, go on or begin anew."""
    async with runtime.unit(member.user_id) as unit:
        draft = await unit.drafts.open(callback_data.draft, member, place, step=callback_data.step)
        match callback_data.deed:
            case InterviewDeed.SKIP:
                draft = await unit.drafts.skip(draft)
            case InterviewDeed.BACK:
                draft = await unit.drafts.back(draft)
            case InterviewDeed.ANEW:
                draft = await unit.drafts.begin(member, place, origin=origin, request=draft.request)
            case InterviewDeed.CANCEL:
                await state.clear()
    if callback_data.deed == InterviewDeed.CANCEL:
        await messages.edit(bot, message.chat.id, message.message_id, interview.cancelled(draft))
    else:
        await _go_on(message, desk, state, member, draft, edit=True)
    await callback.answer()  # last, since it is where a failure would be told


@router.callback_query(FirstRequestButton.filter(), Member())
async def first_request(
    callback: CallbackQuery,
    message: Message,
    callback_data: FirstRequestButton,
    runtime: Runtime,
    desk: Desk,
    member: Account,
    origin: str,
) -> None:
    """The first piece for a client that has just been made."""
    async with runtime.unit(member.user_id) as unit:
        client = await unit.clients.get(member.user_id, callback_data.client)
    await callback.answer()
    text = say("example-request", client=client.name)
    await message.answer(say("chosen", text=text))
    await desk.take(replace(request_from(message, member, text, origin=origin), client=client.id))


async def _begin(
    message: Message,
    runtime: Runtime,
    state: FSMContext,
    member: Account,
    origin: str,
    *,
    request: UUID | None = None,
) -> None:
    """Ask the first question; where answers are kept from before, ask whether to go on."""
    place = place_of(message)
    async with runtime.unit(member.user_id) as unit:
        draft = await unit.drafts.unfinished(member, place)
        resume = draft is not None and bool(draft.interview.answers)
        if draft is None or not resume:
            draft = await unit.drafts.begin(member, place, origin=origin, request=request)
        elif request is not None:
            draft = await unit.drafts.attach(draft, request)
    if resume:
        view = interview.resume(draft)
        await message.answer(view.text, reply_markup=view.keyboard)
    else:
        await _ask(message, state, draft)


async def _go_on(
    message: Message,
    desk: Desk,
    state: FSMContext,
    member: Account,
    draft: Draft,
    *,
    edit: bool = False,
) -> None:
    """The next question, or the client."""
    if draft.interview.question is not None:
        await _ask(message, state, draft, edit=edit)
        return
    result = await make_client(desk.runtime, member, place_of(message), draft)
    await state.clear()
    view = interview.made(result)
    if edit:
        await messages.edit(desk.bot, message.chat.id, message.message_id, view)
    else:
        await message.answer(view.text, reply_markup=view.keyboard)
    if result.request is not None:
        await desk.take(result.request)


async def _ask(message: Message, state: FSMContext, draft: Draft, *, edit: bool = False) -> None:
    """Ask the open question: in `message` itself, or in a new one."""
    view = interview.question(draft)
    if edit and message.bot is not None:
        await messages.edit(message.bot, message.chat.id, message.message_id, view)
        asked = message.message_id
    else:
        asked = (await message.answer(view.text, reply_markup=view.keyboard)).message_id
    await state.set_state(Asking.client_answer)
    await state.set_data({"draft": str(draft.id), "question": asked})
