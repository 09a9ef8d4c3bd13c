"""Every request that came in, kept for tests and curious people, within bounds."""

import asyncio
import json
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from local.claude.call import JSON

KEPT_REQUESTS = 2000
KEPT_BYTES = 64 * 2**20


@dataclass(slots=True)
class Record:
    """One request and what became of it. `at` is seconds since the epoch, `seconds` how long the answer took."""

    number: int
    method: str
    path: str
    headers: dict[str, str]
    raw: bytes = b""
    at: float = field(default_factory=time.time)
    seconds: float | None = None
    answered_by: str | None = None  # the script's name, `sample`, `form`; None when it was refused
    status: int | None = None
    stop_reason: str | None = None
    usage: JSON | None = None
    client_closed: bool = False
    revision: int = 0

    def as_json(self) -> JSON:
        """Return the record for `GET /_admin/requests`."""
        try:
            body = json.loads(self.raw) if self.raw else None
        except ValueError:
            body = None
        return {
            "number": self.number,
            "method": self.method,
            "path": self.path,
            "headers": self.headers,
            "body": body,
            "at": self.at,
            "seconds": self.seconds,
            "answered_by": self.answered_by,
            "status": self.status,
            "stop_reason": self.stop_reason,
            "usage": self.usage,
            "client_closed": self.client_closed,
            "ended": self.seconds is not None,
        }


class Recorder:
    """The newest records. `revision` grows with each change, so that a reader can wait for the next one."""

    def __init__(self) -> None:
        self.revision = 0
        self.open_streams = 0
        self._number = 0
        self._size = 0
        self._records: deque[Record] = deque()
        self._changed = asyncio.Event()

    def begin(self, method: str, path: str, headers: Mapping[str, str], raw: bytes) -> Record:
        """Keep a request that just came in; the oldest go when there are too many."""
        self._number += 1
        record = Record(self._number, method, path, {key.lower(): value for key, value in headers.items()}, raw)
        self._records.append(record)
        self._size += len(raw)
        while len(self._records) > KEPT_REQUESTS or (self._size > KEPT_BYTES and len(self._records) > 1):
            self._size -= len(self._records.popleft().raw)
        self.touch(record)
        return record

    def end(self, record: Record) -> None:
        """Note that the answer is over, one way or the other."""
        record.seconds = time.time() - record.at
        self.touch(record)

    def touch(self, record: Record) -> None:
        """Tell those who wait that a record changed."""
        self.revision += 1
        record.revision = self.revision
        self._changed.set()
        self._changed = asyncio.Event()

    def clear(self) -> None:
        """Forget all records; their numbers go on."""
        self._records.clear()
        self._size = 0

    def since(self, revision: int) -> list[Record]:
        """Return the records that changed after `revision`, oldest first."""
        return [record for record in self._records if record.revision > revision]

    async def wait_beyond(self, revision: int, seconds: float) -> None:
        """Return once something changed after `revision`, at the latest after so many seconds."""
        if self.revision <= revision:
            try:
                await asyncio.wait_for(self._changed.wait(), seconds)
            except TimeoutError:
                return
