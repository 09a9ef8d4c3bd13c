"""Trying again at once what failed before it began; anything longer is the queue's to wait for."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from core.agent.failures import AgentError

TRIES = 3
PATIENCE_SECONDS = 8.0  # longer waits are given back to the caller: a place in a worker is dear
_FIRST_WAIT_SECONDS = 0.5

T = TypeVar("T")


def backoff(failures: int) -> float:
    """Seconds to wait after so many failures: doubling, with jitter so that many do not come back at once."""
    jitter = random.uniform(0.75, 1.25)  # noqa: S311 - not for secrets
    return _FIRST_WAIT_SECONDS * 2.0 ** (failures - 1) * jitter


async def patiently(attempt: Callable[[], Awaitable[T]]) -> T:
    """Do it, up to three times if it fails for a moment.

    Raises:
        AgentError: the last failure, or one that trying again does not help, or that asks for a long wait.
    """
    for failures in range(1, TRIES):
        try:
            return await attempt()
        except AgentError as error:
            wait = backoff(failures) if error.retry_after is None else error.retry_after
            if not error.retryable or wait > PATIENCE_SECONDS:
                raise
        await asyncio.sleep(wait)
    return await attempt()
