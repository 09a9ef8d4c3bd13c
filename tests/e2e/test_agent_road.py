"""The road through the Agent SDK, with its real command line: searches are seen, nothing outlives the worker."""

import asyncio
import shutil
import tempfile
from pathlib import Path

import psutil
import pytest

from local.claude.client import ClaudeStandIn
from local.harness import open_stack
from local.telegram.client import Person, Telegram
from tests.conftest import Servers
from tests.forks import Fork

QUICK = {"RUN_LEASE_SECONDS": "4", "HEARTBEAT_SECONDS": "1"}  # a dead worker is missed sooner than in earnest
RESEARCH = "<output>\n# Who competes\n\n| Name | Price |\n|---|---|\n| Acme | $99 |\n</output>"


async def test_research_searches_and_ends_in_the_same_message(person: Person, claude: ClaudeStandIn) -> None:
    await claude.script(
        {"tool_use": "WebSearch", "input": {"query": "clinic automation"}},
        {"delay": 4.0},
        RESEARCH,
        user="the copper valley",
    )
    await person.send("/competitor_research for Yaz Automate, the copper valley")
    working = await person.wait_for(lambda m: m.text.startswith("Working on"))
    searching = await person.wait_for(lambda m: "Searching the web" in m.text, timeout=30)
    assert searching.id == working.id
    ready = await person.wait_for(lambda m: "is ready!" in m.text, timeout=60)
    assert ready.id == working.id
    assert "Searching the web: clinic automation" in searching.text
    assert "Acme" in ready.text
    asked = [r for r in await claude.requests() if "the copper valley" in str(r.body)]
    offered = {tool.get("name") for tool in asked[0].body.get("tools", [])}
    assert not offered & {"Bash", "Edit", "Task", "Glob", "Grep"}


def _agents_of(worker: int) -> list[psutil.Process]:
    try:
        return psutil.Process(worker).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


@pytest.mark.long
async def test_a_worker_killed_with_an_agent_at_work_leaves_no_process_and_the_run_ends_once(
    servers: Servers,
) -> None:
    folder = Path(tempfile.mkdtemp(prefix="marketing-agent-frail-"))
    stack = await open_stack(
        {**servers.environment(servers.fresh_database(), redis_number=4), **QUICK}, folder, start=Fork.start
    )
    claude = ClaudeStandIn(stack.claude_url)
    try:
        async with Telegram(stack.telegram_url) as telegram:
            _, worker = await asyncio.gather(stack.start_web(), stack.start_worker())
            person = await telegram.person("maya")
            await person.start()
            await person.wait_for(lambda m: "Welcome" in m.text, timeout=20)
            await claude.script({"hang": True}, user="the iron hill", times=1)
            await claude.script(RESEARCH, user="the iron hill")
            await person.send("/competitor_research for Yaz Automate, the iron hill")
            await claude.wait_for_request(lambda r: "the iron hill" in str(r.body), timeout=30)
            agents = _agents_of(worker.pid)
            assert agents
            worker.kill()
            await worker.ended()
            _, alive = await asyncio.to_thread(psutil.wait_procs, agents, 10)
            assert alive == []
            await stack.start_worker()
            ready = await person.wait_for(lambda m: "is ready!" in m.text, timeout=60)
            states = await person.history(ready)
            assert sum("is ready!" in state.text for state in states) == 1
    finally:
        await stack.close()
        shutil.rmtree(folder, ignore_errors=True)
