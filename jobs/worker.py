"""The queue's worker: arq's, woken by a bell, patient with Redis, and drained before it goes."""

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any, cast

from arq.connections import ArqRedis
from arq.worker import Function, Worker
from redis.exceptions import RedisError

from core.logging import get_logger
from core.queue import BELL_KEY, QUEUE_NAME, decode, encode

_LOOK_SECONDS = 1.0
_REDIS_AWAY_SECONDS = 1.0
_JOB_SECONDS = 1800
log = get_logger(__name__)


class BellWorker(Worker):
    """Takes a job within a few milliseconds of its bell, or of a place becoming free; looks once a second anyway.

    arq's own loop looks every half second, and dies with Redis. This one waits for Redis to come back: the runs
    that are under way do not need it.
    """

    def __init__(self, functions: Sequence[Function], redis: ArqRedis, *, max_jobs: int) -> None:
        super().__init__(
            functions=functions,
            redis_pool=redis,
            queue_name=QUEUE_NAME,
            max_jobs=max_jobs,
            job_timeout=_JOB_SECONDS,
            keep_result=0,
            max_tries=1_000_000,
            retry_jobs=False,
            handle_signals=False,
            job_serializer=encode,
            job_deserializer=decode,
            log_results=False,
            health_check_interval=30,
        )
        self._place_free = asyncio.Event()
        self._bell: asyncio.Task[None] | None = None

    async def main(self) -> None:
        """Take jobs until cancelled."""
        self.ctx["redis"] = self.pool
        while True:
            self._place_free.clear()
            try:
                await self._poll_iteration()
                await self._next()
            except (RedisError, OSError) as error:
                log.warning("queue_away", error=str(error))
                await asyncio.sleep(_REDIS_AWAY_SECONDS)

    async def drain(self, seconds: float) -> None:
        """Take no more, wait for what is under way, then cancel it, so that it is handed back."""
        self.allow_pick_jobs = False
        under_way = list(self.tasks.values())
        if not under_way:
            return
        log.info("draining", jobs=len(under_way), seconds=seconds)
        _, pending = await asyncio.wait(under_way, timeout=seconds)
        for task in self.job_tasks.values():
            task.cancel()
        if pending:
            await asyncio.wait(pending, timeout=seconds)

    async def _next(self) -> None:
        """Wait for a bell, a free place, or a second. The bell's pop is never cancelled, so that none is lost."""
        if self._bell is None and self.job_counter < self.max_jobs and self.allow_pick_jobs:
            self._bell = asyncio.create_task(self._hear())
        place = asyncio.create_task(self._place_free.wait())
        waits = {place} if self._bell is None else {place, self._bell}
        try:
            done, _ = await asyncio.wait(waits, timeout=_LOOK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        finally:
            place.cancel()
        if self._bell is not None and self._bell in done:
            bell, self._bell = self._bell, None
            bell.result()

    async def _hear(self) -> None:
        await cast("Awaitable[Any]", self.pool.brpop([BELL_KEY], timeout=30))

    def _release_sem_dec_counter_on_complete(self) -> None:
        super()._release_sem_dec_counter_on_complete()
        self._place_free.set()

    async def close(self) -> None:
        """Stop listening to the bell. The pool belongs to the runtime and stays open."""
        if self._bell is not None:
            self._bell.cancel()
            await asyncio.gather(self._bell, return_exceptions=True)
