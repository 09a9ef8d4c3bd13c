"""Outputs, their files, and what is said of them."""

import asyncio

import aiohttp
from yarl import URL

from core.outputs.exporting import make_export
from core.queue import QUEUE_NAME
from tests.bot.http.conftest import Api, Caller
from tests.bot.http.test_runs import ASK
from tests.bot.http.test_two_users import written


async def an_output(api: Api, maya: Caller, text: str = "# A page\n\nWith words.") -> str:
    run = await maya.post("/runs", ASK, status=202)
    return str((await written(api, run["run_id"], text)).id)


async def fetched(url: str) -> tuple[bytes, str]:
    async with aiohttp.ClientSession() as session, session.get(URL(url, encoded=True)) as response:
        assert response.status == 200
        return await response.read(), response.headers["Content-Disposition"]


async def test_a_text_is_downloaded_without_a_key(api: Api, maya: Caller) -> None:
    output = await an_output(api, maya)
    found = await maya.get(f"/outputs/{output}/download")
    data, disposition = await fetched(found["download_url"])
    assert data == b"# A page\n\nWith words."
    assert found["filename"] in disposition
    assert [it["id"] for it in (await maya.get("/outputs?skill=copywriting"))["data"]] == [output]


async def test_another_format_is_made_by_the_worker_and_kept(api: Api, maya: Caller) -> None:
    output = await an_output(api, maya)
    asked = asyncio.create_task(maya.get(f"/outputs/{output}/download?format=html"))
    job = f"export:{output}:html"
    async with asyncio.timeout(5):
        while await api.runtime.redis.zscore(QUEUE_NAME, job) is None:  # noqa: ASYNC110 - Redis tells nobody
            await asyncio.sleep(0.01)
    from uuid import UUID

    await make_export(api.runtime, UUID(output), "html")
    found = await asked
    data, _ = await fetched(found["download_url"])
    assert b"With words" in data
    assert found["filename"].endswith(".html")
    await api.runtime.redis.flushdb()
    again = await maya.get(f"/outputs/{output}/download?format=html")
    assert await api.runtime.redis.zscore(QUEUE_NAME, job) is None
    assert again["filename"] == found["filename"]
    assert (await maya.get(f"/outputs/{output}/download?format=json", status=422))["code"] == "not-exportable"


async def test_feedback_is_one_for_each_person_and_changes(api: Api, maya: Caller) -> None:
    output = await an_output(api, maya)
    body = {
        "output_id": output,
        "overall_score": 2,
        "accuracy_score": 3,
        "issues": [{"description": "Too long", "severity": "high", "suggested_fix": "Halve it"}],
        "suggested_rule_changes": [{"file": "RULES.md", "suggested_change": "One screen", "rationale": "Phones"}],
        "source": "website",
    }
    first = await maya.post("/feedback", body)
    assert first["issues"] == body["issues"]
    changed = await maya.post("/feedback", {"output_id": output, "overall_score": 5, "what_worked_well": "All"})
    assert changed["id"] == first["id"]
    assert (changed["overall_score"], changed["accuracy_score"], changed["issues"]) == (5, None, [])
    assert len((await maya.get(f"/feedback?output_id={output}"))["data"]) == 1
    await maya.post("/feedback", {"output_id": output, "overall_score": 6}, status=422)


async def test_a_revision_is_for_the_client_of_its_text(api: Api, maya: Caller) -> None:
    output = await an_output(api, maya)
    await maya.post("/clients", {"name": "Harbor Lane"})
    ask = {"user_message": "Shorter", "parent_output_id": output}
    started = await maya.post("/runs", ask, status=202)
    assert (started["skill"], started["client_id"]) == ("copywriting", None)
    refused = await maya.post("/runs", {**ask, "client_id": "harbor-lane"}, status=422)
    assert refused["code"] == "client-differs"
