"""What lies in the queue is data: a job that would run code when it is read is refused."""

import asyncio
import os
import pickle
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from arq.constants import job_key_prefix
from arq.worker import func

from core.queue import QUEUE_NAME, Job
from core.runtime import Runtime
from jobs.worker import BellWorker

if TYPE_CHECKING:
    from arq.typing import WorkerCoroutine


class Poison:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.folder),)


async def test_a_pickled_job_is_refused_and_the_next_one_runs(fresh_runtime: Runtime, tmp_path: Path) -> None:
    harm = tmp_path / "harm"
    await fresh_runtime.redis.set(f"{job_key_prefix}poison", pickle.dumps(Poison(harm)), px=60_000)
    await fresh_runtime.redis.zadd(QUEUE_NAME, {"poison": 1})
    ran = asyncio.Event()

    async def good(context: dict[Any, Any], word: str) -> None:  # noqa: ARG001 - as arq calls it
        assert word == "plain"
        ran.set()

    worker = BellWorker([func(cast("WorkerCoroutine", good), name="good")], fresh_runtime.redis, max_jobs=2)
    await fresh_runtime.queue.put(Job("good", ("plain",), "good:1"))
    work = asyncio.create_task(worker.main())
    try:
        async with asyncio.timeout(10):
            await ran.wait()
    finally:
        work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        await worker.close()
    assert not harm.exists()
    assert not await fresh_runtime.redis.exists(f"{job_key_prefix}poison")
