"""Runs over HTTP: started, listed, stopped, started again."""

from datetime import timedelta
from uuid import UUID

from core.queue import QUEUE_NAME
from storage.models import Run
from storage.models.runs import RunStatus
from storage.runs import RunRepository, Spending
from tests.bot.http.conftest import Api, Caller

ASK = {"skill_id": "copywriting", "user_message": "Write homepage copy"}


async def end(api: Api, run_id: str, status: RunStatus = "failed", error_code: str | None = "model-timeout") -> Run:
    """What a worker does with a run, in short."""
    async with api.runtime.system_unit() as unit:
        runs = RunRepository(unit.session)
        run = await runs.get(UUID(run_id))
        assert run is not None
        claimed = await runs.claim(
            run.id, run.attempt, worker="test", lease=timedelta(seconds=60), per_user=100, per_skill=100
        )
        assert claimed is not None
        await runs.add_event(claimed, "started", {"attempt": 1})
        await runs.end_attempt(run.id, 1, "failed", Spending(tokens_in=10, tokens_out=5))
        assert await runs.finish(run.id, claimed.fence, status, error_code=error_code)
        await runs.add_event(claimed, status)
    return claimed


async def test_a_run_is_in_line_when_the_call_returns(api: Api, maya: Caller) -> None:
    response = await maya.call("POST", "/runs", json=ASK)
    started = await response.json()
    assert response.status == 202, started
    assert started["status"] == "queued"
    assert started["position"] == 1
    assert started["skill"] == "copywriting"
    assert response.headers["Location"] == f"/api/v1/runs/{started['run_id']}"
    assert await api.runtime.redis.zscore(QUEUE_NAME, f"run:{started['run_id']}:1") is not None

    run = await maya.get(f"/runs/{started['run_id']}")
    assert run["source"] == "api"
    assert run["outputs"] == []
    assert run["client_id"] is None
    assert [it["id"] for it in (await maya.get("/runs"))["data"]] == [started["run_id"]]
    assert (await maya.get("/runs?status=completed"))["data"] == []
    assert len((await maya.get("/runs?status=queued&skill=copywriting"))["data"]) == 1


async def test_cancel_and_retry_may_be_repeated(api: Api, maya: Caller) -> None:
    started = await maya.post("/runs", ASK, status=202)
    path = f"/runs/{started['run_id']}"
    for _ in range(2):
        assert (await maya.post(f"{path}/cancel", None, status=200))["status"] == "cancelled"
    again = [await maya.post(f"{path}/retry", None, status=202) for _ in range(2)]
    assert again[0]["run_id"] == again[1]["run_id"] != started["run_id"]
    assert again[0]["status"] == "queued"
    same = await maya.post(f"/runs/{again[0]['run_id']}/retry", None, status=202)
    assert same["run_id"] == again[0]["run_id"]

    await end(api, again[0]["run_id"])
    failed = await maya.get(f"/runs/{again[0]['run_id']}")
    assert failed["error"]["code"] == "model-timeout"
    assert failed["tokens_used"] == 15
    assert failed["attempts"][0]["outcome"] == "failed"
