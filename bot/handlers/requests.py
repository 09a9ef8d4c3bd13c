"""Plain words: a request, a revision, and what can't be read."""

from uuid import UUID

from aiogram import Bot, F, Router
from aiogram.enums import ContentType
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot.desk import Desk, request_from
from bot.filters import Addressed, AnyCommand, Member, ReplyToResult
from bot.places import is_private
from bot.states import Asking
from bot.words import say
from core.accounts.service import Account
from core.errors import StaleButtonError

router = Router(name="requests")
_UNREADABLE = ("sticker", "voice", "photo")


@router.message(Command("cancel"))
async def cancel(message: Message, state: FSMContext) -> None:
    """Leave whatever conversation is open."""
    open_state = await state.get_state()
    await state.clear()
    await message.answer(say("cancelled-conversation") if open_state else say("nothing-to-cancel"))


@router.message(ReplyToResult(), F.text, ~F.text.startswith("/"), Member())
async def revise(message: Message, desk: Desk, member: Account, origin: str, output_id: UUID) -> None:
    """A reply to a result changes it."""
    await desk.revise(request_from(message, member, message.text or "", origin=origin), output_id)


@router.message(Asking.revision, F.text, ~F.text.startswith("/"), Member())
async def take_revision(message: Message, desk: Desk, state: FSMContext, member: Account, origin: str) -> None:
    """What should change, after a tap on Revise."""
    output_id = (await state.get_data()).get("output")
    await state.clear()
    if output_id is None:
        raise StaleButtonError
    await desk.revise(request_from(message, member, message.text or "", origin=origin), UUID(output_id))


@router.message(AnyCommand())
async def unknown_command(message: Message, bot: Bot, command_name: str) -> None:
    """A command that nobody else took; in a group it may be another bot's."""
    mentioned = (message.text or "").split()[0].partition("@")[2]
    me = await bot.me()
    if is_private(message) or mentioned.lower() == (me.username or "").lower():
        await message.answer(say("unknown-command", command=command_name))


@router.message(Addressed(), F.text, Member())
async def request(message: Message, bot: Bot, desk: Desk, state: FSMContext, member: Account, origin: str) -> None:
    """The main road."""
    await state.clear()
    me = await bot.me()
    text = (message.text or "").replace(f"@{me.username}", "").strip()
    desk.show_typing(message)
    await desk.take(request_from(message, member, text, origin=origin))


@router.message(Addressed())
async def unreadable(message: Message) -> None:
    """A sticker, a voice message, a picture: a sentence that says why not."""
    if not is_private(message):
        return
    kind = ContentType(message.content_type).value
    await message.answer(say(f"cannot-{kind}" if kind in _UNREADABLE else "cannot-other"))


@router.callback_query()
async def stale(callback: CallbackQuery) -> None:
    """A button that nobody knows any more."""
    await callback.answer(say("error-stale-button"), show_alert=True)
