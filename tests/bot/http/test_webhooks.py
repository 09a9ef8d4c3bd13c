"""Webhooks: told to an address that we call, and heard from a worker that may not speak to Telegram."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from standardwebhooks import Webhook

from core.channel import Failed, Progress, WebhookSwitchedOff
from core.fetch.client import GuardedClient
from core.runs.sweeper import sweep
from core.webhooks.sending import FAILURES_IN_A_ROW, WebhookSender
from core.webhooks.signing import sign
from storage.models import WebhookDelivery
from storage.webhooks import WebhookRepository
from tests.bot.http.conftest import JOBS_SECRET, Api, Caller
from tests.bot.http.test_runs import ASK, end


class Listener:
    """Somebody's server, which answers with a status and keeps what it hears."""

    def __init__(self, server: TestServer) -> None:
        self.status = 200
        self.heard: list[tuple[dict[str, str], bytes]] = []
        self._server = server

    @property
    def url(self) -> str:
        return str(self._server.make_url("/hook"))


@asynccontextmanager
async def listening() -> AsyncIterator[Listener]:
    app = web.Application()
    server = TestServer(app)
    listener = Listener(server)

    async def hear(request: web.Request) -> web.Response:
        listener.heard.append((dict(request.headers), await request.read()))
        return web.Response(status=listener.status)

    app.router.add_post("/hook", hear)
    async with server:
        yield listener


@asynccontextmanager
async def sending(api: Api, listener: Listener | None = None) -> AsyncIterator[WebhookSender]:
    """What a worker sends with; it may speak to the listener only where one is given."""
    loopback = {"allow": lambda _: True, "ports": range(65_536)} if listener else {}
    client = GuardedClient(**loopback)  # type: ignore[arg-type]
    yield WebhookSender(api.runtime, client, {"telegram": api.chats})
    await client.close()


async def deliveries(api: Api, run_id: str) -> list[WebhookDelivery]:
    async with api.runtime.system_unit() as unit:
        return list(await WebhookRepository(unit.session).take_due(hold=timedelta(0), run_id=UUID(run_id)))


async def linked(api: Api, maya: Caller) -> str:
    async with api.runtime.system_unit() as unit:
        (key,) = (await unit.keys.page(maya.user_id)).items
        chat = str(uuid4().int % 10**9)
        await unit.accounts.link_by_key(key.key_hash, "telegram", chat)
    return chat


async def test_an_ended_run_is_told_signed_and_thin(api: Api, maya: Caller) -> None:
    async with listening() as listener, sending(api, listener) as sender:
        run_id = (await maya.post("/runs", {**ASK, "callback_url": listener.url}, status=202))["run_id"]
        assert await deliveries(api, run_id) == []
        await end(api, run_id)
        (delivery,) = await deliveries(api, run_id)
        for _ in range(2):
            await sender.send(delivery.id)
        ((headers, body),) = listener.heard
    secret = (await maya.get("/webhook"))["secret"]
    told = Webhook(secret).verify(body, headers)
    assert told == {
        "id": headers["webhook-id"],
        "type": "run.failed",
        "created_at": told["created_at"],
        "data": {"run_id": run_id},
    }


async def test_every_run_is_told_to_the_users_own_address(api: Api, maya: Caller) -> None:
    await maya.json("PUT", "/webhook", status=200, json={"url": "https://example.com/hook"})
    run_id = (await maya.post("/runs", {**ASK, "callback_url": "https://example.com/this"}, status=202))["run_id"]
    await maya.post(f"/runs/{run_id}/cancel", None, status=200)
    assert {it.url for it in await deliveries(api, run_id)} == {
        "https://example.com/hook",
        "https://example.com/this",
    }


async def test_the_sweeper_rings_for_what_is_due(api: Api, maya: Caller) -> None:
    run_id = (await maya.post("/runs", {**ASK, "callback_url": "https://example.com/this"}, status=202))["run_id"]
    await maya.post(f"/runs/{run_id}/cancel", None, status=200)
    await sweep(api.runtime)
    jobs = [key async for key in api.runtime.redis.scan_iter("arq:job:webhook:*")]
    assert jobs


async def test_a_failure_is_tried_again_with_the_same_id_for_a_day(api: Api, maya: Caller) -> None:
    async with listening() as listener, sending(api, listener) as sender:
        listener.status = 500
        run_id = (await maya.post("/runs", {**ASK, "callback_url": listener.url}, status=202))["run_id"]
        await end(api, run_id)
        (delivery,) = await deliveries(api, run_id)
        tries, waited = 0, timedelta(0)
        while delivery.state == "waiting":
            await sender.send(delivery.id)
            tries += 1
            async with api.runtime.system_unit() as unit:
                found = await WebhookRepository(unit.session).get(delivery.id)
                assert found is not None
                delivery = found[0]
            waited += (
                max(delivery.next_at - datetime.now(UTC), timedelta(0))
                if delivery.state == "waiting"
                else timedelta(0)
            )
    assert delivery.state == "given_up"
    assert len({headers["webhook-id"] for headers, _ in listener.heard}) == 1
    assert tries == len(listener.heard) == 11
    assert timedelta(hours=20) < waited < timedelta(hours=30)


async def test_an_address_that_never_listens_is_switched_off_and_its_owner_told(api: Api, maya: Caller) -> None:
    chat = await linked(api, maya)
    async with listening() as listener, sending(api, listener) as sender:
        listener.status = 503
        await maya.json("PUT", "/webhook", status=200, json={"url": listener.url})
        for _ in range(FAILURES_IN_A_ROW + 1):
            run_id = (await maya.post("/runs", ASK, status=202))["run_id"]
            await maya.post(f"/runs/{run_id}/cancel", None, status=200)
            (delivery,) = await deliveries(api, run_id)
            await sender.send(delivery.id)
        assert len(listener.heard) == FAILURES_IN_A_ROW
        assert (chat, WebhookSwitchedOff(listener.url, FAILURES_IN_A_ROW)) in api.chats.said
        assert (await maya.get("/webhook"))["disabled_at"] is not None
        await maya.json("PUT", "/webhook", status=200, json={"url": listener.url})
        assert (await maya.get("/webhook"))["failures"] == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x",
        "http://2130706433/",
        "http://[::1]/",
        "http://169.254.169.254/latest",
        "http://localhost:5432/",
    ],
)
async def test_no_webhook_reaches_a_private_address(api: Api, maya: Caller, url: str) -> None:
    async with sending(api) as sender:
        run_id = (await maya.post("/runs", {**ASK, "callback_url": url}, status=202))["run_id"]
        await maya.post(f"/runs/{run_id}/cancel", None, status=200)
        (delivery,) = await deliveries(api, run_id)
        await sender.send(delivery.id)
        async with api.runtime.system_unit() as unit:
            found = await WebhookRepository(unit.session).get(delivery.id)
    assert found is not None
    assert found[0].state == "waiting"
    assert found[0].last_answer in {
        "this address is not on the public internet",
        "this is not an address of a web page",
        "port 5432 is not one of the web's",
    }


@pytest.mark.parametrize(
    "url", ["ftp://example.com/", "https://", "javascript:alert(1)", "https://user@example.com/"]
)
async def test_what_is_no_web_address_is_refused_at_once(maya: Caller, url: str) -> None:
    assert (await maya.post("/runs", {**ASK, "callback_url": url}, status=422))["code"] == "request-invalid"


async def test_a_run_is_shown_in_the_linked_chat_too(api: Api, maya: Caller) -> None:
    ask = {**ASK, "notify": "telegram"}
    assert (await maya.post("/runs", ask, status=422))["code"] == "telegram-not-linked"
    chat = await linked(api, maya)
    run_id = (await maya.post("/runs", ask, status=202))["run_id"]
    where, state = api.chats.said[-1]
    assert where == chat
    assert isinstance(state, Progress)
    assert str(state.subject.run_id) == run_id


def signed(
    run_id: str, message_id: str, *, at: datetime | None = None, secret: str = JOBS_SECRET
) -> dict[str, Any]:
    body = json.dumps({"event": "skill.execute.failed", "run_id": run_id}).encode()
    return {"data": body, "headers": {**sign(secret, message_id, body, now=at), "Content-Type": "application/json"}}


async def heard(api: Api, **options: Any) -> int:
    return (await api.client.post("/api/v1/webhooks/jobs", **options)).status


async def test_a_workers_word_shows_the_end_once(api: Api, maya: Caller) -> None:
    chat = await linked(api, maya)
    run_id = (await maya.post("/runs", {**ASK, "notify": "telegram"}, status=202))["run_id"]
    assert await heard(api, **signed(run_id, "msg_1")) == 409
    await end(api, run_id)
    before = len(api.chats.said)
    for _ in range(2):
        assert await heard(api, **signed(run_id, "msg_1")) == 204
    shown = api.chats.said[before:]
    assert [where for where, _ in shown] == [chat]
    assert isinstance(shown[0][1], Failed)
    assert await heard(api, **signed(str(uuid4()), "msg_2")) == 404


async def test_a_forged_or_old_word_is_not_believed(api: Api) -> None:
    run_id, now = str(uuid4()), datetime.now(UTC)
    for at in (now - timedelta(minutes=6), now + timedelta(minutes=6)):
        assert await heard(api, **signed(run_id, "msg_3", at=at)) == 401
    assert await heard(api, **signed(run_id, "msg_3", secret="whsec_b3RoZXIgc2VjcmV0")) == 401
    good = signed(run_id, "msg_3")
    for name in list(sign(JOBS_SECRET, "x", b"")):
        for wrong in ("", "x", "v1", "v1,", "v1,é", "v1,AAA", "v2,AAAA", "\udcff", str(time.time_ns())):
            headers = {**good["headers"], name: wrong}
            if name != "webhook-id" or not wrong:
                assert await heard(api, data=good["data"], headers=headers) in {400, 401}
    assert await heard(api, data=good["data"] + b" ", headers=good["headers"]) == 401
    assert await heard(api, data=b"\xff", headers=good["headers"]) == 401
