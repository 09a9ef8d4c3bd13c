"""From a message to a plan: which client, and when to ask."""

from dataclasses import replace

import pytest

from core.errors import NothingToRunError, SkillUnknownError, TooLongError
from core.runs.plan import ChooseClient, ChooseSkill, OffTopic, Ready
from core.runtime import Runtime
from tests.core.runs.people import somebody

BOTH = ("yaz-automate", "pellow-and-daughters")


async def test_a_client_that_is_named_is_taken(runtime: Runtime) -> None:
    who = await somebody(runtime, clients=BOTH)
    plan = await runtime.planner.plan(who.request("Write homepage copy for Yaz Automate"))
    assert isinstance(plan, Ready)
    assert plan.skill.name == "copywriting"
    assert plan.client is not None
    assert (plan.client.slug, plan.client_guessed) == ("yaz-automate", False)
    assert (plan.output_type, plan.label) == ("homepage", "homepage copy")


async def test_an_only_client_is_taken_and_said_to_be_guessed(runtime: Runtime) -> None:
    who = await somebody(runtime)
    plan = await runtime.planner.plan(who.request("Write homepage copy"))
    assert isinstance(plan, Ready)
    assert plan.client is not None
    assert plan.client_guessed


async def test_two_clients_and_none_named_is_a_question(runtime: Runtime) -> None:
    who = await somebody(runtime, clients=BOTH)
    plan = await runtime.planner.plan(who.request("Write homepage copy"))
    assert isinstance(plan, ChooseClient)
    assert {client.slug for client in plan.clients} == set(BOTH)


async def test_two_clients_named_is_a_question_too(runtime: Runtime) -> None:
    who = await somebody(runtime, clients=BOTH)
    plan = await runtime.planner.plan(who.request("Write homepage copy for Yaz Automate or for Pellow & Daughters"))
    assert isinstance(plan, ChooseClient)


async def test_the_active_client_of_the_chat_settles_it(runtime: Runtime) -> None:
    who = await somebody(runtime, clients=BOTH)
    async with runtime.unit(who.account.user_id) as unit:
        client = await unit.clients.find(who.account.user_id, "Pellow & Daughters")
        await unit.clients.set_active(who.account.user_id, who.place, client.id)
    plan = await runtime.planner.plan(who.request("Write homepage copy"))
    assert isinstance(plan, Ready)
    assert plan.client is not None
    assert (plan.client.slug, plan.client_guessed) == ("pellow-and-daughters", True)


async def test_who_wants_to_confirm_the_client_is_asked_in_place_of_a_guess(runtime: Runtime) -> None:
    who = await somebody(runtime, clients=BOTH)
    async with runtime.unit(who.account.user_id) as unit:
        client = await unit.clients.find(who.account.user_id, "Yaz Automate")
        await unit.clients.set_active(who.account.user_id, who.place, client.id)
        account = await unit.accounts.prefer(who.account, "confirm_client", value=True)
    who = replace(who, account=account)
    asked = await runtime.planner.plan(who.request("Write homepage copy"))
    assert isinstance(asked, ChooseClient)
    assert [it.slug for it in asked.clients] == ["yaz-automate", "pellow-and-daughters"]
    named = await runtime.planner.plan(who.request("Write homepage copy for Yaz Automate"))
    assert isinstance(named, Ready)


async def test_without_any_client_the_way_goes_on(runtime: Runtime) -> None:
    who = await somebody(runtime, clients=())
    asked = await runtime.planner.plan(who.request("Write homepage copy"))
    assert isinstance(asked, ChooseClient)
    assert asked.clients == ()
    plan = await runtime.planner.plan(who.request("Write homepage copy", client="none"))
    assert isinstance(plan, Ready)
    assert plan.client is None


async def test_somebody_elses_client_is_not_known(runtime: Runtime) -> None:
    await somebody(runtime, clients=("pellow-and-daughters",))
    who = await somebody(runtime)
    plan = await runtime.planner.plan(who.request("Write homepage copy for Pellow & Daughters"))
    assert isinstance(plan, Ready)
    assert plan.client is not None
    assert plan.client.slug == "yaz-automate"
    assert plan.client_guessed


async def test_what_is_no_request_and_what_is_unclear(runtime: Runtime) -> None:
    who = await somebody(runtime)
    assert isinstance(await runtime.planner.plan(who.request("thank you so much!")), OffTopic)
    unclear = await runtime.planner.plan(who.request("we need something for the launch, maybe a page or emails"))
    assert isinstance(unclear, ChooseSkill | Ready)
    if isinstance(unclear, ChooseSkill):
        assert 1 <= len(unclear.skills) <= 4


async def test_what_can_not_be_taken(runtime: Runtime) -> None:
    who = await somebody(runtime, clients=())
    with pytest.raises(NothingToRunError):
        await runtime.planner.plan(who.request(" \u200b\n"))
    with pytest.raises(TooLongError):
        await runtime.planner.plan(who.request("x" * 5000))
    with pytest.raises(SkillUnknownError):
        await runtime.planner.plan(who.request("write", skill="no-such-skill"))
