"""Jobs of learning are shells: what they are given leads to what they are for."""

from typing import Any, cast

import uuid_utils.compat as uuid

from core.agent.agents import Agents
from core.runtime import Runtime
from jobs import tell_rules_alert as telling
from jobs.context import Tools, put_tools
from jobs.try_proposal import try_proposal
from storage.models import RuleProposal
from tests.core.rules.learning import client_of
from tests.core.runs.people import somebody


def context_of(runtime: Runtime, agents: Agents) -> dict[Any, Any]:
    context: dict[Any, Any] = {}
    nothing = cast("Any", None)
    put_tools(context, Tools(runtime, agents, nothing, {}, nothing))
    return context


async def test_a_proposal_is_tested(runtime: Runtime) -> None:
    client = await client_of(runtime, await somebody(runtime))
    proposal = RuleProposal(
        scope="client", client_id=client.id, user_id=client.user_id, base_version=0, change_type="add",
        origin="library", theme="x", proposed_rule="Be brief.", diff="x", rationale="x", status="testing",
    )  # fmt: skip
    async with runtime.system_unit() as unit:
        unit.session.add(proposal)
    agents = Agents(runtime.settings, None)
    await try_proposal(context_of(runtime, agents), str(proposal.id))
    await agents.close()
    async with runtime.system_unit() as unit:
        assert (await unit.proposals.get(proposal.id)).status == "ready"


async def test_an_alert_about_rules_that_are_gone_is_nobodys(runtime: Runtime) -> None:
    await telling.tell_rules_alert(context_of(runtime, cast("Any", None)), str(uuid.uuid7()))
