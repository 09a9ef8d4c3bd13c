"""A test of a proposal that is cut off, runs out of dollars, or loses what it stands on."""

import asyncio
from decimal import Decimal

import pytest
from sqlalchemy import text

from core.agent.agents import Agents
from core.learning.planning import estimate
from core.learning.replay import replay
from core.learning.sweeping import sweep_tests
from core.runtime import Runtime
from local.claude.client import ClaudeStandIn
from tests.core.learning.past import RULE, Past, rung
from tests.core.learning.replays import NEW, OLD, let_write, now, written


@pytest.fixture
async def past(learner: Runtime, claude: ClaudeStandIn) -> Past:
    await let_write(claude)
    return Past(learner)


async def test_what_was_finished_is_not_paid_again_after_a_crash(
    past: Past, agents: Agents, claude: ClaudeStandIn
) -> None:
    client = await past.client("yaz")
    for score in (2, 2, 1, 5, 4):
        await past.run(client, score)
    proposal = await past.proposal()
    await claude.load("[]")
    await claude.script({"json": {"better": "equal", "reason": "Alike."}}, tools=["judge_pair"])
    await claude.script(f"<output>{NEW}</output>", system=RULE, times=2)
    await claude.script(f"<output>{OLD}</output>", times=2)
    await claude.script({"hang": True}, name="hangs")
    work = asyncio.create_task(replay(past.runtime, agents, proposal.id))
    while len((await now(past.runtime, proposal))[1].pairs) < 1:
        await claude.wait_for_request(lambda request: request.answered_by == "hangs")
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
    status, before = await now(past.runtime, proposal)
    assert (status, before.ended) == ("testing", None)
    assert before.pairs
    assert before.begun

    await claude.reset()
    await claude.script({"json": {"better": "equal", "reason": "Alike."}}, tools=["judge_pair"])
    await claude.script(f"<output>{NEW}</output>", system=RULE)
    await claude.script(f"<output>{OLD}</output>")
    await replay(past.runtime, agents, proposal.id)  # another worker, too early: the first one's lease holds
    assert not await claude.requests()
    await release(past.runtime)
    await replay(past.runtime, agents, proposal.id)
    status, found = await now(past.runtime, proposal)
    assert (status, found.ended) == ("ready", "complete")
    assert found.pairs[: len(before.pairs)] == before.pairs
    assert len(found.pairs) == 5
    assert len(await written(claude)) == 2 * (5 - len(before.pairs))
    assert found.lost_usd == sum(before.begun.values())
    await replay(past.runtime, agents, proposal.id)  # rung once more
    assert (await now(past.runtime, proposal)) == (status, found)


async def release(runtime: Runtime) -> None:
    """Let the lease of whoever worked on tests run out."""
    async with runtime.system_unit() as unit:
        await unit.session.execute(
            text("UPDATE rule_proposals SET evaluation = evaluation || '{\"lease_until\": 0}'")
        )


async def test_of_two_workers_one_does_the_work(past: Past, agents: Agents, claude: ClaudeStandIn) -> None:
    await past.run(await past.client("yaz"), 2)
    proposal = await past.proposal()
    await asyncio.gather(*(replay(past.runtime, agents, proposal.id) for _ in range(4)))
    assert (await now(past.runtime, proposal))[0] == "ready"
    assert len(await written(claude)) == 2


async def test_it_stops_before_its_dollars_are_passed(past: Past, agents: Agents) -> None:
    client = await past.client("yaz")
    for score in (2, 2, 2, 5, 5, 5):
        await past.run(client, score)
    proposal = await past.proposal()
    expected = await estimate(past.runtime, proposal)
    assert expected.pairs == 6
    assert Decimal("0.1") < expected.expected_usd < expected.cap_usd == Decimal("1.00")
    one_pair = expected.expected_usd / expected.pairs
    cap = 3 * one_pair
    past.runtime.settings = past.runtime.settings.model_copy(update={"replay_max_usd": cap})
    await replay(past.runtime, agents, proposal.id)
    status, found = await now(past.runtime, proposal)
    assert (status, found.ended) == ("ready", "cap")
    assert 1 <= len(found.pairs) < 6
    assert found.cost_usd <= cap == found.cap_usd
    assert {planned.kind for planned in found.planned[:2]} == {"complaint", "guard"}, "both kinds, by turns"


async def test_a_cap_that_pays_for_nothing_proves_nothing(
    past: Past, agents: Agents, claude: ClaudeStandIn
) -> None:
    await past.run(await past.client("yaz"), 2)
    proposal = await past.proposal()
    past.runtime.settings = past.runtime.settings.model_copy(update={"replay_max_usd": Decimal("0.001")})
    await replay(past.runtime, agents, proposal.id)
    status, found = await now(past.runtime, proposal)
    assert (status, found.ended, found.pairs) == ("draft", "cap", ())
    assert not await claude.requests()


async def test_what_was_deleted_is_left_out(past: Past, agents: Agents) -> None:
    gone, kept = await past.client("gone"), await past.client("kept")
    await past.run(gone, 2)
    orphan = await past.run(kept, 2, parent_output_id=gone.id)
    async with past.runtime.system_unit() as unit:
        await unit.session.execute(text("DELETE FROM clients WHERE id = :id"), {"id": gone.id})
    proposal = await past.proposal()
    await replay(past.runtime, agents, proposal.id)
    status, found = await now(past.runtime, proposal)
    assert (status, found.ended, found.failure) == ("draft", "failed", "nothing-to-replay")
    whole = await past.run(kept, 2)
    proposal = await past.proposal()
    await replay(past.runtime, agents, proposal.id)
    _, found = await now(past.runtime, proposal)
    assert [pair.run_id for pair in found.pairs] == [whole.id] != [orphan.id]


async def test_a_rejected_one_is_worked_on_no_more(past: Past, agents: Agents, claude: ClaudeStandIn) -> None:
    await past.run(await past.client("yaz"), 2)
    proposal = await past.proposal()
    await claude.load("[{steps: [{hang: true}]}]")
    past.runtime.settings = past.runtime.settings.model_copy(update={"heartbeat_seconds": 0.05})
    work = asyncio.create_task(replay(past.runtime, agents, proposal.id))
    await claude.wait_for_request(lambda request: not request.ended)
    async with past.runtime.system_unit() as unit:
        await unit.proposals.reject(proposal.id, "test:admin")
    await asyncio.wait_for(work, 10)
    assert (await now(past.runtime, proposal))[0] == "rejected"
    await claude.wait_for_request(lambda request: request.client_closed)


async def test_a_model_that_fails_leaves_a_pair_without_a_verdict(
    past: Past, agents: Agents, claude: ClaudeStandIn
) -> None:
    await past.run(await past.client("yaz"), 2)
    proposal = await past.proposal()
    await claude.load("[{when: {system: 'a number that the reader'}, steps: [{refusal: 'No.'}]}]")
    await replay(past.runtime, agents, proposal.id)
    status, found = await now(past.runtime, proposal)
    assert (status, found.ended, found.failure) == ("draft", "failed", "not-judged")
    assert [(pair.verdict, pair.reason) for pair in found.pairs] == [("unjudged", "model-refused")]
    assert found.cost_usd > 0


async def test_the_sweeper_rings_for_a_test_that_a_crash_left(past: Past) -> None:
    proposal = await past.proposal(evaluation={"holder": "dead", "lease_until": 1})
    other = await past.proposal(evaluation={"holder": "alive", "lease_until": 4_000_000_000})
    await past.proposal(status="ready")
    async with past.runtime.system_unit() as unit:
        await sweep_tests(unit)
    (job,) = await rung(past.runtime)
    assert job.startswith(f"test:{proposal.id}:1:")
    assert str(other.id) not in job
