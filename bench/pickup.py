"""How soon an idle worker takes a job: from its put to its first line, beside a blocking pop on the same server."""

import asyncio
import time
from typing import TYPE_CHECKING, Any, cast

import psutil
from arq.worker import func

from bench.ground import Ground
from bench.report import Figure, p50, p95
from core.queue import Job, Queue, connect
from jobs.worker import BellWorker

if TYPE_CHECKING:
    from arq.typing import WorkerCoroutine

ROUNDS = 200
_KEY = "bench:pop"
_IDLE_SECONDS = 10.0


async def measure(ground: Ground) -> list[Figure]:
    """Interleaved rounds of a pop and of a job, each after the worker has gone idle again."""
    url = ground.stack.environment["REDIS_URL"].rsplit("/", 1)[0] + "/9"
    redis, listener = await connect(url), await connect(url)
    taken: asyncio.Queue[float] = asyncio.Queue()

    async def note(_: dict[Any, Any]) -> None:
        taken.put_nowait(time.perf_counter())

    worker = BellWorker([func(cast("WorkerCoroutine", note), name="note")], redis, max_jobs=10)
    working = asyncio.create_task(worker.main())
    queue = Queue(await connect(url))
    pops: list[float] = []
    jobs: list[float] = []
    try:
        for number in range(ROUNDS):
            pops.append(await _pop(listener, redis))
            await asyncio.sleep(0.01)
            start = time.perf_counter()
            await queue.put(Job("note", (), f"note:{number}"))
            jobs.append(await taken.get() - start)
            await asyncio.sleep(0.01)
    finally:
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        await worker.close()
    idle = await _idle_cpu(ground)
    return [
        Figure(
            "job picked up by an idle worker, p50", p50(jobs) * 1e3, "ms", "≤ 5 ms", p50(pops) * 1e3, "blocking pop"
        ),
        Figure("job picked up by an idle worker, p95", p95(jobs) * 1e3, "ms", "-", p95(pops) * 1e3, "blocking pop"),
        Figure("CPU of an idle worker", idle, "%", "≤ 0.5 %"),
    ]


async def _pop(listener: Any, pusher: Any) -> float:
    waiting = asyncio.create_task(listener.blpop([_KEY], timeout=5))
    await asyncio.sleep(0.005)
    start = time.perf_counter()
    await pusher.lpush(_KEY, "x")
    await waiting
    return time.perf_counter() - start


async def _idle_cpu(ground: Ground) -> float:
    """The share of one core that the stack's own worker uses while nothing happens, in percent."""
    worker = next(process for process in ground.stack.processes if process.name == "worker")
    process = psutil.Process(worker.pid)
    before = process.cpu_times()
    await asyncio.sleep(_IDLE_SECONDS)
    after = process.cpu_times()
    return 100 * (after.user + after.system - before.user - before.system) / _IDLE_SECONDS
