"""A walk goes from gate to gate, pays for no step twice, and takes each decision once."""

import asyncio
from decimal import Decimal

import pytest
import uuid_utils.compat as uuid
from sqlalchemy import text

from core.errors import NotFoundError, NothingToRunError, StepDecidedError
from core.runs.context import ForeignContextError
from core.runs.preparation import gather_material, prepare
from core.runs.sweeper import sweep
from core.runtime import Runtime
from core.workflows.sweeping import sweep_workflows
from storage.workflows import WorkflowRepository
from tests.core.workflows.conftest import COST, Walker, workflow

LINE = workflow(("write", []), ("edit", ["write"]), ("track", ["write", "edit"]))
FORK = workflow(("copy", []), ("test", ["copy"]), ("track", ["copy"]))


async def test_a_walk_goes_from_gate_to_gate(walker: Walker) -> None:
    await walker.start(LINE)
    assert await walker.states() == {"write": "running", "edit": "queued", "track": "queued"}
    await walker.end("write")
    assert await walker.states() == {"write": "awaiting_input", "edit": "queued", "track": "queued"}
    assert (await walker.card()).status == "awaiting_input"
    await walker.decide("approve", "write")
    await walker.end("edit")
    await walker.decide("skip", "edit")
    assert await walker.states() == {"write": "completed", "edit": "skipped", "track": "running"}
    await walker.end("track")
    await walker.decide("approve", "track")
    card = await walker.card()
    assert card.status == "completed"
    assert card.cost_usd == 3 * COST


async def test_a_step_is_given_what_it_uses_and_nothing_that_was_skipped(walker: Walker) -> None:
    await walker.start(LINE)
    await walker.end("write")
    await walker.decide("approve", "write")
    edit = (await walker.runs("edit"))[0]
    assert [piece.title for piece in (await gather_material(walker.runtime, edit)).earlier] == ["Write"]
    await walker.end("edit")
    await walker.decide("skip", "edit")
    track = (await walker.runs("track"))[0]
    assert [piece.title for piece in (await gather_material(walker.runtime, track)).earlier] == ["Write"]
    assert track.user_message == "Do track.\n\nThe brief for the whole of it:\nThe brief."


async def test_a_revision_is_a_run_of_the_same_step_on_its_last_version(walker: Walker) -> None:
    await walker.start(LINE)
    first = await walker.end("write")
    with pytest.raises(NothingToRunError):
        await walker.decide("revise", "write", comment="  ")
    await walker.decide("revise", "write", comment="Shorter", tries=1)
    revision = (await walker.runs("write"))[1]
    assert revision.user_message == "Shorter"
    assert revision.origin_key == f"workflow:{walker.walk_id}:write:2"
    async with walker.runtime.system_unit() as unit:
        assert revision.parent_output_id == (await unit.outputs.of_run(first.id))[0].id
    assert (await walker.states())["write"] == "running"
    await walker.end("write")
    with pytest.raises(StepDecidedError):
        await walker.decide("approve", "write", tries=1)  # the first version's button
    await walker.decide("approve", "write", tries=2)
    assert (await walker.states())["edit"] == "running"


async def test_independent_steps_run_at_the_same_time(walker: Walker) -> None:
    await walker.start(FORK)
    await walker.end("copy")
    await walker.decide("approve", "copy")
    assert await walker.states() == {"copy": "completed", "test": "running", "track": "running"}
    await walker.end("test")
    assert (await walker.card()).status == "running"
    await walker.end("track")
    await asyncio.gather(walker.decide("approve", "test"), walker.decide("approve", "track"))
    assert (await walker.card()).status == "completed"


async def test_two_taps_at_once_decide_once_and_a_late_one_is_stale(walker: Walker) -> None:
    await walker.start(LINE)
    await walker.end("write")
    taps = [walker.decide("approve", "write", tries=1) for _ in range(5)]
    ends = await asyncio.gather(*taps, return_exceptions=True)
    assert sum(end is None for end in ends) == 1
    assert sum(isinstance(end, StepDecidedError) for end in ends) == 4
    assert len(await walker.runs("edit")) == 1
    with pytest.raises(StepDecidedError):
        await walker.decide("skip", "write", tries=1)


async def test_stop_in_the_middle_of_two_parallel_steps(walker: Walker) -> None:
    await walker.start(FORK)
    await walker.end("copy")
    await walker.decide("approve", "copy")
    test = (await walker.runs("test"))[0]
    async with walker.runtime.system_unit() as unit:  # one is at work, the other in line
        await unit.session.execute(
            text("UPDATE runs SET status = 'running', fence = 1, lease_until = now() + '1 min' WHERE id = :id"),
            {"id": test.id},
        )
    await walker.decide("stop")
    assert await walker.states() == {"copy": "completed", "test": "running", "track": "cancelled"}
    async with walker.runtime.system_unit() as unit:
        assert (await unit.runs.get(test.id)).cancel_requested_at is not None
        await unit.session.execute(text("UPDATE runs SET status = 'cancelled' WHERE id = :id"), {"id": test.id})
    await sweep_workflows(walker.runtime)
    card = await walker.card()
    assert card.status == "cancelled"
    assert (await walker.states())["test"] == "cancelled"
    with pytest.raises(StepDecidedError):
        await walker.decide("stop")
    with pytest.raises(StepDecidedError):
        await walker.decide("retry", "test")


async def test_a_step_that_fails_three_times_is_skipped_or_stopped(walker: Walker) -> None:
    await walker.start(LINE)
    for number in range(1, 4):
        await walker.end("write", "failed")
        step = await walker.step("write")
        assert step.status == "failed"
        assert ("retry" in step.allowed) == (number < 3)
        if number < 3:
            await walker.decide("retry", "write")
    assert (await walker.card()).cost_usd == 3 * COST
    with pytest.raises(StepDecidedError):
        await walker.decide("retry", "write")
    await walker.decide("skip", "write")
    assert (await walker.states())["edit"] == "running"


async def test_a_failed_revision_leaves_the_version_before_it(walker: Walker) -> None:
    await walker.start(LINE)
    await walker.end("write")
    await walker.decide("revise", "write", comment="Shorter")
    await walker.end("write", "failed")
    assert (await walker.step("write")).allowed == {"approve", "retry", "skip"}
    await walker.decide("retry", "write")
    assert (await walker.runs("write"))[-1].user_message == "Shorter"
    await walker.end("write", "failed")
    await walker.decide("approve", "write")
    assert (await walker.states())["edit"] == "running"


async def test_what_a_crash_left_is_moved_on_by_the_sweeper_and_paid_once(walker: Walker) -> None:
    await walker.start(LINE)
    await walker.end("write", tell=False)
    assert (await walker.states())["write"] == "running"
    for _ in range(3):
        await sweep(walker.runtime)
    assert (await walker.states())["write"] == "awaiting_input"
    assert len(await walker.runs("write")) == 1
    assert (await walker.card()).cost_usd == COST


async def test_a_step_whose_run_was_stopped_waits_for_a_person(walker: Walker) -> None:
    await walker.start(LINE)
    run = (await walker.runs("write"))[0]
    async with walker.runtime.unit(walker.account.user_id) as unit:
        assert await unit.runs.cancel(run.id) == "cancelled"
    await sweep_workflows(walker.runtime)
    step = await walker.step("write")
    assert (step.status, step.error_code) == ("failed", "stopped")
    await walker.decide("retry", "write")
    assert (await walker.states())["write"] == "running"


async def test_asking_twice_starts_one_walk(walker: Walker) -> None:
    await walker.start(LINE, origin="telegram:1:0")
    first = walker.walk_id
    walker.walk_id = uuid.uuid7()
    await walker.start(LINE, origin="telegram:1:0")
    assert walker.walk_id == first
    assert len(await walker.runs("write")) == 1


async def test_steps_without_a_gate_follow_at_once(walker: Walker) -> None:
    await walker.start(workflow(("write", []), ("edit", ["write"]), gate="none"))
    await walker.end("write")
    assert await walker.states() == {"write": "completed", "edit": "running"}
    await walker.end("edit")
    assert (await walker.card()).status == "completed"


async def test_a_gate_is_reminded_of_once_after_a_day(walker: Walker) -> None:
    await walker.start(LINE, chat="77")
    await walker.end("write")
    assert not await _nudged(walker)
    async with walker.runtime.system_unit() as unit:
        await unit.session.execute(
            text("UPDATE workflow_steps SET waiting_since = now() - interval '25 h' WHERE workflow_run_id = :id"),
            {"id": walker.walk_id},
        )
    await sweep_workflows(walker.runtime)
    assert await _nudged(walker)
    await sweep_workflows(walker.runtime)
    assert not await _nudged(walker)


async def test_nobody_else_decides(walker: Walker, runtime: Runtime) -> None:
    await walker.start(LINE)
    await walker.end("write")
    async with runtime.system_unit() as unit:
        sam = await unit.accounts.create_user("Sam")
    other = Walker(runtime, walker.account, walker.walk_id)
    other.account = type(walker.account)(sam.id, "Sam", "member", {}, "test:2")
    with pytest.raises(NotFoundError):
        await other.decide("approve", "write")
    with pytest.raises(NotFoundError):
        await other.card()
    assert (await walker.states())["write"] == "awaiting_input"


async def test_the_sums_are_those_of_the_runs(walker: Walker) -> None:
    await walker.start(FORK)
    await walker.end("copy")
    await walker.decide("revise", "copy", comment="Warmer")
    await walker.end("copy", "failed")
    await walker.decide("approve", "copy")
    await walker.end("track")
    async with walker.runtime.system_unit() as unit:
        total = await WorkflowRepository(unit.session).cost(walker.walk_id)
    assert (await walker.card()).cost_usd == total == Decimal("0.75")


async def _nudged(walker: Walker) -> bool:
    async with walker.runtime.system_unit() as unit:
        return await WorkflowRepository(unit.session).take_nudge(walker.walk_id)


async def test_a_piece_for_another_client_never_becomes_material(walker: Walker) -> None:
    await walker.start(LINE)
    await walker.end("write")
    await walker.decide("approve", "write")
    material = await gather_material(walker.runtime, (await walker.runs("edit"))[0])
    (piece,) = material.earlier
    piece.output.client_id = uuid.uuid7()
    with pytest.raises(ForeignContextError):
        await prepare(walker.runtime, material)
