"""What the benchmarks stand on: the real servers in a folder of their own, and the product as processes."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from local.claude.client import ClaudeStandIn
from local.harness import Process, Stack, open_stack
from local.servers import Postgres, SeaweedFS, Valkey, start_all, stop_all
from local.telegram.client import Person, Telegram

LIMITS = {"RUNS_PER_USER": "100", "RUNS_PER_SKILL": "200", "RUNS_PER_WORKER": "100"}


@dataclass(frozen=True)
class Ground:
    """A running stack with one person who has the example client."""

    stack: Stack
    telegram: Telegram
    claude: ClaudeStandIn
    person: Person


@asynccontextmanager
async def ground() -> AsyncIterator[Ground]:
    """Servers as they run in earnest (with fsync), stand-ins, a web process and a worker."""
    folder = Path(tempfile.mkdtemp(prefix="marketing-agent-bench-"))
    postgres, valkey, objects = (
        Postgres(folder / "postgres"),
        Valkey(folder / "valkey"),
        SeaweedFS(folder / "seaweedfs"),
    )
    servers = [postgres, valkey, objects]
    await asyncio.to_thread(start_all, servers)
    try:
        environment = {
            **postgres.environment,
            **valkey.environment,
            **objects.environment,
            "KEY_PEPPER": "a pepper for benchmarks",
            "TELEGRAM_BOT_TOKEN": "100001:a-token-for-benchmarks",
            "LOG_LEVEL": "WARNING",
            **LIMITS,
        }
        stack = await open_stack(environment, folder)
        try:
            await _prepare(stack)
            await asyncio.gather(stack.start_web(LOG_LEVEL="INFO"), stack.start_worker(LOG_LEVEL="INFO"))
            async with Telegram(stack.telegram_url) as telegram:
                await telegram.admin.limits(private_per_second=1000.0, private_burst=1000.0)
                person = await telegram.person("maya")
                await person.start()
                await person.wait_for(lambda m: "Welcome" in m.text, timeout=30)
                yield Ground(stack, telegram, ClaudeStandIn(stack.claude_url), person)
        finally:
            await stack.close()
    finally:
        await asyncio.to_thread(stop_all, servers)
        shutil.rmtree(folder, ignore_errors=True)


async def _prepare(stack: Stack) -> None:
    for name, *arguments in (
        ("migrate", "alembic", "upgrade", "head"),
        ("library", "core.library", "sync", "library"),
    ):
        process = await Process.start(name, *arguments, environment=stack.environment)
        if await process.ended(120) != 0:
            raise RuntimeError("\n".join(process.lines))
