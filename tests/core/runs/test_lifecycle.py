"""The state machine of a run: each change happens once, whoever tries it, and however often."""

import asyncio
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import text

from core.errors import NotFoundError
from core.runs.plan import Ready
from core.runs.sweeper import sweep
from core.runtime import Runtime
from storage.models import Run
from storage.runs import RunRepository, Spending
from tests.core.runs.people import Somebody, queued, somebody, status_of

LEASE = timedelta(seconds=10)
SPENT = Spending(100, 20, 5, 1, Decimal("0.0125"))


async def _claim(
    runtime: Runtime, run: Run, *, attempt: int = 1, per_user: int = 10, per_skill: int = 50
) -> Run | None:
    async with runtime.system_unit() as unit:
        return await RunRepository(unit.session).claim(
            run.id, attempt, worker="test", lease=LEASE, per_user=per_user, per_skill=per_skill
        )


async def _expire(runtime: Runtime, run: Run) -> None:
    async with runtime.system_unit() as unit:
        await unit.session.execute(
            text("UPDATE runs SET lease_until = now() - interval '1 second' WHERE id = :id"), {"id": run.id}
        )


async def test_one_origin_starts_one_run(runtime: Runtime) -> None:
    who = await somebody(runtime)
    plan = await runtime.planner.plan(who.request())
    assert isinstance(plan, Ready)

    async def start() -> tuple[Run, bool]:
        async with runtime.unit(who.account.user_id) as unit:
            started = await unit.runs.start(plan, None)
        return started.run, started.fresh

    ends = await asyncio.gather(*(start() for _ in range(5)))
    assert len({run.id for run, _ in ends}) == 1
    assert [fresh for _, fresh in ends].count(True) == 1


async def test_of_many_claims_one_succeeds(runtime: Runtime) -> None:
    run = await queued(runtime, await somebody(runtime))
    claims = await asyncio.gather(*(_claim(runtime, run) for _ in range(5)))
    held = [claimed for claimed in claims if claimed is not None]
    assert len(held) == 1
    assert held[0].status == "running"
    assert held[0].fence == 1
    assert await _claim(runtime, run, attempt=2) is None


async def test_a_lost_fence_writes_nothing(runtime: Runtime) -> None:
    run = await queued(runtime, await somebody(runtime))
    held = await _claim(runtime, run)
    assert held is not None
    await _expire(runtime, held)
    await sweep(runtime)
    again = await _claim(runtime, run, attempt=2)
    assert again is not None
    async with runtime.system_unit() as unit:
        runs = RunRepository(unit.session)
        assert not await runs.finish(run.id, held.fence, "completed")
        assert await runs.renew([(run.id, held.fence)], LEASE) == {}
        assert await runs.finish(run.id, again.fence, "completed")
        assert not await runs.finish(run.id, again.fence, "failed")
    assert await status_of(runtime, run.id) == "completed"


async def test_a_silent_worker_loses_its_run_and_after_three_it_fails(runtime: Runtime) -> None:
    run = await queued(runtime, await somebody(runtime))
    for attempt in (1, 2, 3):
        assert await _claim(runtime, run, attempt=attempt) is not None
        await _expire(runtime, run)
        await sweep(runtime)
    async with runtime.system_unit() as unit:
        ended = await unit.runs.get(run.id)
        attempts = await RunRepository(unit.session).attempts(run.id)
    assert (ended.status, ended.error_code) == ("failed", "worker-lost")
    assert [attempt.outcome for attempt in attempts] == ["lost", "lost", "lost"]


async def test_two_sweepers_at_once_take_a_run_back_once(runtime: Runtime) -> None:
    run = await queued(runtime, await somebody(runtime))
    await _claim(runtime, run)
    await _expire(runtime, run)
    await asyncio.gather(*(sweep(runtime) for _ in range(4)))
    async with runtime.system_unit() as unit:
        assert (await unit.runs.get(run.id)).attempt == 2


async def test_limits_hold_for_a_person_and_a_skill(runtime: Runtime) -> None:
    who = await somebody(runtime)
    first, second = await queued(runtime, who), await queued(runtime, who)
    assert await _claim(runtime, first, per_user=1) is not None
    assert await _claim(runtime, second, per_user=1) is None
    assert await _claim(runtime, second, per_skill=1) is None
    assert await status_of(runtime, second.id) == "queued"


async def test_claims_at_once_keep_to_the_limit(runtime: Runtime) -> None:
    who = await somebody(runtime)
    runs = [await queued(runtime, who) for _ in range(6)]
    claims = await asyncio.gather(*(_claim(runtime, run, per_user=2) for run in runs))
    assert sum(claimed is not None for claimed in claims) == 2


async def test_a_run_in_line_is_cancelled_at_once_and_one_at_work_is_asked(runtime: Runtime) -> None:
    who = await somebody(runtime)
    waiting, working = await queued(runtime, who), await queued(runtime, who)
    held = await _claim(runtime, working)
    assert held is not None
    async with runtime.unit(who.account.user_id) as unit:
        assert await unit.runs.cancel(waiting.id) == "cancelled"
        assert await unit.runs.cancel(waiting.id) == "cancelled"
        assert await unit.runs.cancel(working.id) == "running"
    async with runtime.system_unit() as unit:
        assert await RunRepository(unit.session).renew([(working.id, held.fence)], LEASE) == {working.id: True}
    assert await _claim(runtime, waiting) is None


async def test_the_sums_of_a_run_are_those_of_its_attempts(runtime: Runtime) -> None:
    run = await queued(runtime, await somebody(runtime))
    for attempt in (1, 2):
        held = await _claim(runtime, run, attempt=attempt)
        assert held is not None
        async with runtime.system_unit() as unit:
            runs = RunRepository(unit.session)
            await runs.end_attempt(run.id, attempt, "failed", SPENT)
            await runs.requeue(run.id, held.fence, delay=timedelta(0))
    async with runtime.system_unit() as unit:
        ended = await unit.runs.get(run.id)
        attempts = await RunRepository(unit.session).attempts(run.id)
    assert ended.tokens_used == 2 * SPENT.tokens == 252
    assert ended.cost_usd == sum(attempt.cost_usd for attempt in attempts) == Decimal("0.025")


async def test_nobody_else_sees_stops_or_retries_a_run(runtime: Runtime) -> None:
    run = await queued(runtime, await somebody(runtime))
    stranger: Somebody = await somebody(runtime, clients=())
    async with runtime.unit(stranger.account.user_id) as unit:
        for attempt in (unit.runs.get(run.id), unit.runs.cancel(run.id)):
            with pytest.raises(NotFoundError):
                await attempt
    assert await status_of(runtime, run.id) == "queued"


async def test_a_rolled_back_start_leaves_nothing_in_the_queue(runtime: Runtime) -> None:
    who = await somebody(runtime)
    plan = await runtime.planner.plan(who.request())
    assert isinstance(plan, Ready)
    before = await runtime.queue.length()

    async def start_and_fail() -> None:
        async with runtime.unit(who.account.user_id) as unit:
            await unit.runs.start(plan, None)
            raise RuntimeError("changed my mind")

    with pytest.raises(RuntimeError, match="changed my mind"):
        await start_and_fail()
    assert await runtime.queue.length() == before
    async with runtime.unit(who.account.user_id) as unit:
        assert await unit.runs.active(who.account.user_id) == []
