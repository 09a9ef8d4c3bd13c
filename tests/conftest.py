"""What every test stands on: the real servers, started once, and a database of its own where it needs one."""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import alembic.command
import alembic.config
import pytest

from core import garbage
from core.library.folder import read_library
from core.library.sync import sync_library
from core.runtime import Runtime, open_runtime
from core.settings import Settings
from local.servers import Database, Postgres, SeaweedFS, Valkey, start_all, stop_all

ROOT = Path(__file__).parents[1]
WALKS = ROOT / "tests" / "e2e"
PEPPER = "a pepper for tests only"
TEMPLATE = "migrated"
_numbers = count(1)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the long tests and then the other walks, which wait much: who runs the rest fills the gaps.

    Of two processes, one begins at the start of the list and the other in its middle; who has done its half takes
    half of what is left of the other's, from the end. Inside each kind the order stays random.
    """

    def place(item: pytest.Item) -> int:
        if item.get_closest_marker("long"):
            return 0
        return 1 if WALKS in item.path.parents else 2

    items.sort(key=place)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """Collect garbage from here on, and seldom: what the tests have imported is a million objects that stay."""
    garbage.settle()


@dataclass(frozen=True)
class Servers:
    """The three servers, and a template database that has the migrations and the library in it."""

    postgres: Postgres
    valkey: Valkey
    objects: SeaweedFS
    names: dict[str, int] = field(default_factory=dict)

    def environment(self, database: Database, *, redis_number: int = 0) -> dict[str, str]:
        """The settings of a product that uses this database and this of Valkey's 16 numbered spaces."""
        return {
            **self.objects.environment,
            "DATABASE_URL": database.url,
            "MIGRATIONS_DATABASE_URL": database.owner_url,
            "REDIS_URL": f"{self.valkey.url.rsplit('/', 1)[0]}/{redis_number}",
            "KEY_PEPPER": PEPPER,
            "TELEGRAM_BOT_TOKEN": "100001:a-token-for-tests-only",
            "LOG_FORMAT": "console",
        }

    def fresh_database(self) -> Database:
        """A copy of the template, which nobody else uses."""
        return self.postgres.create_database(f"copy_{next(_numbers)}", template=TEMPLATE)


def run_module(
    *arguments: str, environment: dict[str, str], check: bool = True
) -> subprocess.CompletedProcess[str]:
    """Run `python -m …` of the product with exactly these settings."""
    return subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "HOME": os.environ.get("HOME", "/"),
            **environment,
        },
        capture_output=True,
        text=True,
        check=check,
        timeout=60,
    )


def migrate(patch: pytest.MonkeyPatch, environment: dict[str, str], command: str, revision: str) -> None:
    """Run one Alembic command in this process, with these settings."""
    for name, value in environment.items():
        patch.setenv(name, value)
    getattr(alembic.command, command)(alembic.config.Config(ROOT / "alembic.ini"), revision)


async def _fill(settings: Settings) -> None:
    """Bring the library to the template database and the bucket."""
    async with open_runtime(settings) as runtime:
        await sync_library(runtime, read_library(ROOT / "library"))


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """PostgreSQL, Valkey and SeaweedFS, with a template database.

    Not under pytest's own temporary folder: each start of pytest closes that to other accounts, and PostgreSQL runs
    under one where we are root.
    """
    folder = Path(tempfile.mkdtemp(prefix="marketing-agent-tests-"))
    postgres, valkey = Postgres(folder / "postgres", fast=True), Valkey(folder / "valkey")
    objects = SeaweedFS(folder / "seaweedfs")
    start_all([postgres, valkey, objects])
    try:
        servers = Servers(postgres, valkey, objects)
        template = postgres.create_database(TEMPLATE)
        with pytest.MonkeyPatch.context() as patch:
            migrate(patch, servers.environment(template), "upgrade", "head")
            asyncio.run(_fill(Settings(_env_file=None)))
        yield servers
    finally:
        stop_all([postgres, valkey, objects])
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
async def runtime(servers: Servers) -> AsyncIterator[Runtime]:
    """A Runtime with the library loaded. Tests share it, and each makes users of its own."""
    async with open_copy(servers, redis_number=1) as opened:
        yield opened


@pytest.fixture
async def fresh_runtime(servers: Servers) -> AsyncIterator[Runtime]:
    """A Runtime on a database of its own, for tests that look at everything or change the library."""
    async with open_copy(servers, redis_number=5) as opened:
        yield opened


@asynccontextmanager
async def open_copy(servers: Servers, *, redis_number: int) -> AsyncIterator[Runtime]:
    """A Runtime on a copy of the template, with this of Valkey's numbered spaces to itself."""
    database = await asyncio.to_thread(servers.fresh_database)
    environment = servers.environment(database, redis_number=redis_number)
    values: dict[str, Any] = {name.lower(): value for name, value in environment.items()}
    settings = Settings(_env_file=None, database_pool_size=5, **values)
    async with open_runtime(settings) as opened:
        await opened.redis.flushdb()
        await opened.catalogue.refresh()
        yield opened
