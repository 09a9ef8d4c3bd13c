"""One running product for all e2e tests; each test speaks as a person of its own."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from itertools import count
from pathlib import Path

import pytest

from local.claude.client import ClaudeStandIn
from local.harness import Stack, open_stack
from local.telegram.client import Person, Telegram
from tests.conftest import Servers
from tests.forks import Fork

_people = count(1)
PersonMaker = Callable[[], Awaitable[Person]]


@pytest.fixture(scope="session")
async def stack(servers: Servers) -> AsyncIterator[Stack]:
    """Stand-ins, one web process and one worker."""
    folder = Path(tempfile.mkdtemp(prefix="marketing-agent-e2e-"))
    stack = await open_stack(
        servers.environment(servers.fresh_database(), redis_number=2), folder, start=Fork.start
    )
    try:
        await asyncio.gather(stack.start_web(), stack.start_worker())
        yield stack
    finally:
        await stack.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def telegram(stack: Stack) -> AsyncIterator[Telegram]:
    """The Telegram stand-in."""
    async with Telegram(stack.telegram_url) as opened:
        yield opened


@pytest.fixture
def claude(stack: Stack) -> ClaudeStandIn:
    """The Claude stand-in. Its scripts are for all: match them to a word that only your test says."""
    return ClaudeStandIn(stack.claude_url)


@pytest.fixture
async def stranger(telegram: Telegram) -> Person:
    """Somebody whom the bot has never seen."""
    number = next(_people)
    return await telegram.admin.add_person(f"person{number}", f"Person{number}")


@pytest.fixture
async def person(stranger: Person) -> Person:
    """Somebody with an account and the example client."""
    await stranger.start()
    await stranger.wait_for(lambda message: "Welcome" in message.text, timeout=20)
    return stranger


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the processes said when a test fails."""
    report = yield
    stack = getattr(item, "funcargs", {}).get("stack")
    if isinstance(stack, Stack) and report.failed:
        report.sections.append(("processes", stack.said()))
    return report
