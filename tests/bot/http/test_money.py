"""Limits and estimates over HTTP: what is reached is a 402, what costs much a 409 that a yes turns into a run."""

from decimal import Decimal
from uuid import UUID

import pytest
import uuid_utils.compat as uuid

from core.usage.months import Month
from tests.bot.http.conftest import Api, Caller
from tests.bot.http.test_runs import ASK
from tests.bot.http.test_workflows import ASK as WALK
from tests.bot.http.test_workflows import finish
from tests.core.usage.money import cost


@pytest.fixture
async def baker(maya: Caller) -> Caller:
    """A user with a client that may cost two dollars a month."""
    await maya.post("/clients", {"name": "Harbor Lane", "monthly_budget_usd": "2"})
    return maya


async def spend(api: Api, caller: Caller, dollars: str, client: str | None = None, **more: str) -> None:
    client_id = UUID((await caller.get(f"/clients/{client}"))["id"]) if client else None
    await cost(api.runtime, caller.user_id, dollars, client_id=client_id, **more)  # type: ignore[arg-type]


async def test_a_client_at_its_limit_starts_nothing_until_it_is_raised(api: Api, baker: Caller) -> None:
    ask = {**ASK, "client_id": "harbor-lane"}
    run = await baker.post("/runs", ask, status=202)
    await baker.post(f"/runs/{run['run_id']}/cancel", None, status=200)
    await spend(api, baker, "2.004", "harbor-lane")
    refused = await baker.post("/runs", ask, status=402)
    resets = Month.now().until
    assert (refused["code"], refused["budget"]) == (
        "budget-reached",
        {
            "client": "Harbor Lane",
            "limit_usd": "2.000000",
            "spent_usd": "2.004000",
            "resets_at": f"{resets:%Y-%m-%dT%H:%M:%SZ}",
        },
    )
    assert refused["detail"] == (
        "The monthly limit for the client Harbor Lane is reached: $2.00 of $2.00. Nothing was started. "
        f"It begins anew on {resets:%-d %B}; PATCH the client to raise it."
    )
    again = await baker.post(f"/runs/{run['run_id']}/retry", None, status=402)
    assert again["code"] == "budget-reached"
    assert (await baker.post("/workflow-runs", {**WALK, "client_id": "harbor-lane"}, status=402))["budget"]
    await baker.post("/runs", ASK, status=202)  # for no client
    await baker.json("PATCH", "/clients/harbor-lane", status=200, json={"monthly_budget_usd": "3"})
    await baker.post("/runs", ask, status=202)
    assert (await baker.post(f"/runs/{run['run_id']}/retry", None, status=202))["status"] == "queued"


async def test_a_user_at_their_limit_starts_nothing(api: Api, maya: Caller) -> None:
    async with api.runtime.system_unit() as unit:
        await unit.usage.set_limit(maya.user_id, Decimal(1))
    await maya.post("/runs", ASK, status=202)
    await spend(api, maya, "1")
    refused = await maya.post("/runs", ASK, status=402, headers={"Idempotency-Key": str(uuid.uuid7())})
    assert refused["budget"]["client"] is None
    assert "whoever runs this service can raise it" in refused["detail"]


async def test_a_step_that_cannot_be_paid_waits_and_can_be_tried_again(api: Api, baker: Caller) -> None:
    walk = await baker.post("/workflow-runs", {**WALK, "client_id": "harbor-lane"}, status=202)
    await finish(api, walk["id"], "sequence")
    await spend(api, baker, "2", "harbor-lane")
    decide = f"/workflow-runs/{walk['id']}/steps/{{}}/decision".format
    revision = {"decision": "revise", "comment": "Shorter"}
    assert (await baker.post(decide("sequence"), revision, status=402))["code"] == "budget-reached"
    stands = await baker.get(f"/workflow-runs/{walk['id']}")
    assert (stands["steps"][0]["status"], stands["steps"][0]["comment"]) == ("awaiting_input", None)
    approved = await baker.post(decide("sequence"), {"decision": "approve"}, status=200)
    step = approved["steps"][1]
    assert (step["status"], step["error_code"], step["allowed"]) == ("failed", "budget-spent", ["retry", "skip"])
    for _ in range(4):
        assert (await baker.post(decide("edit"), {"decision": "retry"}, status=402))["code"] == "budget-reached"
    await baker.json("PATCH", "/clients/harbor-lane", status=200, json={"monthly_budget_usd": None})
    tried = await baker.post(decide("edit"), {"decision": "retry"}, status=200)
    assert (tried["steps"][1]["status"], tried["steps"][1]["tries"]) == ("running", 1)


async def test_what_costs_much_needs_a_yes(api: Api, maya: Caller) -> None:
    for _ in range(5):
        await spend(api, maya, "0.62", skill="video-script", model="claude-sonnet-5")
    api.runtime.estimator._known.clear()
    ask = {"skill_id": "video-script", "user_message": "A video about the harbor"}
    key = {"Idempotency-Key": str(uuid.uuid7())}
    refused = await maya.post("/runs", ask, status=409, headers=key)
    assert (refused["code"], refused["estimate_usd"]) == ("confirmation-required", "0.620000")
    assert refused["detail"] == 'This is expected to cost $0.62. Send it again with "confirm_cost": true.'
    agreed = await maya.post("/runs", {**ask, "confirm_cost": True}, status=202, headers=key)
    assert agreed["skill"] == "video-script"
    dear = {"workflow": "landing-page-launch", "brief": "A page for the harbor"}
    walk = await maya.post("/workflow-runs", dear, status=409)
    assert Decimal(walk["estimate_usd"]) > Decimal("0.50")
    await maya.post("/workflow-runs", {**dear, "confirm_cost": True}, status=202)
