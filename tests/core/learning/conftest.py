"""A product of its own with a stand-in for Claude, and a past that a rule can be tested on."""

from collections.abc import AsyncIterator

import pytest
from anthropic import AsyncAnthropic
from sqlalchemy import text

from core.agent.agents import Agents
from core.runtime import Runtime
from local.claude.client import ClaudeStandIn
from local.claude.server import running
from tests.conftest import Servers, open_copy


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


@pytest.fixture(scope="session")
async def world(servers: Servers) -> AsyncIterator[Runtime]:
    async with open_copy(servers, redis_number=6) as opened:
        yield opened


@pytest.fixture
async def learner(world: Runtime, api: AsyncAnthropic) -> AsyncIterator[Runtime]:
    """A Runtime that asks the stand-in, with nobody and nothing in its database but what was shipped."""
    async with world.system_unit() as unit:
        for forget in (
            "rule_versions WHERE origin <> 'shipped'",
            "rule_proposals",
            "learning_costs",
            "outbox",
            "users",
        ):
            await unit.session.execute(text(f"DELETE FROM {forget}"))  # noqa: S608 - the words stand above
    await world.redis.flushdb()
    await world.catalogue.refresh()
    settings, world.claude = world.settings, api
    yield world
    world.settings, world.claude = settings, None


@pytest.fixture
async def agents(learner: Runtime) -> AsyncIterator[Agents]:
    agents = Agents(learner.settings, learner.claude)
    yield agents
    await agents.close()
