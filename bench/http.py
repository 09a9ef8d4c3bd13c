"""The HTTP surface: a list at a million rows beside bare aiohttp and asyncpg, a key, readers, and a crowd."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import aiohttp
import asyncpg
import psutil
from sqlalchemy import text

from bench.ground import Ground
from bench.report import Figure, p50
from bot.http.cursors import Cursors
from core.accounts.authentication import Authenticator
from local.harness import Process
from local.servers.ports import free_ports
from storage.database import make_engine, system_transaction
from storage.models import Run, RunEvent

RUNS = 1_000_000
PAGE = 20
ROUNDS = 300
READERS = 200
CROWD_RATE, CROWD_SECONDS = 500, 10
_FILL = text(
    """
    INSERT INTO runs (id, created_at, user_id, requested_by, origin_key, skill_id, client_id, source, status,
                      user_message, output_type, output_label, notify, attempt, fence, tokens_used, cost_usd,
                      provenance, queued_at, available_at)
    SELECT uuidv7(make_interval(secs => n - :runs)), now(), :user, 'bench', 'bench:' || n, s.id, c.id, 'api',
           'completed', 'Write homepage copy for Yaz Automate', 'homepage', 'homepage copy', false, 1, 1, 1000,
           0.01, '{}', now(), now()
    FROM generate_series(1, :runs) n, (SELECT id FROM skills LIMIT 1) s,
         (SELECT id FROM clients WHERE user_id = :user LIMIT 1) c
    """
)


@dataclass(frozen=True)
class Web:
    """A web process of its own for the measurements, and a user with a million runs."""

    url: str
    process: psutil.Process
    key: str
    user_id: UUID


async def measure(ground: Ground) -> list[Figure]:
    """All figures of the HTTP surface."""
    user_id, key = await _user(ground)
    (port,) = free_ports(1)
    process = await ground.stack.start_web(PORT=str(port), RATE_LIMIT_FACTOR="100000", LOG_LEVEL="INFO")
    web = Web(f"http://127.0.0.1:{port}", psutil.Process(process.pid), key, user_id)
    return [
        *await _pages(ground, web),
        await _authentication(ground, key),
        *await _readers(ground, web),
        *await _crowd(web),
    ]


async def _user(ground: Ground) -> tuple[UUID, str]:
    """The person's account, a key for it, and its million runs."""
    made = await Process.start(
        "key", *("core.accounts", "admin", "--name", "Bench", "--email", "bench@example.com"),
        environment=ground.stack.environment,
    )  # fmt: skip
    await made.ended(60)
    key = next(line for line in made.lines if line.startswith("mk_live_"))
    engine = make_engine(ground.stack.environment["MIGRATIONS_DATABASE_URL"], pool_size=0)
    try:
        async with system_transaction(engine) as session:
            user_id: UUID = await session.scalar(text("SELECT id FROM users WHERE email = 'bench@example.com'"))
            await session.execute(_FILL, {"runs": RUNS, "user": user_id}, execution_options={})
        async with engine.connect() as connection:
            await (await connection.execution_options(isolation_level="AUTOCOMMIT")).execute(
                text("VACUUM ANALYZE runs")
            )
    finally:
        await engine.dispose()
    return user_id, key


async def _pages(ground: Ground, web: Web) -> list[Figure]:
    """Page 1, page 50,000 and the floor, in turns."""
    (port,) = free_ports(1)
    floor = await Process.start(
        "floor", *("bench.floor_server", str(port), str(web.user_id)), environment=ground.stack.environment
    )
    await floor.line("ready")
    cursor = Cursors(ground.stack.environment["KEY_PEPPER"]).write(
        web.user_id, "/api/v1/runs", await _id_before_page(ground, web, 50_000)
    )
    urls = {
        "page 1": f"{web.url}/api/v1/runs",
        "page 50,000": f"{web.url}/api/v1/runs?cursor={cursor}",
        "floor": f"http://127.0.0.1:{port}/",
    }
    times: dict[str, list[float]] = {name: [] for name in urls}
    async with _session(web) as session:
        for _ in range(ROUNDS):
            for name, url in urls.items():
                started = time.perf_counter()
                async with session.get(url) as answer:
                    assert len((await answer.json())["data"]) == PAGE
                times[name].append(time.perf_counter() - started)
    await floor.stop()
    first, deep, bare = (p50(times[name][20:]) * 1e3 for name in urls)
    rows = f"at {RUNS:,} rows"
    return [
        Figure(f"GET /runs, page 1 {rows}", first, "ms", "≤ 3×", bare, "raw asyncpg behind bare aiohttp"),
        Figure(f"GET /runs, page 50,000 {rows}", deep, "ms", "≤ 1.5×", first, "page 1"),
    ]


async def _id_before_page(ground: Ground, web: Web, page: int) -> UUID:
    engine = make_engine(ground.stack.environment["DATABASE_URL"], pool_size=0)
    try:
        async with system_transaction(engine) as session:
            found: UUID = await session.scalar(
                text("SELECT id FROM runs WHERE user_id = :user ORDER BY id DESC OFFSET :skip LIMIT 1"),
                {"user": web.user_id, "skip": (page - 1) * PAGE - 1},
            )
    finally:
        await engine.dispose()
    return found


async def _authentication(ground: Ground, key: str) -> Figure:
    """What a key costs: CPU of this process, beside the same statement through a bare pool."""
    engine = make_engine(ground.stack.environment["DATABASE_URL"])
    pool = await asyncpg.create_pool(ground.stack.environment["DATABASE_URL"], min_size=1)
    authenticator = Authenticator(engine, pepper=ground.stack.environment["KEY_PEPPER"])

    async def bare() -> None:
        async with pool.acquire() as connection:
            await connection.fetchrow("SELECT id, scopes FROM api_keys WHERE key_hash = $1", "x" * 64)

    floor, ours = [], []
    for _ in range(5):
        floor.append(await _cpu_ms(bare, 300))
        ours.append(await _cpu_ms(lambda: authenticator.caller(key), 300))
    await pool.close()
    await engine.dispose()
    return Figure("authentication, CPU", p50(ours), "ms", "≤ 0.3 ms", p50(floor), "one row by raw asyncpg")


async def _cpu_ms(work: Callable[[], Awaitable[Any]], times: int) -> float:
    started = time.process_time()
    for _ in range(times):
        await work()
    return (time.process_time() - started) / times * 1e3


async def _readers(ground: Ground, web: Web) -> list[Figure]:
    """Two hundred readers of one run that is under way: memory, and the time from a commit to each of them."""
    engine = make_engine(ground.stack.environment["DATABASE_URL"])
    run = await _run_under_way(engine, web)
    before = web.process.memory_info().rss
    seen: list[float] = []
    waiting = asyncio.Semaphore(0)

    async def read(session: aiohttp.ClientSession) -> None:
        async with session.get(
            f"{web.url}/api/v1/runs/{run.id}/events", timeout=aiohttp.ClientTimeout(None)
        ) as stream:
            async for line in stream.content:
                if line.startswith(b"event:"):
                    seen.append(time.perf_counter())
                    waiting.release()

    async with _session(web, connections=READERS + 10) as session:
        readers = [asyncio.create_task(read(session)) for _ in range(READERS)]
        waits: list[float] = []
        for number in range(1, 12):
            seen.clear()
            committed = await _tell(engine, run, number)
            for _ in range(READERS):
                await waiting.acquire()
            waits += [at - committed for at in seen] if number > 1 else []
        memory = (web.process.memory_info().rss - before) / 2**20
        for reader in readers:
            reader.cancel()
        await asyncio.gather(*readers, return_exceptions=True)
    await engine.dispose()
    waits.sort()
    return [
        Figure(f"memory of {READERS} readers of events", memory, "MB", "≤ 60 MB"),
        Figure(f"commit to the median of {READERS} readers", p50(waits) * 1e3, "ms", "≤ 50 ms"),
        Figure(f"commit to the last of {READERS} readers", waits[-1] * 1e3, "ms", "-"),
    ]


async def _run_under_way(engine: Any, web: Web) -> Run:
    """A run that nobody works on and that does not end: its place in line is an hour away."""
    async with system_transaction(engine) as session:
        skill = await session.scalar(text("SELECT id FROM skills LIMIT 1"))
        run = Run(
            user_id=web.user_id, requested_by="bench", origin_key="bench:readers", skill_id=skill, source="api",
            user_message="x", output_type="x", output_label="x",
        )  # fmt: skip
        run.available_at += timedelta(hours=1)
        session.add(run)
    return run


async def _tell(engine: Any, run: Run, seq: int) -> float:
    """Commit an event; when that was."""
    async with system_transaction(engine) as session:
        session.add(RunEvent(user_id=run.user_id, run_id=run.id, seq=seq, kind="tool"))
    return time.perf_counter()


async def _crowd(web: Web) -> list[Figure]:
    """Mixed reads at a fixed rate, each sent when its time has come, whatever the others do."""
    async with _session(web) as session:
        async with session.get(f"{web.url}/api/v1/runs?limit=1") as answer:
            run = (await answer.json())["data"][0]["id"]
        paths = ["/runs", "/skills/copywriting", f"/runs/{run}", "/clients/yaz-automate", "/outputs"]
        times: list[float] = []
        failures = 0

        async def ask(path: str) -> None:
            nonlocal failures
            started = time.perf_counter()
            try:
                async with session.get(f"{web.url}/api/v1{path}") as answer:
                    await answer.read()
                    failures += answer.status != 200
            except aiohttp.ClientError:
                failures += 1
            times.append(time.perf_counter() - started)

        cpu, started = _cpu(web.process), time.perf_counter()
        asked: set[asyncio.Task[None]] = set()
        for number in range(CROWD_RATE * CROWD_SECONDS):
            await asyncio.sleep(max(started + number / CROWD_RATE - time.perf_counter(), 0))
            asked.add(asyncio.create_task(ask(paths[number % len(paths)])))
        await asyncio.gather(*asked)
        seconds = time.perf_counter() - started
    spent = _cpu(web.process) - cpu
    return [
        Figure("mixed reads, answered", len(times) / seconds, "a second", f"≥ {CROWD_RATE}", CROWD_RATE, "asked"),
        Figure("mixed reads, failed", failures, "of all", "0"),
        Figure("mixed reads, CPU of the web process each", spent / len(times) * 1e3, "ms", "≤ 2 ms"),
        Figure("mixed reads, p50", p50(times) * 1e3, "ms", "-"),
    ]


def _session(web: Web, connections: int = 64) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(
        headers={"Authorization": f"Bearer {web.key}"}, connector=aiohttp.TCPConnector(limit=connections)
    )


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


if __name__ == "__main__":
    sys.exit("Run it as: python -m bench http")
