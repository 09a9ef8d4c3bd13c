"""Sending and editing: the one place that knows what Telegram answers when it can't do as it was told."""

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BufferedInputFile, InputRichMessage, Message, MessageEntity, ReplyParameters
from telegramify_markdown import split_entities

from bot.view import View
from bot.words import say
from core.channel import Place
from core.logging import get_logger
from core.plaintext import as_entities

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
LONGEST_RICH = 32_768
_ROOM_FOR_NOTE = 150
log = get_logger(__name__)


async def send(
    bot: Bot, place: Place, view: View, *, reply_to: int | None = None, picture: bytes | None = None
) -> Message:
    """Send a view to a place, under a PNG if there is a picture. That the message answered is gone is no obstacle.

    Raises:
        aiogram.exceptions.TelegramAPIError: Telegram refused, or is away.
    """
    reply = ReplyParameters(message_id=reply_to, allow_sending_without_reply=True) if reply_to else None
    if picture is not None:
        return await bot.send_photo(
            int(place.chat_id),
            BufferedInputFile(picture, "chart.png"),
            caption=view.text[:LONGEST_CAPTION],
            caption_entities=list(view.entities) or None,
            message_thread_id=place.thread_id,
            reply_markup=view.keyboard,
            reply_parameters=reply,
        )
    return await bot.send_message(
        int(place.chat_id),
        view.text[:LONGEST_TEXT],
        entities=list(view.entities) or None,
        message_thread_id=place.thread_id,
        reply_markup=view.keyboard,
        reply_parameters=reply,
    )


async def edit(bot: Bot, chat_id: int, message_id: int, view: View) -> None:
    """Make a message say what `view` says. That it says so already is success.

    Raises:
        aiogram.exceptions.TelegramAPIError: Telegram refused, or is away.
    """
    if view.rich is not None and await _edit_rich(bot, chat_id, message_id, view):
        return
    try:
        await bot.edit_message_text(
            chat_id=chat_id,
            message_id=message_id,
            text=view.text[:LONGEST_TEXT],
            entities=list(view.entities) or None,
            reply_markup=view.keyboard,
        )
    except TelegramBadRequest as error:
        if not _unchanged(error):
            raise


async def edit_keyboard(bot: Bot, chat_id: int, message_id: int, view: View) -> None:
    """Change only the buttons of a message."""
    try:
        await bot.edit_message_reply_markup(chat_id=chat_id, message_id=message_id, reply_markup=view.keyboard)
    except TelegramBadRequest as error:
        if not _unchanged(error):
            raise


def is_gone(error: TelegramBadRequest) -> bool:
    """Whether the message that was to be edited is no longer there, or can't be edited any more."""
    text = error.message.lower()
    return "message to edit not found" in text or "message can't be edited" in text


async def _edit_rich(bot: Bot, chat_id: int, message_id: int, view: View) -> bool:
    """Try a rich message, then entities; whether one of them was taken."""
    markdown = view.rich or ""
    try:
        if len(markdown) <= LONGEST_RICH:
            await bot.edit_message_text(
                chat_id=chat_id,
                message_id=message_id,
                rich_message=InputRichMessage(markdown=markdown),
                reply_markup=view.keyboard,
            )
            return True
    except TelegramBadRequest as error:
        if _unchanged(error):
            return True
        if is_gone(error):
            raise
        log.info("rich_message_refused", error=error.message)
    text, entities = as_entities(markdown)
    parts = split_entities(text, entities, LONGEST_TEXT - _ROOM_FOR_NOTE)
    shown, kept = parts[0]
    note = "\n\n" + say("too-long-to-show") if len(parts) > 1 else ""
    try:
        await bot.edit_message_text(
            chat_id=chat_id,
            message_id=message_id,
            text=shown + note,
            entities=[MessageEntity(**entity.to_dict()) for entity in kept],
            reply_markup=view.keyboard,
        )
    except TelegramBadRequest as error:
        if is_gone(error):
            raise
        return _unchanged(error)
    return True


def _unchanged(error: TelegramBadRequest) -> bool:
    return "message is not modified" in error.message
