"""Hearing PostgreSQL's notifications, on a connection of their own."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

_CONNECT_SECONDS = 5


@asynccontextmanager
async def listening(url: str, channel: str, heard: Callable[[str], None]) -> AsyncIterator[asyncio.Event]:
    """Call `heard` with the payload of each notification; yields an event that is set when the connection breaks.

    Raises:
        ConnectionError: the database can't be reached.
    """
    scheme, rest = url.split("://", 1)
    broken = asyncio.Event()
    try:
        connection: Any = await asyncpg.connect(f"{scheme.split('+')[0]}://{rest}", timeout=_CONNECT_SECONDS)
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise ConnectionError(str(error)) from error
    connection.add_termination_listener(lambda _: broken.set())
    try:  # from here on, or a cancellation while it says LISTEN leaves the connection behind
        await _listen(connection, channel, heard)
        yield broken
    finally:
        connection.terminate()


async def _listen(connection: Any, channel: str, heard: Callable[[str], None]) -> None:
    try:
        await connection.add_listener(channel, lambda *said: heard(said[-1]))
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        raise ConnectionError(str(error)) from error
