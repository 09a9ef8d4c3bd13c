"""The sweeper's clock: a task of every worker, not a job of the queue."""

import asyncio

from sqlalchemy.exc import SQLAlchemyError

from core.logging import get_logger
from core.runs.sweeper import sweep, tidy
from core.runtime import Runtime

SWEEP_SECONDS = 2.0
_TIDY_EVERY = 300
log = get_logger(__name__)


async def keep_sweeping(runtime: Runtime) -> None:
    """Sweep every two seconds until cancelled. A database that is away is waited for."""
    count = 0
    while True:
        try:
            await sweep(runtime)
            if count % _TIDY_EVERY == 0:
                await tidy(runtime)
        except (SQLAlchemyError, OSError) as error:
            log.warning("sweep_failed", error=str(error))
        count += 1
        await asyncio.sleep(SWEEP_SECONDS)
