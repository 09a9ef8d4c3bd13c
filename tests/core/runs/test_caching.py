"""The second run of a skill, for another client, reads the stable part of its prompt from the provider's cache."""

from anthropic import AsyncAnthropic

from core.agent.messages import MessagesAgent
from core.agent.task import AgentEvent, AgentTask
from core.runs.preparation import gather_material, prepare
from core.runtime import Runtime
from local.claude.client import ClaudeStandIn
from local.claude.server import running
from tests.core.runs.people import queued, somebody

BYTES_PER_TOKEN = 3  # as the stand-in counts
SHARE = 0.95


async def _task(runtime: Runtime, slug: str) -> AgentTask:
    run = await queued(runtime, await somebody(runtime, clients=(slug,)))
    return (await prepare(runtime, await gather_material(runtime, run))).task


async def _nothing(_: AgentEvent) -> None:
    return None


async def test_at_least_95_percent_of_the_stable_part_is_read_from_the_cache(runtime: Runtime) -> None:
    first, second = await _task(runtime, "yaz-automate"), await _task(runtime, "pellow-and-daughters")
    async with running(pace=0) as url:
        await ClaudeStandIn(url).script("<output># Done</output>")
        client = AsyncAnthropic(api_key="sk-ant-test", base_url=url, max_retries=0)
        agent = MessagesAgent(client)
        written = (await agent.run(first, _nothing)).usage
        read = (await agent.run(second, _nothing)).usage
        await client.close()
    stable = len(first.prompt.system[0].text.encode()) / BYTES_PER_TOKEN
    assert written.cache_read == 0
    assert written.cache_write >= stable
    assert read.cache_read >= SHARE * stable
