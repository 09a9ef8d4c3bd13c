"""Which road a task takes."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from anthropic import AsyncAnthropic

from core.agent.agents import Agents
from core.agent.circuit import FAILURES_IN_A_ROW
from core.agent.failures import AgentCredentialsError, AgentInvalidRequestError, AgentOverloadedError
from core.settings import Settings
from local.claude.client import ClaudeStandIn
from tests.core.agent.conftest import KEY, TASK, Heard

REQUIRED = {
    "DATABASE_URL": "postgresql://none",
    "REDIS_URL": "redis://none",
    "S3_BUCKET": "none",
    "S3_ACCESS_KEY_ID": "none",
    "S3_SECRET_ACCESS_KEY": "none",
    "TELEGRAM_BOT_TOKEN": "none",
    "KEY_PEPPER": "a pepper for tests only",
    "ANTHROPIC_API_KEY": KEY,
}


@asynccontextmanager
async def open_agents(monkeypatch: pytest.MonkeyPatch, url: str, key: str | None = KEY) -> AsyncIterator[Agents]:
    for name, value in REQUIRED.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ANTHROPIC_BASE_URL", url)
    client = AsyncAnthropic(api_key=key, base_url=url, max_retries=0) if key else None
    agents = Agents(Settings(_env_file=None), client)
    try:
        yield agents
    finally:
        await agents.close()
        if client:
            await client.close()


async def test_takes_the_short_road_without_tools_and_the_long_one_with(
    claude: ClaudeStandIn, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    await claude.script("<output># Page</output>")
    async with open_agents(monkeypatch, claude.url) as agents:
        for tools in ((), ("Read",)):
            await agents.run(replace(TASK, tools=tools), heard)

    short, long = await claude.requests()
    assert not short.call.tools
    assert [tool["name"] for tool in long.call.tools] == ["Read"]


async def test_without_a_key_every_task_fails_in_words_of_its_own(
    claude: ClaudeStandIn, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_agents(monkeypatch, claude.url, key=None) as agents:
        with pytest.raises(AgentCredentialsError):
            await agents.run(TASK, heard)


async def test_leaves_a_model_alone_that_failed_five_times(
    claude: ClaudeStandIn, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    await claude.script({"error": 529, "retry_after": 60})
    async with open_agents(monkeypatch, claude.url) as agents:
        for _ in range(FAILURES_IN_A_ROW + 3):
            with pytest.raises(AgentOverloadedError) as failed:
                await agents.run(TASK, heard)
        wait = agents.circuit.allowed(TASK.model)

    assert failed.value.retry_after == pytest.approx(wait, abs=1)
    assert len(await claude.requests()) == FAILURES_IN_A_ROW


async def test_a_tool_that_there_is_not_is_an_invalid_request(
    claude: ClaudeStandIn, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_agents(monkeypatch, claude.url) as agents:
        with pytest.raises(AgentInvalidRequestError):
            await agents.run(replace(TASK, tools=("Bash",)), heard)

    assert await claude.requests() == []


async def test_fifty_streams_at_once_share_one_process(
    claude: ClaudeStandIn, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    await claude.script({"text": "word " * 100, "duration": 0.3})
    async with open_agents(monkeypatch, claude.url) as agents:
        results = await asyncio.gather(*(agents.run(TASK, heard) for _ in range(50)))

    assert len({result.text for result in results}) == 1


def test_the_agent_sdk_is_not_loaded_before_it_is_needed() -> None:
    code = "import sys, core.agent.agents, core.agent.task; sys.exit('claude_agent_sdk' in sys.modules)"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": "."}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
