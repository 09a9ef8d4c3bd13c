"""What Telegram is told about this bot at its start: the command menu, and where updates go."""

import asyncio
from contextlib import suppress

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from aiohttp import ClientError
from sqlalchemy.exc import SQLAlchemyError

from bot.http.telegram import PATH
from bot.telegram import ALLOWED_UPDATES, CHANNEL
from bot.words import say
from core.logging import get_logger
from core.runtime import Runtime
from storage.announcing import AnnouncementRepository

PRIVATE = (
    "start",
    "help",
    "skills",
    "workflows",
    "clients",
    "client",
    "newclient",
    "status",
    "history",
    "download",
    "feedback",
    "usage",
    "stop",
    "settings",
    "cancel",
    "privacy",
    "link",
    "unlink",
    "deletedata",
)
GROUP = ("help", "skills", "workflows", "client", "status", "stop")
_RETRY_SECONDS = 5.0
log = get_logger(__name__)


async def introduce(bot: Bot, runtime: Runtime) -> None:
    """Set the menus, and the webhook if there is a public URL; tries until Telegram and the database answer."""
    settings = runtime.settings
    while True:
        try:
            await _set_menu(bot)
            for chat in await _admin_chats(runtime):
                await offer_desk(bot, chat)
            if settings.public_url:
                secret = settings.telegram_webhook_secret
                await bot.set_webhook(
                    settings.public_url.rstrip("/") + PATH,
                    secret_token=secret.get_secret_value() if secret else None,
                    allowed_updates=ALLOWED_UPDATES,
                )
        except (TelegramAPIError, ClientError, SQLAlchemyError, OSError) as error:
            log.warning("telegram_away", error=str(error))
            await asyncio.sleep(_RETRY_SECONDS)
        else:
            return


async def offer_desk(bot: Bot, chat_id: int) -> None:
    """Show /admin in the menu of an admin's chat with the bot; one that the bot can't see is passed over."""
    with suppress(TelegramBadRequest, TelegramForbiddenError):
        await bot.set_my_commands(_commands((*PRIVATE, "admin")), scope=BotCommandScopeChat(chat_id=chat_id))


async def withdraw_desk(bot: Bot, chat_id: int) -> None:
    """Show the menu of everybody again."""
    with suppress(TelegramBadRequest, TelegramForbiddenError):
        await bot.delete_my_commands(scope=BotCommandScopeChat(chat_id=chat_id))


async def _admin_chats(runtime: Runtime) -> list[int]:
    async with runtime.system_unit() as unit:
        chats = await AnnouncementRepository(unit.session).admin_chats([CHANNEL])
    return [int(chat.channel_user_id) for chat in chats if chat.channel_user_id.isdigit()]


async def _set_menu(bot: Bot) -> None:
    await bot.set_my_commands(_commands(PRIVATE), scope=BotCommandScopeAllPrivateChats())
    await bot.set_my_commands(_commands(GROUP), scope=BotCommandScopeAllGroupChats())


def _commands(names: tuple[str, ...]) -> list[BotCommand]:
    return [BotCommand(command=name, description=say(f"command-{name}")) for name in names]
