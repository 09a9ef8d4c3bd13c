"""HTTP to the stand-in: requests, and the stream of events."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from local.telegram.wire import Json

_LINE_LIMIT = 2**22  # bytes; an event carries a whole message


class Refused(Exception):  # noqa: N818 - said of an act that was not allowed, not of a bug
    """The stand-in did not do what was asked; the message says why."""


class Connection:
    """A connection to the stand-in at `url`, opened when it is first needed."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session: ClientSession | None = None

    async def request(self, verb: str, path: str, **options: Any) -> Json:
        """Ask for something, and give the JSON of the answer.

        Raises:
            Refused: when the stand-in says no.
            aiohttp.ClientError: when nothing answers at `url`.
        """
        async with self._client().request(verb, self.url + path, **options) as response:
            body: Json = await response.json()
        if not response.ok:
            raise Refused(body.get("description", response.reason))
        return body

    async def download(self, file_id: str) -> bytes:
        """Give the bytes of a file."""
        async with self._client().get(f"{self.url}/_people/files/{file_id}", raise_for_status=True) as response:
            return await response.read()

    async def events(self, after: int, chat_id: int | None = None) -> AsyncGenerator[Json, None]:
        """Give everything that happens from an event number on, over restarts of the stand-in too."""
        params = {"after": str(after)} | ({"chat": str(chat_id)} if chat_id is not None else {})
        patience = ClientTimeout(total=None, sock_read=60)
        while True:
            try:
                async with self._client().get(
                    f"{self.url}/_people/events", params=params, read_bufsize=_LINE_LIMIT, timeout=patience
                ) as stream:
                    async for line in stream.content:
                        if line.startswith(b"data: "):
                            event: Json = json.loads(line[6:])
                            if event["type"] != "hello":
                                params["after"] = str(event["seq"])
                                yield event
            except ClientError:
                await asyncio.sleep(0.1)  # it is being restarted

    async def close(self) -> None:
        """Close what is open."""
        if self._session is not None:
            await self._session.close()

    def _client(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession()
        return self._session


async def first_event(
    connection: Connection, predicate: Callable[[Json], bool], seconds: float, *,
    after: int, chat_id: int | None = None,
) -> Json:  # fmt: skip
    """Give the first event after a number that fits.

    Raises:
        TimeoutError: when none came within `seconds`.
    """
    async with asyncio.timeout(seconds), aclosing(connection.events(after, chat_id)) as events:
        async for event in events:
            if predicate(event):
                return event
    raise AssertionError("the stream goes on for ever")
