"""Pieces: shown whole, downloaded, compared, listed, revised."""

from aiogram import Bot, F, Router
from aiogram.filters import Command, CommandObject
from aiogram.fsm.context import FSMContext
from aiogram.types import BufferedInputFile, CallbackQuery, Message

from bot import messages
from bot.desk import Desk
from bot.filters import Member
from bot.keyboards.browse import HistoryButton
from bot.keyboards.outputs import FormatButton, OutputButton, OutputDeed, formats
from bot.places import is_private
from bot.states import Asking, open_once
from bot.views import browse
from bot.views.comparison import comparison
from bot.words import say
from core.accounts.service import Account
from core.errors import StaleButtonError
from core.outputs.exporting import ExportPendingError, exported
from core.outputs.service import read_output
from core.runtime import Runtime
from storage.models import Output

router = Router(name="outputs")


@router.callback_query(OutputButton.filter(F.deed.in_({OutputDeed.SHOW_ALL, OutputDeed.SHOW_LESS})))
async def show(
    callback: CallbackQuery,
    message: Message,
    callback_data: OutputButton,
    bot: Bot,
    desk: Desk,
    account: Account | None,
) -> None:
    """The whole text as a rich message in place of the preview, and back."""
    owner = await desk.owner_of(message, account)
    await callback.answer()
    rater = account.person if account and is_private(message) else None
    view = await desk.result_view(
        owner, callback_data.output, rater=rater, whole=callback_data.deed == OutputDeed.SHOW_ALL
    )
    await messages.edit(bot, message.chat.id, message.message_id, view)


@router.callback_query(OutputButton.filter(F.deed == OutputDeed.DOWNLOAD))
async def download_button(
    callback: CallbackQuery,
    message: Message,
    callback_data: OutputButton,
    runtime: Runtime,
    desk: Desk,
    account: Account | None,
) -> None:
    """The file, as a document, with the other formats under it."""
    async with runtime.unit(await desk.owner_of(message, account)) as unit:
        output = await unit.outputs.get(callback_data.output)
    await callback.answer()
    await _send_file(message, runtime, output)


@router.callback_query(FormatButton.filter())
async def send_format(
    callback: CallbackQuery,
    message: Message,
    callback_data: FormatButton,
    bot: Bot,
    runtime: Runtime,
    desk: Desk,
    account: Account | None,
) -> None:
    """The piece as Word, PDF or web page: made by the worker where it is not there yet."""
    async with runtime.unit(await desk.owner_of(message, account)) as unit:
        output = await unit.outputs.get(callback_data.output)
    await callback.answer(say("format-making", format=say(f"format-{callback_data.format}")))
    await bot.send_chat_action(message.chat.id, "upload_document", message_thread_id=message.message_thread_id)
    try:
        data = await runtime.objects.get(await exported(runtime, output, callback_data.format))
    except ExportPendingError:  # the tap is answered already
        await message.reply(say("format-slow"))
        return
    stem = output.s3_key.rsplit("/", 1)[1].rsplit(".", 1)[0]
    await message.reply_document(BufferedInputFile(data, f"{stem}.{callback_data.format}"))


@router.message(Command("download"), Member())
@router.message(F.text.regexp(r"^/download_([a-z0-9]+)").as_("tapped"), Member())
async def download(
    message: Message,
    runtime: Runtime,
    member: Account,
    command: CommandObject | None = None,
) -> None:
    """`/download abcd2345`, or a tap on `/download_abcd2345`."""
    text = message.text or ""
    wanted = (command.args or "") if command else text.split("@")[0].split()[0].removeprefix("/download_")
    if not wanted.strip():
        await message.answer(say("download-usage"))
        return
    async with runtime.unit(member.user_id) as unit:
        output = await unit.outputs.find(wanted)
    await _send_file(message, runtime, output)


@router.callback_query(OutputButton.filter(F.deed == OutputDeed.COMPARE))
async def compare(
    callback: CallbackQuery,
    message: Message,
    callback_data: OutputButton,
    runtime: Runtime,
    desk: Desk,
    account: Account | None,
) -> None:
    """What changed since the version before, line by line."""
    async with runtime.unit(await desk.owner_of(message, account)) as unit:
        new = await unit.outputs.get(callback_data.output)
        if new.parent_output_id is None:
            raise StaleButtonError
        old = await unit.outputs.get(new.parent_output_id)
    await callback.answer()
    texts = [(await read_output(runtime.objects, one)).data.decode() for one in (old, new)]
    view = comparison(old, new, *texts)
    await message.reply(view.text, entities=list(view.entities) or None)


@router.callback_query(OutputButton.filter(F.deed == OutputDeed.REVISE))
async def ask_revision(
    callback: CallbackQuery, message: Message, callback_data: OutputButton, state: FSMContext
) -> None:
    """Ask what should change; a second tap only reminds of the question."""
    fresh = await open_once(state, Asking.revision, output=str(callback_data.output))
    await callback.answer(None if fresh else say("revise-ask"))
    if fresh:
        await message.reply(say("revise-ask"))


@router.message(Command("history"), Member())
async def history(message: Message, runtime: Runtime, member: Account) -> None:
    """Pieces, newest first."""
    async with runtime.unit(member.user_id) as unit:
        page = await unit.outputs.history(member.user_id)
    view = browse.history(page, first=True)
    await message.answer(view.text, reply_markup=view.keyboard)


@router.callback_query(HistoryButton.filter(), Member())
async def turn_history(
    callback: CallbackQuery,
    message: Message,
    callback_data: HistoryButton,
    bot: Bot,
    runtime: Runtime,
    member: Account,
) -> None:
    """Another page, in the same message."""
    async with runtime.unit(member.user_id) as unit:
        page = await unit.outputs.history(member.user_id, after=callback_data.after)
    await callback.answer()
    view = browse.history(page, first=callback_data.after is None)
    await messages.edit(bot, message.chat.id, message.message_id, view)


async def _send_file(message: Message, runtime: Runtime, output: Output) -> None:
    file = await read_output(runtime.objects, output)
    await message.answer_document(
        BufferedInputFile(file.data, file.filename),
        caption=output.title[:1024],
        reply_markup=formats(output.id) if output.format == "md" else None,
    )
