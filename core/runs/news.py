"""News of runs, for readers outside a channel: events from the table, and the text as it grows.

A bell rings in PostgreSQL when an event is committed (migration 0002); then the table is read, once for all readers
of a run. Growing text is no row: the worker says it through Redis, and who comes late hears it with the next word.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from core.logging import get_logger
from core.runtime import Runtime
from storage.bells import listening
from storage.models.runs import TERMINAL
from storage.reading import reading

BELL = "run_events"
_TEXT = "marketing-agent:text:"
_TELL_SECONDS = 0.5
_LOOK_SECONDS = 5.0
_AGAIN_SECONDS = 1.0
_EVENTS = "SELECT seq, kind, data, created_at FROM run_events WHERE run_id = $1 AND seq > $2 ORDER BY seq"
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Event:
    """A phase or a fact of a run."""

    seq: int
    kind: str
    data: dict[str, Any]
    at: datetime

    @property
    def is_last(self) -> bool:
        """Whether the run ended with it."""
        return self.kind in TERMINAL


@dataclass(frozen=True, slots=True)
class Growth:
    """What was written since the last one; `offset` 0 begins anew. Counts characters."""

    offset: int
    text: str


async def tell_text(redis: Redis, run_id: UUID, text: str) -> None:
    """Tell readers all the text so far. That nobody hears it does no harm, nor that Redis is away."""
    with suppress(RedisError, OSError):
        await redis.publish(f"{_TEXT}{run_id}", text)


class GrowingText:
    """The text of one run as it grows, told twice a second at most: readers see it move, and it costs little."""

    def __init__(self, redis: Redis, run_id: UUID) -> None:
        self._redis = redis
        self._run_id = run_id
        self._next = 0.0

    async def tell(self, text: str) -> None:
        """Tell readers all the text so far, unless they were told just now."""
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _TELL_SECONDS
            await tell_text(self._redis, self._run_id, text)


class Feed:
    """One run's news, shared by its readers; `changed` is set and replaced whenever there are some."""

    def __init__(self, run_id: UUID, engine: AsyncEngine) -> None:
        self._run_id = run_id
        self._engine = engine
        self.readers = 0
        self.events: list[Event] = []
        self.text = ""
        self.changed = asyncio.Event()
        self.bell = asyncio.Event()
        self._one_at_a_time = asyncio.Lock()

    def grow(self, text: str) -> None:
        """The text is this now."""
        self.text = text
        self.wake()

    def wake(self) -> None:
        """Let every reader look."""
        self.changed.set()
        self.changed = asyncio.Event()

    async def read(self) -> None:
        """Take what the table has beyond what is here."""
        async with self._one_at_a_time:
            after = self.events[-1].seq if self.events else 0
            async with reading(self._engine, None) as connection:
                rows = await connection.fetch(_EVENTS, self._run_id, after)
            self.events += [Event(row["seq"], row["kind"], row["data"], row["created_at"]) for row in rows]
        if rows:
            self.wake()

    async def keep_reading(self) -> None:
        """Read at each bell, and now and then in case one was lost, until cancelled."""
        while True:
            await _within(_LOOK_SECONDS, self.bell)
            self.bell.clear()
            try:
                await self.read()
            except (SQLAlchemyError, OSError) as error:
                log.warning("events_not_read", error=str(error))


class Newsroom:
    """One for each process that has readers. `run` hears the bells; `follow` gives one reader its news."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._feeds: dict[UUID, Feed] = {}
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._pubsub: PubSub = runtime.redis.pubsub()
        self._one_at_a_time = asyncio.Lock()
        self._closed = False

    async def run(self) -> None:
        """Hear bells and text until cancelled."""
        try:
            await asyncio.gather(self._hear_bells(), self._hear_text())
        finally:
            await self._pubsub.aclose()  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Let every reader end, for a shutdown."""
        self._closed = True
        for feed in self._feeds.values():
            feed.wake()

    @asynccontextmanager
    async def feed(self, run_id: UUID) -> AsyncIterator[Feed]:
        """The feed of a run, with all that has happened so far."""
        feed = self._feeds.get(run_id)
        if feed is None:
            feed = self._feeds[run_id] = Feed(run_id, self._runtime.engine)
            self._tasks[run_id] = asyncio.create_task(feed.keep_reading())
            await self._subscribe(run_id)
        feed.readers += 1
        try:
            await feed.read()
            yield feed
        finally:
            feed.readers -= 1
            if not feed.readers and self._feeds.get(run_id) is feed:
                del self._feeds[run_id]
                self._tasks.pop(run_id).cancel()
                await self._subscribe(run_id)

    async def follow(self, feed: Feed, *, after_seq: int, patience: float) -> AsyncIterator[Event | Growth | None]:
        """A reader's news, until the run or the process ends; None when nothing happened for `patience` seconds."""
        sent = ""
        place = sum(1 for event in feed.events if event.seq <= after_seq)
        while not self._closed:
            changed = feed.changed
            for event in feed.events[place:]:
                yield event
                if event.is_last:
                    return
                place += 1
            if feed.text != sent:
                offset = len(sent) if feed.text.startswith(sent) else 0
                sent = feed.text
                yield Growth(offset, sent[offset:])
            elif not await _within(patience, changed):
                yield None

    async def _hear_bells(self) -> None:
        url = self._runtime.settings.database_url.get_secret_value()
        while True:
            try:
                async with listening(url, BELL, self._ring) as broken:
                    for feed in self._feeds.values():
                        feed.bell.set()
                    await broken.wait()
            except OSError as error:
                log.warning("bells_not_heard", error=str(error))
            await asyncio.sleep(_AGAIN_SECONDS)

    def _ring(self, run_id: str) -> None:
        feed = self._feeds.get(UUID(run_id))
        if feed is not None:
            feed.bell.set()

    async def _hear_text(self) -> None:
        while True:
            try:
                await self._pubsub.subscribe(_TEXT, *(f"{_TEXT}{run_id}" for run_id in self._feeds))
                async for message in self._pubsub.listen():
                    self._grow(message)
            except (RedisError, OSError) as error:
                log.warning("text_not_heard", error=str(error))
            await asyncio.sleep(_AGAIN_SECONDS)

    def _grow(self, message: dict[str, Any]) -> None:
        run_id = message["channel"].decode().removeprefix(_TEXT)
        feed = self._feeds.get(UUID(run_id)) if run_id else None
        if feed is not None and message["type"] == "message":
            feed.grow(message["data"].decode())

    async def _subscribe(self, run_id: UUID) -> None:
        """Hear this run's text while it has readers. Its events come without that."""
        channel = f"{_TEXT}{run_id}"
        async with self._one_at_a_time:
            with suppress(RedisError, OSError):
                if run_id in self._feeds:
                    await self._pubsub.subscribe(channel)
                else:
                    await self._pubsub.unsubscribe(channel)


async def _within(seconds: float, event: asyncio.Event) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True
