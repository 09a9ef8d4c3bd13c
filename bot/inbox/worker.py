"""Handling updates from the inbox: in order for each chat, several chats at once, over any number of processes."""

import asyncio
import os
import socket
from datetime import UTC, datetime, timedelta
from uuid import UUID

import structlog
from aiogram import Bot, Dispatcher
from aiogram.types import Update
from pydantic import ValidationError
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from bot.inbox.intake import Intake
from bot.telegram import CHANNEL
from core import metrics
from core.logging import get_logger
from core.runtime import Runtime
from storage.inbox import InboxRepository
from storage.models import InboundUpdate

AT_ONCE = 32
_LEASE = timedelta(seconds=20)
_RENEW_SECONDS = 5.0
_LOOK_SECONDS = 1.0
_MAX_ATTEMPTS = 6
log = get_logger(__name__)


class InboxWorker:
    """One for each web process."""

    def __init__(self, runtime: Runtime, bot: Bot, dispatcher: Dispatcher, intake: Intake) -> None:
        self._runtime = runtime
        self._bot = bot
        self._dispatcher = dispatcher
        self._intake = intake
        self._name = f"{socket.gethostname()}:{os.getpid()}"
        self._held: dict[UUID, asyncio.Task[None]] = {}
        self._stopping = False

    async def run(self) -> None:
        """Claim and handle until cancelled. A database that is away is waited for."""
        renewing = asyncio.create_task(self._keep_renewing())
        try:
            while True:
                self._intake.news.clear()
                try:
                    while len(self._held) < AT_ONCE and not self._stopping and await self._claim():
                        pass
                except (SQLAlchemyError, OSError) as error:
                    log.warning("inbox_away", error=str(error))
                    await asyncio.sleep(_LOOK_SECONDS)
                await self._next()
        finally:
            renewing.cancel()

    async def drain(self, seconds: float) -> None:
        """Take no more and wait for what is being handled; what is left goes back to the inbox."""
        self._stopping = True
        if self._held:
            await asyncio.wait(list(self._held.values()), timeout=seconds)

    async def _next(self) -> None:
        news = asyncio.create_task(self._intake.news.wait())
        await asyncio.wait({news, *self._held.values()}, timeout=_LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        news.cancel()

    async def _claim(self) -> bool:
        try:
            async with self._runtime.system_unit() as unit:
                row = await InboxRepository(unit.session).claim(CHANNEL, self._name, _LEASE)
        except IntegrityError:  # another process claimed an update of the same chat in the same moment
            return True
        if row is None:
            return False
        task = asyncio.create_task(self._handle(row))
        self._held[row.id] = task
        task.add_done_callback(lambda _: self._held.pop(row.id, None))
        return True

    async def _handle(self, row: InboundUpdate) -> None:
        with structlog.contextvars.bound_contextvars(update_id=row.update_id):
            try:
                await self._feed(row)
            except Exception as error:  # noqa: BLE001 - an update goes back to the inbox, whatever happened
                await self._put_back(row, error)
            else:
                await self._done(row, None)
        metrics.UPDATE_SECONDS.observe((datetime.now(UTC) - row.received_at).total_seconds())

    async def _feed(self, row: InboundUpdate) -> None:
        payload = row.payload or {}
        try:
            update = Update.model_validate(payload.get("update"), context={"bot": self._bot})
        except ValidationError as error:
            log.error("update_not_understood", error=str(error)[:500])  # noqa: TRY400 - the message says it all
            return
        await self._dispatcher.feed_update(
            self._bot,
            update,
            origin=f"{CHANNEL}:{row.update_id}:0",
            secrets=payload.get("secrets", []),
        )

    async def _put_back(self, row: InboundUpdate, error: Exception) -> None:
        if row.attempts >= _MAX_ATTEMPTS:
            log.error("update_given_up", error=str(error), exc_info=error)
            await self._done(row, str(error)[:500])
            return
        delay = timedelta(seconds=min(0.5 * 2**row.attempts, 30))
        log.warning("update_put_back", error=str(error), attempt=row.attempts)
        try:
            async with self._runtime.system_unit() as unit:
                await InboxRepository(unit.session).put_back(row.id, delay=delay, error=str(error)[:500])
        except (SQLAlchemyError, OSError):
            log.warning("put_back_failed")  # the lease runs out, and the sweeper frees it

    async def _done(self, row: InboundUpdate, error: str | None) -> None:
        try:
            async with self._runtime.system_unit() as unit:
                await InboxRepository(unit.session).done(row.id, error)
        except (SQLAlchemyError, OSError) as failure:
            log.warning("done_not_written", error=str(failure))  # it is handled again; runs know their origin
        self._intake.news.set()

    async def _keep_renewing(self) -> None:
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            if not self._held:
                continue
            try:
                async with self._runtime.system_unit() as unit:
                    await InboxRepository(unit.session).renew(list(self._held), self._name, _LEASE)
            except (SQLAlchemyError, OSError) as error:
                log.warning("inbox_renewal_failed", error=str(error))
