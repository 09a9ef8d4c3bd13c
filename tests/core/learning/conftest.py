"""A product of its own with a stand-in for Claude, and a past that a rule can be tested on."""

from collections.abc import AsyncIterator

import pytest
from anthropic import AsyncAnthropic

from core.runtime import Runtime
from local.claude.client import ClaudeStandIn
from local.claude.server import running


@pytest.fixture(scope="session")
async def url() -> AsyncIterator[str]:
    async with running(pace=0) as url:
        yield url


@pytest.fixture
async def claude(url: str) -> AsyncIterator[ClaudeStandIn]:
    claude = ClaudeStandIn(url)
    await claude.reset()
    yield claude
    await claude.reset()


@pytest.fixture
async def api(claude: ClaudeStandIn) -> AsyncIterator[AsyncAnthropic]:
    async with AsyncAnthropic(api_key="sk-ant-test", base_url=claude.url, max_retries=0) as api:
        yield api


@pytest.fixture
async def learner(fresh_runtime: Runtime, api: AsyncAnthropic) -> Runtime:
    """A Runtime on a database of its own, which asks the stand-in."""
    fresh_runtime.claude = api
    return fresh_runtime
