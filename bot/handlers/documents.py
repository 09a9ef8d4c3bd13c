"""Files: material for a request where they have a caption, papers for a client's research where they have none."""

import io
from uuid import UUID

from aiogram import Bot, F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Document, Message

from bot import messages
from bot.desk import Desk, request_from
from bot.filters import Addressed, Member, ReplyToResult
from bot.keyboards.documents import DROP, FileButton, filing
from bot.places import place_of
from bot.states import Asking
from bot.view import View
from bot.words import say
from core.accounts.service import Account
from core.channel import Place
from core.runtime import Runtime
from core.uploads.extract import LARGEST, too_large
from core.uploads.service import Upload, ask_client, drop_upload, file_upload, keep_upload

router = Router(name="documents")


@router.message(F.document, F.caption, ReplyToResult(), Member())
async def revise_with(
    message: Message,
    bot: Bot,
    runtime: Runtime,
    desk: Desk,
    member: Account,
    origin: str,
    output_id: UUID,
) -> None:
    """A file in reply to a result changes it, by what the caption says."""
    upload = await _take(message, bot, runtime, member)
    await desk.revise(
        request_from(message, member, message.caption or "", origin=origin, material=upload.key), output_id
    )


@router.message(F.document, F.caption, Addressed(), Member())
async def work_with(
    message: Message,
    bot: Bot,
    runtime: Runtime,
    desk: Desk,
    state: FSMContext,
    member: Account,
    origin: str,
) -> None:
    """A file with a caption: the caption is the request, the file its material."""
    asked = await state.get_data() if await state.get_state() == Asking.request.state else {}
    upload = await _take(message, bot, runtime, member)
    await state.clear()
    me = await bot.me()
    text = (message.caption or "").replace(f"@{me.username}", "").strip()
    await desk.take(
        request_from(message, member, text, origin=origin, skill=asked.get("skill"), material=upload.key)
    )


@router.message(F.document, Addressed(), Member())
async def offer_filing(message: Message, bot: Bot, runtime: Runtime, member: Account, origin: str) -> None:
    """A file without a word: one tap files it."""
    upload = await _take(message, bot, runtime, member)
    question = await ask_client(runtime, member, place_of(message), upload, origin)
    if not question.clients:
        await message.reply(say("file-no-client", name=question.name))
        return
    names = [client.name for client in question.clients]
    text = say("file-ask", name=question.name, count=len(names), client=names[0])
    await message.reply(text, reply_markup=filing(question.pending, names))


@router.callback_query(FileButton.filter(), Member())
async def decide(
    callback: CallbackQuery,
    message: Message,
    callback_data: FileButton,
    bot: Bot,
    runtime: Runtime,
    member: Account,
    place: Place,
) -> None:
    """File it where the tap says, or let it go."""
    if callback_data.number == DROP:
        await drop_upload(runtime, member, place, callback_data.pending)
        text = say("file-dropped")
    else:
        filed = await file_upload(runtime, member, place, callback_data.pending, callback_data.number)
        text = say("file-kept", name=filed.name, client=filed.client.name, path=filed.path)
    await callback.answer()
    await messages.edit(bot, message.chat.id, message.message_id, View(text))


async def _take(message: Message, bot: Bot, runtime: Runtime, member: Account) -> Upload:
    """Fetch a file whose size allows it, read it, and keep its text."""
    document = message.document or Document(file_id="", file_unique_id="")
    if (document.file_size or 0) > LARGEST:
        raise too_large()
    await bot.send_chat_action(message.chat.id, "typing", message_thread_id=message.message_thread_id)
    file = await bot.download(document, io.BytesIO())
    data = file.read() if file else b""
    return await keep_upload(runtime, member.user_id, document.file_name or "file", data)
