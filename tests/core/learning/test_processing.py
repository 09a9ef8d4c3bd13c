"""From ratings to proposals, on the real stores and the stand-in for Claude."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from core.agent.failures import AgentError
from core.learning.deciding import approve
from core.runtime import Runtime
from local.claude.client import ClaudeStandIn
from local.claude.learning import TOPICS
from storage.learning import LearningRepository
from tests.core.learning.complaints import all_proposals, asked, complain, left, process
from tests.core.learning.past import Past

ANSWER = {"change_type": "add", "changes": "none", "rationale": "They say so."}
TOO_LONG, TONE = TOPICS[0][2], TOPICS[1][2]


@pytest.fixture
async def past(learner: Runtime) -> Past:
    return Past(learner)


async def test_six_who_say_the_same_make_one_proposal_and_are_counted_once(
    past: Past, claude: ClaudeStandIn
) -> None:
    clients = [await past.client("yaz"), await past.client("pellow")]
    await complain(
        past, ["Way too long", "shorter please", "wordy", "too long!", "so lengthy", "make it short"], clients
    )
    await past.run(clients[0], 5)
    (proposal,) = await process(past)
    assert (proposal.scope, proposal.change_type, proposal.status) == ("skill", "add", "draft")
    assert (proposal.theme, proposal.proposed_rule, proposal.current_rule) == ("Too long", TOO_LONG, None)
    assert proposal.diff.endswith(f"+- {TOO_LONG}")
    assert set(proposal.evidence) == {it.id for it in past.complaints}
    assert (proposal.warnings, proposal.base_version) == ([], 1)
    assert await past.runtime.redis.exists(f"arq:job:proposal:{proposal.id}:1")
    assert await left(past) == 0
    (request,) = await asked(claude, "record_themes")
    assert "yaz" not in request.call.everything.replace("yaz-automate", "")
    assert await process(past) == []
    assert len(await claude.requests()) == 2
    async with past.runtime.system_unit() as unit:
        keys = (await unit.session.scalars(text("SELECT s3_key FROM feedback"))).all()
    assert len(set(keys)) == 7
    assert b"Way too long" in b"".join([await past.runtime.objects.get(key) for key in keys])


async def test_a_rule_that_waits_is_not_proposed_again_and_one_that_stands_neither(past: Past) -> None:
    client = await past.client("yaz")
    await complain(past, ["too long"] * 3, [client])
    (proposal,) = await process(past)
    await complain(past, ["wordy"] * 3, [client])
    assert await process(past) == []
    async with past.runtime.system_unit() as unit:
        await unit.proposals.change(proposal.id, ["draft"], status="ready")
    await approve(past.runtime, proposal.id, "test:1")
    await past.runtime.catalogue.refresh()
    await complain(past, ["shorten it"] * 3, [client])
    assert await process(past) == []
    assert await left(past) == 0


async def test_what_was_evidence_is_none_again_unless_its_author_changes_it(past: Past) -> None:
    client = await past.client("yaz")
    await complain(past, ["too long"] * 3, [client])
    await process(past)
    await complain(past, ["full of jargon"] * 2, [client])
    assert await process(past) == []
    first = past.complaints[0]
    async with past.runtime.unit(client.user_id) as unit:
        await unit.feedback.comment(first.id, "jargon, jargon", rater=first.rater)
    (proposal,) = await process(past)
    assert (proposal.theme, len(proposal.evidence)) == ("Too much jargon", 3)
    assert first.id in proposal.evidence


async def test_less_than_three_ask_no_model_and_wait_for_the_third(past: Past, claude: ClaudeStandIn) -> None:
    client = await past.client("yaz")
    await complain(past, ["too long", "wordy"], [client])
    assert await process(past) == []
    assert await left(past) == 0
    assert await claude.requests() == []
    await complain(past, ["so lengthy"], [client])
    (proposal,) = await process(past)
    assert len(proposal.evidence) == 3


async def test_praise_alone_asks_no_model(past: Past, claude: ClaudeStandIn) -> None:
    client = await past.client("yaz")
    await complain(past, ["too long", "wordy", ""], [client])
    await process(past)
    for _ in range(3):
        await past.run(client, 5)
    assert await process(past) == []
    assert (await left(past), await claude.requests()) == (0, [])


async def test_two_workers_at_once_make_one_set_of_proposals(past: Past, claude: ClaudeStandIn) -> None:
    await complain(past, ["too long"] * 4, [await past.client("yaz")])
    ends = await asyncio.gather(process(past), process(past), process(past))
    assert sorted(len(it) for it in ends) == [0, 0, 1]
    assert len(await all_proposals(past)) == 1
    assert len(await asked(claude, "record_themes")) == 1


async def test_what_somebody_else_used_meanwhile_makes_no_second_proposal(
    past: Past, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As if the lock were lost with its connection: the last transaction looks again."""
    await complain(past, ["too long"] * 3, [await past.client("yaz")])
    monkeypatch.setattr("core.learning.processing.held_alone", _unlocked)
    ends = await asyncio.gather(process(past), process(past))
    assert sum(len(it) for it in ends) == 1
    assert len(await all_proposals(past)) == 1


def _unlocked(*_: object) -> Any:
    class Free:
        async def __aenter__(self) -> bool:
            return True

        async def __aexit__(self, *_: object) -> None:
            return None

    return Free()


@pytest.mark.parametrize(
    "step",
    [
        {"error": 401},
        {"json": {"themes": "none"}},
        {"json": {"themes": [{"title": "x", "change": "y", "scope": "skill", "evidence": []}]}},
        {"refusal": "I can't."},
    ],
    ids=["away", "no-list", "no-evidence", "refusal"],
)
async def test_a_model_that_fails_leaves_all_for_later(
    past: Past, claude: ClaudeStandIn, step: dict[str, Any]
) -> None:
    await complain(past, ["too long"] * 3, [await past.client("yaz")])
    await claude.script(step, tools=["record_themes"])
    with pytest.raises(AgentError):
        await process(past)
    assert (await left(past), await all_proposals(past)) == (3, [])
    await claude.reset()
    assert len(await process(past)) == 1
    assert await left(past) == 0


async def test_what_learning_costs_is_kept_also_where_a_model_talks_nonsense(
    past: Past, claude: ClaudeStandIn
) -> None:
    await complain(past, ["too long"] * 3, [await past.client("yaz")])
    await claude.script({"json": {"themes": "none"}}, tools=["record_themes"], times=1)

    async def spent() -> dict[str, Decimal]:
        async with past.runtime.system_unit() as unit:
            rows = await unit.session.execute(text("SELECT purpose, cost_usd FROM learning_costs"))
            return {row.purpose: row.cost_usd for row in rows}

    with pytest.raises(AgentError):
        await process(past)
    first = await spent()
    assert set(first) == {"record_themes"}
    await process(past)
    after = await spent()
    assert set(after) == {"record_themes", "propose_rule"}
    assert after["record_themes"] > first["record_themes"] > 0


async def test_a_theme_that_could_not_be_worded_is_left_alone_for_later(past: Past, claude: ClaudeStandIn) -> None:
    client = await past.client("yaz")
    await complain(past, ["too long"] * 3, [client])
    await complain(past, ["full of jargon"] * 3, [client])
    await claude.script({"json": {"rule": 7}}, tools=["propose_rule"], user="Too long")
    with pytest.raises(AgentError):
        await process(past)
    (proposal,) = await all_proposals(past)
    assert (proposal.theme, await left(past)) == ("Too much jargon", 3)
    await claude.reset()
    assert [it.theme for it in await process(past)] == ["Too long"]


async def test_without_a_key_nothing_is_lost(past: Past) -> None:
    await complain(past, ["too long"] * 3, [await past.client("yaz")])
    past.runtime.claude = None
    with pytest.raises(AgentError):
        await process(past)
    assert await left(past) == 3


async def test_what_is_changed_while_models_think_is_counted_again(past: Past) -> None:
    client = await past.client("yaz")
    await past.run(client, 2, said="too long")
    (judged,) = past.complaints
    async with past.runtime.system_unit() as unit:
        (read,) = await LearningRepository(unit.session).evidence([judged.id])
    async with past.runtime.unit(client.user_id) as unit:
        await unit.feedback.comment(judged.id, "no, too short", rater=judged.rater)
    async with past.runtime.system_unit() as unit:
        await LearningRepository(unit.session).count([read.feedback])
    assert await left(past) == 1
