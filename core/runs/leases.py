"""Leases: a worker holds a run while its heartbeat says so, and hears by it that the run is to stop."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from core.logging import get_logger
from storage.database import system_transaction
from storage.runs import RunRepository

End = Literal["stop", "lost"]
log = get_logger(__name__)


class Lease:
    """One run, held under one fence."""

    def __init__(self, run_id: UUID, fence: int) -> None:
        self.run_id = run_id
        self.fence = fence
        self._end: asyncio.Future[End] = asyncio.get_running_loop().create_future()

    async def ended(self) -> End:
        """Wait until somebody wants the run stopped, or it is held by another worker."""
        return await asyncio.shield(self._end)

    def end(self, how: End) -> None:
        """Say that the work is to end; the first word counts."""
        if not self._end.done():
            self._end.set_result(how)


class LeaseKeeper:
    """One for each worker: renews all its leases in one statement per heartbeat."""

    def __init__(self, engine: AsyncEngine, *, lease_seconds: float, heartbeat_seconds: float) -> None:
        self._engine = engine
        self._lease = timedelta(seconds=lease_seconds)
        self._heartbeat_seconds = heartbeat_seconds
        self._held: dict[UUID, Lease] = {}

    @property
    def lease(self) -> timedelta:
        """How long a run is held without a heartbeat."""
        return self._lease

    @contextmanager
    def hold(self, run_id: UUID, fence: int) -> Iterator[Lease]:
        """Keep this run's lease alive inside the block."""
        lease = Lease(run_id, fence)
        self._held[run_id] = lease
        try:
            yield lease
        finally:
            if self._held.get(run_id) is lease:
                del self._held[run_id]

    async def keep(self) -> None:
        """Beat until cancelled. A database that is away is waited for: the fence tells afterwards what was lost."""
        while True:
            await asyncio.sleep(self._heartbeat_seconds)
            try:
                await self.beat()
            except (SQLAlchemyError, OSError) as error:
                log.warning("heartbeat_failed", error=str(error))

    async def beat(self) -> None:
        """Renew everything that is held, and pass on what the table says."""
        held = list(self._held.values())
        if not held:
            return
        async with system_transaction(self._engine) as session:
            still = await RunRepository(session).renew([(it.run_id, it.fence) for it in held], self._lease)
        for lease in held:
            if lease.run_id not in still:
                lease.end("lost")
            elif still[lease.run_id]:
                lease.end("stop")
