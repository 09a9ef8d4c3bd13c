"""Processes killed with -9, stores emptied and restarted: a run still ends once, with one final edit."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import text

from local.claude.client import ClaudeStandIn
from local.harness import Process, Stack, open_stack
from local.servers import Postgres, Valkey
from local.telegram.client import Message, Person, Telegram
from storage.database import make_engine, system_transaction
from tests.conftest import Servers, migrate
from tests.forks import Fork

PIECE = "<output>\n# A page\n\nThe words of the page.\n</output>"
REQUEST = "Write homepage copy for Yaz Automate"
QUICK = {"RUN_LEASE_SECONDS": "4", "HEARTBEAT_SECONDS": "1"}  # a dead worker is missed sooner than in earnest


@pytest.fixture
async def frail(servers: Servers) -> AsyncIterator[Stack]:
    """A stack of its own, that a test may break."""
    folder = Path(tempfile.mkdtemp(prefix="marketing-agent-frail-"))
    stack = await open_stack(
        {**servers.environment(servers.fresh_database(), redis_number=3), **QUICK}, folder, start=Fork.start
    )
    try:
        yield stack
    finally:
        await stack.close()
        shutil.rmtree(folder, ignore_errors=True)


async def _person(telegram: Telegram) -> Person:
    person = await telegram.admin.add_person("maya2", "Maya")
    await person.start()
    await person.wait_for(lambda m: "Welcome" in m.text, timeout=20)
    return person


async def _ends_once(person: Person, ready: Message, stack: Stack) -> None:
    """One message, one edit that says ready, one completed run, one output."""
    states = await person.history(ready)
    assert sum("is ready!" in state.text for state in states) == 1
    placeholders = [m for m in await person.messages() if m.from_bot and "homepage copy" in m.text.lower()]
    assert len(placeholders) == 1
    engine = make_engine(stack.environment["DATABASE_URL"], pool_size=0)
    try:
        async with system_transaction(engine) as session:
            runs = (await session.execute(text("SELECT status, count(*) FROM runs GROUP BY 1"))).all()
            outputs = (await session.execute(text("SELECT count(*) FROM outputs"))).scalar_one()
    finally:
        await engine.dispose()
    assert [tuple(row) for row in runs] == [("completed", 1)]
    assert outputs == 1


async def test_a_worker_killed_in_the_middle_of_a_run(frail: Stack) -> None:
    claude = ClaudeStandIn(frail.claude_url)
    async with Telegram(frail.telegram_url) as telegram:
        _, worker = await asyncio.gather(frail.start_web(), frail.start_worker())
        person = await _person(telegram)
        await claude.script({"hang": True}, user="homepage", times=1)
        await claude.script(PIECE, user="homepage")
        await person.send(REQUEST)
        await claude.wait_for_request(lambda r: "homepage" in str(r.body))
        worker.kill()
        await worker.ended()
        await frail.start_worker()
        ready = await person.wait_for(lambda m: "is ready!" in m.text, timeout=30)
        await _ends_once(person, ready, frail)


async def test_a_web_process_killed_while_a_run_is_at_work_and_with_an_update_in_hand(frail: Stack) -> None:
    claude = ClaudeStandIn(frail.claude_url)
    async with Telegram(frail.telegram_url) as telegram:
        web, _ = await asyncio.gather(frail.start_web(), frail.start_worker())
        person = await _person(telegram)
        await claude.script({"delay": 2.0}, PIECE, user="homepage")
        await person.send(REQUEST)
        await claude.wait_for_request(lambda r: "homepage" in str(r.body))
        web.kill()
        await web.ended()
        ready = await person.wait_for(lambda m: "is ready!" in m.text, timeout=30)
        await _ends_once(person, ready, frail)
        await person.tap(ready, "5")
        await frail.start_web()
        await person.wait_for(lambda m: "Thanks for the feedback" in m.text, timeout=30)


async def test_valkey_emptied_while_a_run_waits_and_another_is_at_work(frail: Stack, servers: Servers) -> None:
    claude = ClaudeStandIn(frail.claude_url)
    async with Telegram(frail.telegram_url) as telegram:
        await frail.start_web()
        person = await _person(telegram)
        await claude.script(PIECE, user="homepage")
        await person.send(REQUEST)
        await person.wait_for(lambda m: m.labels == ["Stop"])
        servers.valkey.flush()
        await frail.start_worker()
        ready = await person.wait_for(lambda m: "is ready!" in m.text, timeout=30)
        await _ends_once(person, ready, frail)


@pytest.mark.long
async def test_stores_killed_and_started_again_in_the_middle_of_a_run(servers: Servers) -> None:
    folder = Path(tempfile.mkdtemp(prefix="marketing-agent-frail-"))
    postgres, valkey = Postgres(folder / "postgres", fast=True), Valkey(folder / "valkey")
    await asyncio.gather(asyncio.to_thread(postgres.start), asyncio.to_thread(valkey.start))
    stack: Stack | None = None
    try:
        environment = {**servers.environment(postgres.database), "REDIS_URL": valkey.url}
        with pytest.MonkeyPatch.context() as patch:
            await asyncio.to_thread(migrate, patch, environment, "upgrade", "head")
        stack = await open_stack(environment, folder, start=Fork.start)
        await _copy_library(stack)
        claude = ClaudeStandIn(stack.claude_url)
        async with Telegram(stack.telegram_url) as telegram:
            web, worker = await asyncio.gather(stack.start_web(), stack.start_worker())
            person = await _person(telegram)
            await claude.script({"delay": 4.0}, PIECE, user="homepage")
            await person.send(REQUEST)
            await claude.wait_for_request(lambda r: "homepage" in str(r.body))
            await asyncio.gather(asyncio.to_thread(postgres.restart), asyncio.to_thread(valkey.restart))
            ready = await person.wait_for(lambda m: "is ready!" in m.text, timeout=45)
            await _ends_once(person, ready, stack)
            await person.send("/status")
            await person.wait_for(lambda m: "Nothing is queued" in m.text, timeout=30)
        assert await web.stop() == 0
        assert await worker.stop() == 0
    finally:
        if stack is not None:
            await stack.close()
        await asyncio.gather(asyncio.to_thread(postgres.stop), asyncio.to_thread(valkey.stop))
        shutil.rmtree(folder, ignore_errors=True)


async def _copy_library(stack: Stack) -> None:
    sync = await Process.start(
        "library", "core.library", "sync", "library", environment=stack.environment, start=Fork.start
    )
    assert await sync.ended(60) == 0, sync.lines


async def test_a_deploy_hands_back_and_the_message_says_so(frail: Stack) -> None:
    claude = ClaudeStandIn(frail.claude_url)
    async with Telegram(frail.telegram_url) as telegram:
        _, worker = await asyncio.gather(frail.start_web(), frail.start_worker(DRAIN_SECONDS="1"))
        person = await _person(telegram)
        await claude.script({"hang": True}, user="homepage", times=1)
        await claude.script(PIECE, user="homepage")
        await person.send(REQUEST)
        await claude.wait_for_request(lambda r: "homepage" in str(r.body))
        assert await worker.stop() == 0
        told = await person.wait_for(lambda m: "another takes over" in m.text)
        assert "The server is being updated" in told.text
        await frail.start_worker()
        ready = await person.wait_for(lambda m: "is ready!" in m.text, timeout=30)
        await _ends_once(person, ready, frail)
