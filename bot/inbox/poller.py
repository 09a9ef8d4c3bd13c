"""Long polling: our own getUpdates loop. One process polls, and the offset moves after the inbox's commit.

aiogram's loop moves the offset on without waiting for handlers, and two pollers get a 409 from Telegram.
Source: https://core.telegram.org/bots/api#getupdates
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import TelegramAPIError
from aiohttp import ClientError, ClientTimeout
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.inbox.intake import Intake
from bot.telegram import ALLOWED_UPDATES
from core.logging import get_logger
from core.runtime import Runtime

_LEADER_LOCK = 0x706F6C6C
_POLL_SECONDS = 25
_RETRY_SECONDS = 2.0
log = get_logger(__name__)


class PollingError(Exception):
    """Telegram did not give updates, and why."""


async def poll(runtime: Runtime, bot: Bot, intake: Intake) -> None:
    """Take updates in until cancelled, while this process holds the leader's lock."""
    while True:
        try:
            async with _leadership(runtime) as leader:
                await bot.delete_webhook()
                log.info("polling")
                await _poll_as_leader(leader, bot, intake)
        except (PollingError, TelegramAPIError, ClientError, SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("polling_interrupted", error=str(error))
            await asyncio.sleep(_RETRY_SECONDS)


async def _poll_as_leader(leader: AsyncConnection, bot: Bot, intake: Intake) -> None:
    offset: int | None = None
    while True:
        await leader.execute(text("SELECT 1"))  # fails if the lock's connection is gone
        for update in await _get_updates(bot, offset):
            await intake.take(update)
            offset = int(update["update_id"]) + 1


async def _get_updates(bot: Bot, offset: int | None) -> list[dict[str, Any]]:
    """The raw updates: they go into the inbox as they came.

    Raises:
        PollingError: Telegram answered with an error.
    """
    if not isinstance(bot.session, AiohttpSession):
        raise TypeError("polling needs the aiohttp session")
    http = await bot.session.create_session()
    body: dict[str, Any] = {"timeout": _POLL_SECONDS, "allowed_updates": ALLOWED_UPDATES}
    if offset is not None:
        body["offset"] = offset
    url = bot.session.api.api_url(bot.token, "getUpdates")
    async with http.post(url, json=body, timeout=ClientTimeout(total=_POLL_SECONDS + 10)) as answer:
        said = await answer.json(content_type=None)
    if not said.get("ok"):
        raise PollingError(said.get("description", "no description"))
    updates: list[dict[str, Any]] = said["result"]
    return updates


@asynccontextmanager
async def _leadership(runtime: Runtime) -> AsyncIterator[AsyncConnection]:
    """A connection that holds the advisory lock of the one poller; waits for its turn."""
    async with runtime.engine.connect() as raw:
        connection = await raw.execution_options(isolation_level="AUTOCOMMIT")
        lock = text("SELECT pg_try_advisory_lock(:key)")
        while not await connection.scalar(lock, {"key": _LEADER_LOCK}):  # noqa: ASYNC110 - held elsewhere
            await asyncio.sleep(_RETRY_SECONDS)
        try:
            yield connection
        finally:
            await connection.invalidate()  # closing the session is what surely frees the lock
