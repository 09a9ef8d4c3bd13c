"""A run as it happens: events that resume, text that grows, and streams that end."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from aiohttp import ClientResponse

from core.runs.news import tell_text
from storage.runs import RunRepository
from tests.bot.http.conftest import Api, Caller
from tests.bot.http.test_runs import ASK, end


async def events(response: ClientResponse) -> AsyncIterator[dict[str, Any]]:
    """The events of a stream, each with its `id` (or None), `event` and `data`."""
    block: dict[str, Any] = {"id": None}
    async for line in response.content:
        name, _, value = line.decode().rstrip("\n").partition(": ")
        if name in {"id", "event", "data"}:
            block[name] = json.loads(value) if name == "data" else value
        elif not name and "event" in block:
            yield block
            block = {"id": None}


async def start(maya: Caller) -> str:
    return str((await maya.post("/runs", ASK, status=202))["run_id"])


async def watch(maya: Caller, run_id: str, **headers: str) -> ClientResponse:
    response = await maya.call("GET", f"/runs/{run_id}/events", headers=headers)
    assert response.status == 200
    assert response.content_type == "text/event-stream"
    assert "X-Request-Id" in response.headers
    assert "RateLimit" in response.headers
    return response


async def test_events_come_as_they_are_committed_and_the_stream_ends_with_the_run(api: Api, maya: Caller) -> None:
    run_id = await start(maya)
    stream = events(await watch(maya, run_id))
    first = await anext(stream)
    assert (first["id"], first["event"]) == ("1", "queued")
    await end(api, run_id, "completed", None)
    rest = [event async for event in stream]
    assert [(it["id"], it["event"]) for it in rest] == [("2", "started"), ("3", "completed")]
    assert rest[0]["data"]["attempt"] == 1


async def test_a_stream_goes_on_where_it_broke_off_and_has_nothing_for_who_saw_all(api: Api, maya: Caller) -> None:
    run_id = await start(maya)
    await end(api, run_id)
    resumed = [it async for it in events(await watch(maya, run_id, **{"Last-Event-ID": "1"}))]
    assert [it["id"] for it in resumed] == ["2", "3"]
    path = f"/runs/{run_id}/events"
    assert (await maya.call("GET", path, headers={"Last-Event-ID": "3"})).status == 204
    assert (await maya.call("GET", path, headers={"Last-Event-ID": "x"})).status == 422


async def test_growing_text_comes_in_pieces_without_an_id(api: Api, maya: Caller) -> None:
    run_id = await start(maya)
    stream = events(await watch(maya, run_id))
    await anext(stream)
    text = ""
    for said in ("Stop", "Stop copying", "Anew"):
        await tell_text(api.runtime.redis, UUID(run_id), said)
        piece = await asyncio.wait_for(anext(stream), 5)
        assert (piece["id"], piece["event"]) == (None, "writing")
        text = text[: piece["data"]["offset"]] + piece["data"]["text"]
        assert text == said
    await maya.post(f"/runs/{run_id}/cancel", None, status=200)
    assert [it["event"] async for it in stream] == ["cancelled"]


async def test_many_readers_share_a_feed_and_one_that_hangs_up_disturbs_nobody(api: Api, maya: Caller) -> None:
    run_id = await start(maya)
    responses = [await watch(maya, run_id) for _ in range(10)]
    for gone in responses[::2]:
        gone.close()
    readers = [asyncio.create_task(_last(response)) for response in responses[1::2]]
    await end(api, run_id)
    assert await asyncio.gather(*readers) == ["failed"] * 5


async def test_an_event_is_seen_within_fifty_milliseconds(api: Api, maya: Caller) -> None:
    run_id = await start(maya)
    stream = events(await watch(maya, run_id))
    await anext(stream)
    loop = asyncio.get_running_loop()
    waits = []
    for number in range(9):
        async with api.runtime.system_unit() as unit:
            run = await unit.runs.get(UUID(run_id))
            await RunRepository(unit.session).add_event(run, "tool", {"n": number})
        committed = loop.time()
        await anext(stream)
        waits.append(loop.time() - committed)
    await maya.post(f"/runs/{run_id}/cancel", None, status=200)
    assert sorted(waits)[4] < 0.05


async def _last(response: ClientResponse) -> str:
    return [str(it["event"]) async for it in events(response)][-1]
