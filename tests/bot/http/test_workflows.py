"""Workflows over HTTP: listed, started, watched, decided about."""

from uuid import UUID

import uuid_utils.compat as uuid
from sqlalchemy import text

from core.webhooks.own import set_own_webhook
from storage.models import Output
from tests.bot.http.conftest import Api, Caller
from tests.bot.http.test_runs import end

ASK = {"workflow": "email-campaign", "brief": "Everyone who downloaded the guide should book a call."}


async def finish(api: Api, walk_id: str, step: str) -> None:
    """What a worker does with the run of a step, in short."""
    async with api.runtime.system_unit() as unit:
        walk = await unit.workflows.walk(UUID(walk_id))
    chosen = walk.step(step)
    assert chosen is not None
    run = await end(api, str(chosen.run_id), "completed", None)
    key = f"outputs/test/{run.user_id}/{run.id}.md"
    await api.runtime.objects.put(key, f"# {step}\n\nDone.".encode())
    async with api.runtime.system_unit() as unit:
        unit.session.add(
            Output(
                run_id=run.id,
                user_id=run.user_id,
                client_id=run.client_id,
                skill_id=run.skill_id,
                s3_key=key,
                title=step,
                preview="Done.",
                short_id=run.id.hex[-8:],
                bytes=5,
            )
        )
        await unit.workflows.advance(UUID(walk_id))


async def test_what_can_be_started(maya: Caller) -> None:
    names = [it["name"] for it in (await maya.get("/workflows"))["data"]]
    assert names == ["content-batch", "email-campaign", "landing-page-launch", "skill-improvement"]
    detail = await maya.get("/workflows/email-campaign")
    assert [(step["id"], step["uses"]) for step in detail["steps"]] == [
        ("sequence", []),
        ("edit", ["sequence"]),
        ("tracking", ["sequence", "edit"]),
    ]
    assert (await maya.get("/workflows/nonsense", status=404))["code"] == "workflow-unknown"


async def test_a_workflow_from_start_to_one_document(api: Api, maya: Caller) -> None:
    client = await maya.post("/clients", {"name": "Harbor Lane"})
    key = {"Idempotency-Key": str(uuid.uuid7())}
    ask = {**ASK, "brief": "Bring the readers of Harbor Lane's guide to a call."}
    started = await maya.post("/workflow-runs", ask, status=202, headers=key)
    assert (await maya.post("/workflow-runs", ask, status=202, headers=key))["id"] == started["id"]
    assert started["client_id"] == client["id"]
    assert [step["status"] for step in started["steps"]] == ["running", "queued", "queued"]
    path = f"/workflow-runs/{started['id']}"
    runs = (await maya.get("/runs"))["data"]
    assert [(run["source"], run["id"]) for run in runs] == [("workflow", started["steps"][0]["run_id"])]

    await finish(api, started["id"], "sequence")
    waiting = await maya.get(path)
    assert waiting["status"] == "awaiting_input"
    assert waiting["steps"][0]["allowed"] == ["approve", "revise", "skip"]
    decision = f"{path}/steps/sequence/decision"
    wrong = await maya.post(decision, {"decision": "revise"}, status=422)
    assert wrong["code"] == "request-invalid"
    revised = await maya.post(decision, {"decision": "revise", "comment": "Shorter", "tries": 1}, status=200)
    assert (revised["steps"][0]["status"], revised["steps"][0]["tries"]) == ("running", 2)
    await finish(api, started["id"], "sequence")
    stale = await maya.post(decision, {"decision": "approve", "tries": 1}, status=409)
    assert stale["code"] == "step-decided"
    await maya.post(decision, {"decision": "approve", "tries": 2}, status=200)
    assert (await maya.post(decision, {"decision": "approve"}, status=409))["code"] == "step-decided"
    await maya.post(f"{path}/steps/nonsense/decision", {"decision": "approve"}, status=404)

    for step in ("edit", "tracking"):
        await finish(api, started["id"], step)
        await maya.post(f"{path}/steps/{step}/decision", {"decision": "approve"}, status=200)
    done = await maya.get(path)
    assert done["status"] == "completed"
    assert done["completed_at"]
    assert [it["id"] for it in (await maya.get("/workflow-runs"))["data"]] == [started["id"]]
    file = await maya.get(f"{path}/download")
    document = (await api.runtime.objects.get(f"exports/{maya.user_id}/workflow-{started['id']}.md")).decode()
    assert file["filename"].startswith("harbor-lane-email-campaign-")
    assert document.startswith(
        "# Email campaign for Harbor Lane\n\n---\n\n*Step 1: Write the emails*\n\n# sequence"
    )


async def test_each_step_is_told_to_the_users_own_address(api: Api, maya: Caller) -> None:
    await set_own_webhook(api.runtime, maya.user_id, "https://example.com/hook")
    started = await maya.post("/workflow-runs", ASK, status=202)
    await finish(api, started["id"], "sequence")
    await maya.post(f"/workflow-runs/{started['id']}/steps/sequence/decision", {"decision": "skip"}, status=200)
    async with api.runtime.unit(maya.user_id) as unit:
        rows = await unit.session.execute(
            text("SELECT r.step, w.url FROM webhook_deliveries w JOIN runs r ON r.id = w.run_id ORDER BY r.id")
        )
        told = [tuple(row) for row in rows]
    assert told == [("sequence", "https://example.com/hook"), ("edit", "https://example.com/hook")]


async def test_what_is_unclear_or_unknown_starts_nothing(api: Api, maya: Caller) -> None:
    for name in ("Harbor Lane", "Hill Side"):
        await maya.post("/clients", {"name": name})
    both = {**ASK, "brief": "For Harbor Lane and for Hill Side"}
    unclear = await maya.post("/workflow-runs", both, status=422)
    assert unclear["code"] == "client-unclear"
    assert [it["title"] for it in unclear["alternatives"]] == ["Harbor Lane", "Hill Side"]
    assert (await maya.post("/workflow-runs", {**ASK, "workflow": "x"}, status=404))["code"] == "workflow-unknown"
    assert (await maya.post("/workflow-runs", {**ASK, "client_id": "x"}, status=404))["code"] == "client-unknown"
    assert (await maya.post("/workflow-runs", {**ASK, "brief": ""}, status=422))["code"] == "request-invalid"
    assert (await maya.post("/workflow-runs", {**ASK, "notify": "telegram"}, status=422))["code"] == (
        "telegram-not-linked"
    )
    assert (await maya.get("/workflow-runs"))["data"] == []
    started = await maya.post("/workflow-runs", ASK, status=202)
    assert started["client_id"] is None
    stopped = await maya.post(
        f"/workflow-runs/{started['id']}/steps/edit/decision", {"decision": "stop"}, status=200
    )
    assert stopped["status"] == "cancelled"
    assert [step["status"] for step in stopped["steps"]] == ["cancelled"] * 3
    assert api.chats.said == []
