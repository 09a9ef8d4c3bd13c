"""An attempt and the lease that it is under."""

from typing import Any
from uuid import UUID

from anthropic import AsyncAnthropic

from core.agent.agents import Agents
from core.channel import ChannelState, Finished, Place
from core.runs.execution import Executor
from core.runs.leases import LeaseKeeper
from core.runs.plan import Ready
from core.runs.service import Shown
from core.runtime import Runtime
from local.claude.client import ClaudeStandIn
from local.claude.server import running
from storage.deliveries import DeliveryRepository
from storage.models import Delivery
from tests.core.runs.people import Somebody, somebody


class Slow:
    """A channel in which the worker's heart beats while an end is being shown."""

    def __init__(self, keeper: LeaseKeeper) -> None:
        self.shown: list[ChannelState] = []
        self._keeper = keeper

    def pace(self, _delivery: Delivery) -> float:
        return 0.0

    async def show(self, _delivery: Delivery, state: ChannelState) -> None:
        if isinstance(state, Finished):
            await self._keeper.beat()
            await self._keeper.beat()  # time for whoever has heard the first
        self.shown.append(state)

    async def announce(self, _place: Place, _news: Any) -> int:
        raise AssertionError


async def _shown_run(runtime: Runtime, who: Somebody) -> UUID:
    plan = await runtime.planner.plan(who.request())
    assert isinstance(plan, Ready)
    async with runtime.unit(who.account.user_id) as unit:
        run = (await unit.runs.start(plan, Shown(who.place, 7))).run
    return run.id


async def test_a_heartbeat_while_the_end_is_shown_is_no_lost_lease(runtime: Runtime) -> None:
    run_id = await _shown_run(runtime, await somebody(runtime))
    keeper = LeaseKeeper(runtime.engine, lease_seconds=10, heartbeat_seconds=1000)
    channel = Slow(keeper)
    async with running(pace=0) as url:
        await ClaudeStandIn(url).script("<output># Done</output>")
        client = AsyncAnthropic(api_key="sk-ant-test", base_url=url, max_retries=0)
        agents = Agents(runtime.settings, client)
        executor = Executor(runtime, agents=agents, channels={"telegram": channel}, leases=keeper, worker="test")
        await executor.execute(run_id, 1)
        await agents.close()
        await client.close()
    assert [state for state in channel.shown if isinstance(state, Finished)]
    async with runtime.system_unit() as unit:
        assert await DeliveryRepository(unit.session).working(run_id) == []
