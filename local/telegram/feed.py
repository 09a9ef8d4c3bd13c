"""Everything that happens, in order, for those who watch: the page, the terminal client and the tests."""

import asyncio
import json
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count

from .wire import Json

_KEPT = 20_000


@dataclass(frozen=True)
class Event:
    """One thing that happened. `line` is its JSON as it was at that moment."""

    seq: int
    chat_id: int | None
    line: str


class Feed:
    """A stream of numbered events that can be joined late, from any number on."""

    def __init__(self) -> None:
        # Numbers begin at the clock, so that they rise across restarts too.
        self._numbers = count(int(time.time() * 1000))
        self.last = next(self._numbers)
        self._first_kept = self.last
        self._kept: deque[Event] = deque(maxlen=_KEPT)
        self._watchers: set[asyncio.Queue[Event]] = set()

    def publish(self, kind: str, chat_id: int | None, **data: object) -> int:
        """Tell everyone who watches; give the event's number."""
        self.last = next(self._numbers)
        body: Json = {"seq": self.last, "type": kind, "at": time.time(), "chat_id": chat_id, **data}
        event = Event(self.last, chat_id, json.dumps(body, ensure_ascii=False))
        if len(self._kept) == _KEPT:
            self._first_kept = self._kept[0].seq
        self._kept.append(event)
        for watcher in self._watchers:
            watcher.put_nowait(event)
        return event.seq

    def misses(self, after: int) -> bool:
        """Tell whether events right after that number are no longer, or were never, known here."""
        return after < self._first_kept

    @asynccontextmanager
    async def watch(self, after: int) -> AsyncIterator["asyncio.Queue[Event]"]:
        """Give a queue that holds every kept event after that number, and grows as things happen."""
        queue: asyncio.Queue[Event] = asyncio.Queue()
        for event in self._kept:
            if event.seq > after:
                queue.put_nowait(event)
        self._watchers.add(queue)
        try:
            yield queue
        finally:
            self._watchers.discard(queue)
