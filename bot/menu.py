"""What Telegram is told about this bot at its start: the command menu, and where updates go."""

import asyncio

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import BotCommand, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from aiohttp import ClientError

from bot.http.telegram import PATH
from bot.telegram import ALLOWED_UPDATES
from bot.words import say
from core.logging import get_logger
from core.settings import Settings

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
    "usage",
    "stop",
    "cancel",
    "privacy",
    "link",
    "unlink",
)
GROUP = ("help", "skills", "workflows", "client", "status", "stop")
_RETRY_SECONDS = 5.0
log = get_logger(__name__)


async def introduce(bot: Bot, settings: Settings) -> None:
    """Set the menu, and the webhook if there is a public URL; tries until Telegram answers."""
    while True:
        try:
            await _set_menu(bot)
            if settings.public_url:
                secret = settings.telegram_webhook_secret
                await bot.set_webhook(
                    settings.public_url.rstrip("/") + PATH,
                    secret_token=secret.get_secret_value() if secret else None,
                    allowed_updates=ALLOWED_UPDATES,
                )
        except (TelegramAPIError, ClientError, OSError) as error:
            log.warning("telegram_away", error=str(error))
            await asyncio.sleep(_RETRY_SECONDS)
        else:
            return


async def _set_menu(bot: Bot) -> None:
    await bot.set_my_commands(_commands(PRIVATE), scope=BotCommandScopeAllPrivateChats())
    await bot.set_my_commands(_commands(GROUP), scope=BotCommandScopeAllGroupChats())


def _commands(names: tuple[str, ...]) -> list[BotCommand]:
    return [BotCommand(command=name, description=say(f"command-{name}")) for name in names]
