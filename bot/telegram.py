"""The Bot: one for each process, at whatever address the settings name."""

from typing import Any

from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.session.middlewares.base import NextRequestMiddlewareType
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest
from aiogram.methods import AnswerCallbackQuery, TelegramMethod

from core.settings import Settings

CHANNEL = "telegram"
ALLOWED_UPDATES = ["message", "callback_query", "my_chat_member"]
_REQUEST_SECONDS = 20


def make_bot(settings: Settings) -> Bot:
    """A Bot, to be used as an async context. It parses no markup: what a model wrote can't break a message."""
    api = TelegramAPIServer.from_base(settings.telegram_api_url)
    session = AiohttpSession(api=api, timeout=_REQUEST_SECONDS)
    session.middleware(_late_answers)
    return Bot(
        settings.telegram_bot_token.get_secret_value(),
        session=session,
        default=DefaultBotProperties(parse_mode=None, link_preview_is_disabled=True),
    )


async def _late_answers(make_request: NextRequestMiddlewareType[Any], bot: Bot, method: TelegramMethod[Any]) -> Any:
    """A tap is acted on even if its answer comes too late, as after a restart: about 15 s are allowed for that."""
    try:
        return await make_request(bot, method)
    except TelegramBadRequest as error:
        if isinstance(method, AnswerCallbackQuery) and "query is too old" in error.message:
            return True
        raise
