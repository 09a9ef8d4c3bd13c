"""One stand-in for all tests, made empty for each, and a real client of it."""

from collections.abc import AsyncIterator

import anthropic
import pytest

from local.claude.client import ClaudeStandIn
from local.claude.server import running

WRONG_KEY = "sk-ant-wrong"


@pytest.fixture(scope="session")
async def url() -> AsyncIterator[str]:
    async with running(pace=0, wrong_keys=[WRONG_KEY]) as url:
        yield url


@pytest.fixture
async def claude(url: str) -> AsyncIterator[ClaudeStandIn]:
    claude = ClaudeStandIn(url)
    await claude.reset()
    yield claude
    await claude.reset()


@pytest.fixture
async def api(claude: ClaudeStandIn) -> AsyncIterator[anthropic.AsyncAnthropic]:
    async with anthropic.AsyncAnthropic(api_key="sk-ant-test", base_url=claude.url, max_retries=0) as api:
        yield api
