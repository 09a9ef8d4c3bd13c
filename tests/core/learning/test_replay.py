"""A proposed rule is tested on past requests: blind, within its dollars, and paid for once whatever happens."""

from decimal import Decimal

import pytest
from sqlalchemy import text

from core.agent.agents import Agents
from core.learning.replay import replay
from core.runtime import Runtime
from local.claude.client import ClaudeStandIn
from storage.learning import LearningRepository
from storage.models.base import utc_now
from storage.rules import Scope
from tests.core.learning.past import RULE, SKILL, Past
from tests.core.learning.replays import COMPLAINT, judged, let_write, now, written
from tests.core.rules.learning import learn


@pytest.fixture
async def past(learner: Runtime, claude: ClaudeStandIn) -> Past:
    await let_write(claude)
    return Past(learner)


async def test_requests_that_led_here_and_some_that_were_liked_are_written_with_both_rules(
    past: Past, agents: Agents, claude: ClaudeStandIn
) -> None:
    yaz, pellow = await past.client("yaz"), await past.client("pellow")
    complaints = [await past.run(yaz, 2, said=COMPLAINT), await past.run(pellow, 1, said=COMPLAINT)]
    liked = await past.run(pellow, 5)
    await past.run(yaz, 3)
    past.complaints.pop()  # nobody complained of this one
    proposal = await past.proposal()
    await replay(past.runtime, agents, proposal.id)
    status, found = await now(past.runtime, proposal)
    assert (status, found.ended, found.failure) == ("ready", "complete", None)
    assert {(it.run_id, it.kind) for it in found.pairs} == {
        *((run.id, "complaint") for run in complaints),
        (liked.id, "guard"),
    }
    assert (found.wins, found.ties, found.losses, found.regressions, found.unjudged) == (3, 0, 0, 0, 0)
    assert {pair.reason for pair in found.pairs} == {"The new text is concrete."}
    assert {pair.request for pair in found.pairs} == {f"Write a page for {it}" for it in (
        "yaz, number 2", "pellow, number 1", "pellow, number 5")}  # fmt: skip
    assert found.cost_usd == sum(pair.cost_usd for pair in found.pairs) > 0
    assert len(await written(claude)) == 6
    assert len(await judged(claude)) == 6
    async with past.runtime.system_unit() as unit:
        kept = await unit.session.scalar(text("SELECT evaluation->>'wins' FROM rule_proposals"))
        spent = await LearningRepository(unit.session).cost(utc_now().date(), utc_now().date())
    assert kept == "3"
    assert abs(spent - found.cost_usd) < Decimal("0.00001"), "those who run the bot see what the test cost"


async def test_both_sides_read_the_same_but_for_the_rule_and_nothing_of_another_client(
    past: Past, agents: Agents, claude: ClaudeStandIn
) -> None:
    clients = {name: await past.client(name) for name in ("yaz", "pellow", "sister")}
    for client in clients.values():
        await past.run(client, 2, said=f"{COMPLAINT} of {client.name}")
        await past.run(client, 5)
    await replay(past.runtime, agents, (await past.proposal()).id)
    prompts = [request.call for request in await written(claude)]
    assert len(prompts) == 12
    for name in clients:
        own = [call for call in prompts if f"for {name}," in call.user]
        assert sorted(RULE in call.system for call in own) == [False, False, True, True]
        for call in own:
            assert f"canary-{name}" in call.system
            assert [other for other in clients if f"canary-{other}" in call.everything] == [name]
            assert "canary-complaint" not in call.everything
        texts = {call.system.replace(f"- {RULE}\n", "").replace("## Learned from feedback\n", "") for call in own}
        assert len({"".join(text.split()) for text in texts}) == 1
    for request in await judged(claude):
        concerned = [name for name in clients if name in request.call.user]
        assert len(concerned) == 1
        assert "rule" not in request.call.user.lower()


async def test_it_is_tested_on_the_newest_rules_and_fails_if_its_rule_is_gone(
    past: Past, agents: Agents, claude: ClaudeStandIn
) -> None:
    await past.run(await past.client("yaz"), 2)
    scope = Scope("skill", skill_id=past.runtime.catalogue.get(SKILL).id)
    await learn(past.runtime, scope, "Another rule that was approved meanwhile.")
    await past.runtime.catalogue.refresh()
    proposal = await past.proposal()
    await replay(past.runtime, agents, proposal.id)
    assert (await now(past.runtime, proposal))[0] == "ready"
    assert all("Another rule" in request.call.system for request in await written(claude))
    gone = await past.proposal(change_type="clarify", current_rule="A rule that nobody knows.")
    await replay(past.runtime, agents, gone.id)
    status, found = await now(past.runtime, gone)
    assert (status, found.ended, found.failure) == ("draft", "failed", "rules-moved")


async def test_no_client_fills_a_test_alone(past: Past, agents: Agents) -> None:
    one, other = await past.client("one"), await past.client("other")
    liked = [await past.run(other, 4), *[await past.run(one, 5) for _ in range(6)]]
    await past.run(one, 2)
    proposal = await past.proposal()
    await replay(past.runtime, agents, proposal.id)
    _, found = await now(past.runtime, proposal)
    guards = [pair.run_id for pair in found.pairs if pair.kind == "guard"]
    assert len(guards) == 5
    assert liked[0].id in guards
    assert liked[1].id not in guards  # the oldest of those who have more


async def test_a_change_of_the_library_that_nobody_rated_is_ready_without_a_test(
    past: Past, agents: Agents
) -> None:
    proposal = await past.proposal(origin="library", evidence=[])
    await replay(past.runtime, agents, proposal.id)
    status, found = await now(past.runtime, proposal)
    assert (status, found.ended, found.pairs) == ("ready", "complete", ())


async def test_the_rules_of_a_client_are_tested_on_that_client(
    past: Past, agents: Agents, claude: ClaudeStandIn
) -> None:
    yaz, other = await past.client("yaz"), await past.client("other")
    await past.run(yaz, 2)
    liked = await past.run(yaz, 5)
    await past.run(other, 5)
    proposal = await past.proposal(scope="client", skill_id=None, client_id=yaz.id, user_id=yaz.user_id)
    await replay(past.runtime, agents, proposal.id)
    _, found = await now(past.runtime, proposal)
    assert {pair.run_id for pair in found.pairs if pair.kind == "guard"} == {liked.id}
    assert found.wins == 2
    shared = {request.call.body["system"][0]["text"] for request in await written(claude)}
    assert len(shared) == 1  # what is shared by all clients stays byte for byte the same
    assert RULE not in shared.pop()


async def test_without_scripts_the_stand_in_finds_what_was_asked_for(
    past: Past, agents: Agents, claude: ClaudeStandIn
) -> None:
    await past.run(await past.client("yaz"), 2, said="I miss a number in the opening that I can check.")
    await past.run(await past.client("other"), 5)
    proposal = await past.proposal()
    await claude.load("[]")
    await replay(past.runtime, agents, proposal.id)
    status, found = await now(past.runtime, proposal)
    assert (status, found.ended, found.losses, found.unjudged) == ("ready", "complete", 0, 0)
    assert [pair.verdict for pair in found.pairs if pair.kind == "complaint"] == ["win"]
