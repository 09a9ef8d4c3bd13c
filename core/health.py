"""Whether the product can work: do its stores answer, how long is the line, is a worker there."""

import asyncio
from dataclasses import dataclass

from sqlalchemy import text

from core.presence import workers_seen
from core.runtime import Runtime

_CHECK_SECONDS = 3.0
_LINE = text("SELECT count(*), extract(epoch FROM now() - min(queued_at)) FROM runs WHERE status = 'queued'")


@dataclass(frozen=True, slots=True)
class Health:
    """What was seen just now. `queued` runs wait, the oldest for so many seconds; None where nothing answered."""

    database: bool
    redis: bool
    object_store: bool
    queued: int | None = None
    oldest_queued_seconds: float | None = None
    workers: int | None = None

    @property
    def ready(self) -> bool:
        """Whether requests can be taken: every store answers."""
        return self.database and self.redis and self.object_store


async def look(runtime: Runtime) -> Health:
    """Ask every store, all at once and for at most three seconds."""
    line, workers, store = await asyncio.gather(
        asyncio.wait_for(_line(runtime), _CHECK_SECONDS),
        asyncio.wait_for(workers_seen(runtime.redis), _CHECK_SECONDS),
        asyncio.wait_for(runtime.objects.check(), _CHECK_SECONDS),
        return_exceptions=True,
    )
    queued, oldest = (None, None) if isinstance(line, BaseException) else line
    return Health(
        database=not isinstance(line, BaseException),
        redis=not isinstance(workers, BaseException),
        object_store=not isinstance(store, BaseException),
        queued=queued,
        oldest_queued_seconds=oldest,
        workers=None if isinstance(workers, BaseException) else workers,
    )


async def _line(runtime: Runtime) -> tuple[int, float | None]:
    async with runtime.system_unit() as unit:
        count, age = (await unit.session.execute(_LINE)).one()
    return count, None if age is None else round(float(age), 1)
