"""What a run will cost: what such runs cost lately, else what its prompt and turns come to; asked above a bound."""

from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import text

from core.errors import ConfirmationRequiredError, StaleButtonError
from core.runs.asking import Ask, plan_ask
from core.runs.plan import ConfirmCost, Ready, ReadyWorkflow
from core.runtime import Runtime
from core.settings import Settings
from core.usage.estimates import Estimator
from core.workflows.asking import WorkflowAsk, plan_workflow
from tests.conftest import Servers, open_copy
from tests.core.runs.people import Somebody, somebody
from tests.core.usage.money import cost

BOUND = Decimal("0.50")


@pytest.fixture(scope="module")
async def alone(servers: Servers) -> AsyncIterator[Runtime]:
    """A Runtime whose runs nobody else adds to."""
    async with open_copy(servers, redis_number=9) as opened:
        yield opened


def forget(runtime: Runtime) -> None:
    runtime.estimator._known.clear()


async def test_of_the_latest_runs_three_of_four_cost_no_more(alone: Runtime) -> None:
    who = await somebody(alone, clients=())
    user_id, skill = who.account.user_id, alone.catalogue.get("case-study")
    model: dict[str, Any] = {"skill": "case-study", "model": "claude-sonnet-5"}
    for cents in range(90, 94):
        await cost(alone, user_id, f"0.{cents}", **model)
    computed = await alone.estimator.of_skill(skill)
    assert computed < Decimal("0.20")  # four are too few
    await cost(alone, user_id, "0.94", **model)
    assert await alone.estimator.of_skill(skill) == computed  # remembered for a minute
    forget(alone)
    assert await alone.estimator.of_skill(skill) == Decimal("0.93")
    for cents in range(1, 21):
        await cost(alone, user_id, f"0.{cents:02}", **model)
        await cost(alone, user_id, "5", **model, status="failed")
        await cost(alone, user_id, "6", skill="case-study", model="claude-opus-5")
    forget(alone)
    assert await alone.estimator.of_skill(skill) == Decimal("0.15")  # of the last 20


async def test_more_turns_and_dearer_models_cost_more_and_none_more_than_it_may(alone: Runtime) -> None:
    forget(alone)
    simple, research, complex_one = [
        await alone.estimator.of_skill(alone.catalogue.get(name))
        for name in ("copywriting", "competitor-research", "idea-to-spec")
    ]
    assert Decimal("0.04") < simple < Decimal("0.15") < research < complex_one <= 1
    dear = Settings.model_validate({**alone.settings.model_dump(), "agent_model": "claude-opus-4-1"})
    estimator = Estimator(alone.engine, alone.catalogue, dear)
    assert simple * 5 < await estimator.of_skill(alone.catalogue.get("copywriting")) < 1
    assert await estimator.of_skill(alone.catalogue.get("competitor-research")) == dear.run_max_usd


async def make_dear(runtime: Runtime, who: Somebody) -> None:
    for _ in range(5):
        await cost(runtime, who.account.user_id, "0.62", skill="press-release", model="claude-sonnet-5")
    forget(runtime)


async def dear_question(runtime: Runtime, who: Somebody) -> ConfirmCost:
    await make_dear(runtime, who)
    plan = await runtime.planner.plan(who.request("a press release for Yaz Automate", skill="press-release"))
    assert isinstance(plan, ConfirmCost)
    return plan


async def test_what_costs_much_is_asked_first_and_goes_on_after_a_yes(alone: Runtime) -> None:
    who = await somebody(alone, clients=("yaz-automate", "pellow-and-daughters"))
    question = await dear_question(alone, who)
    assert question.estimate_usd == Decimal("0.62")
    async with alone.unit(who.account.user_id) as unit:
        pending = await unit.pending.keep(question)
    async with alone.unit(who.account.user_id) as unit:
        asked = await unit.pending.open(pending, who.account, who.place)
        request = await unit.pending.confirm_cost(asked)
        with pytest.raises(StaleButtonError):
            await unit.pending.confirm_cost(asked)
        with pytest.raises(StaleButtonError):
            await unit.pending.drop(asked)
    plan = await alone.planner.plan(request)
    assert isinstance(plan, Ready)
    assert plan.client is not None
    assert (plan.client.slug, plan.skill.name, plan.request.origin_key) == (
        "yaz-automate",
        "press-release",
        question.request.origin_key,
    )


async def test_a_program_is_told_the_estimate_and_may_agree(alone: Runtime) -> None:
    who = await somebody(alone, clients=())
    await make_dear(alone, who)
    ask = Ask(who.account, "A press release", "test:program", skill="press-release")
    with pytest.raises(ConfirmationRequiredError) as caught:
        await plan_ask(alone, ask)
    assert caught.value.params == {"dollars": Decimal("0.62"), "estimate_usd": "0.620000"}
    agreed = Ask(who.account, "A press release", "test:program", skill="press-release", cost_confirmed=True)
    assert isinstance(await plan_ask(alone, agreed), Ready)


async def test_a_workflow_costs_what_its_steps_do(alone: Runtime) -> None:
    who = await somebody(alone, clients=())
    document = alone.catalogue.workflow("email-campaign")
    forget(alone)
    expected = sum([await alone.estimator.of_skill(alone.catalogue.get(it.skill)) for it in document.steps])
    assert await alone.estimator.of_workflow(document) == expected < BOUND
    for _ in range(5):
        await cost(alone, who.account.user_id, "0.45", skill="email-sequence", model="claude-sonnet-5")
    forget(alone)
    ask = WorkflowAsk(who.account, "email-campaign", "Bring readers to a call", "test:walk")
    with pytest.raises(ConfirmationRequiredError):
        await plan_workflow(alone, ask)
    question = await alone.planner.plan(who.request("Bring readers", workflow="email-campaign", client="none"))
    assert isinstance(question, ConfirmCost)
    assert isinstance(question.plan, ReadyWorkflow)


async def test_the_look_for_earlier_runs_is_one_look_into_an_index(alone: Runtime) -> None:
    async with alone.system_unit() as unit:
        await unit.session.execute(text("SET LOCAL enable_seqscan = off"))
        lines = await unit.session.scalars(
            text(
                "EXPLAIN SELECT cost_usd FROM runs WHERE skill_id = :skill AND model = 'x' "
                "AND status = 'completed' ORDER BY id DESC LIMIT 20"
            ),
            {"skill": alone.catalogue.get("copywriting").id},
        )
        plan = "\n".join(lines)
    assert "ix_runs_skill_completed" in plan
    assert "Sort" not in plan
