"""Waiting for a database that is away, where what is to be written was paid for already."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from core.logging import get_logger

_DELAYS = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)
T = TypeVar("T")
log = get_logger(__name__)


async def until_written(write: Callable[[], Awaitable[T]]) -> T:
    """Call `write` until the database takes it, for up to 16 seconds. The fence makes a second call harmless.

    Raises:
        DBAPIError: the database is still away, or refuses for another reason than being away.
        OSError: it can't be connected to.
    """
    for delay in _DELAYS:
        try:
            return await write()
        except (DBAPIError, OSError) as error:
            if isinstance(error, DBAPIError) and not error.connection_invalidated:
                raise
            log.warning("database_away", error=str(error), retry_in=delay)
            await asyncio.sleep(delay)
    return await write()
