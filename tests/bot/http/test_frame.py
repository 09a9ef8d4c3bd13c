"""What every route has in common: who calls, how often, and how it is told what is wrong."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import ClientResponse

from core.limits import LIMITS
from tests.bot.http.conftest import Api, Caller, open_api
from tests.conftest import Servers


async def problem(response: ClientResponse) -> dict[str, object]:
    assert response.content_type == "application/problem+json"
    body: dict[str, object] = await response.json(content_type=None)
    assert body["status"] == response.status
    assert body["request_id"] == response.headers["X-Request-Id"]
    return body


@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "key-missing"),
        ("Basic bWF5YTpzZWNyZXQ=", "key-missing"),
        ("Bearer mk_live_nothing", "key-invalid"),
        ("Bearer ", "key-missing"),
        ("Bearer mk_live_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "key-invalid"),
    ],
)
async def test_without_a_key_that_works_nothing_is_told(api: Api, header: str | None, code: str) -> None:
    headers = {"Authorization": header} if header else {}
    response = await api.client.get("/api/v1/runs", headers=headers)
    assert response.status == 401
    assert (await problem(response))["code"] == code


async def test_a_key_may_do_what_its_scopes_say(api: Api) -> None:
    reader = await api.user(scopes=["read"])
    assert (await reader.get("/clients"))["data"] == []
    response = await reader.call("POST", "/clients", json={"name": "Harbor Lane"})
    assert response.status == 403
    assert (await problem(response))["detail"] == "This API key lacks the scope run."


async def test_fields_that_are_wrong_are_named_and_what_was_given_is_not_repeated(maya: Caller) -> None:
    response = await maya.call("POST", "/runs", json={"user_messag": "x", "client_id": "hush hush"})
    body = await problem(response)
    assert response.status == 422
    assert "hush" not in str(body)
    fields = body["fields"]
    assert isinstance(fields, list)
    assert {field["field"] for field in fields} == {"body.user_message", "body.user_messag", "body.client_id"}
    unknown = await maya.get("/runs?colour=red", status=422)
    assert unknown["fields"][0]["field"] == "query.colour"


async def test_a_path_that_is_not_there_and_a_method_that_is_not_taken(maya: Caller) -> None:
    assert (await problem(await maya.call("GET", "/nothing")))["code"] == "not-found"
    response = await maya.call("DELETE", "/skills")
    assert response.status == 405
    assert response.headers["Allow"] == "GET,HEAD"
    assert (await problem(response))["code"] == "method-not-allowed"


async def test_a_list_goes_on_where_it_ended_and_a_cursor_fits_one_list_of_one_user(
    maya: Caller, sam: Caller
) -> None:
    for number in range(5):
        await maya.post("/clients", {"name": f"Client {number}"})
    first = await maya.call("GET", "/clients?limit=2")
    page = await first.json()
    assert [client["name"] for client in page["data"]] == ["Client 4", "Client 3"]
    cursor = page["next_cursor"]
    assert first.headers["Link"] == f'</api/v1/clients?limit=2&cursor={cursor}>; rel="next"'
    second = await maya.get(f"/clients?limit=3&cursor={cursor}")
    assert [client["name"] for client in second["data"]] == ["Client 2", "Client 1", "Client 0"]
    assert second["next_cursor"] is None

    for caller, path in ((sam, "/clients"), (maya, "/outputs")):
        assert (await caller.get(f"{path}?cursor={cursor}", status=400))["code"] == "cursor-invalid"
    forged = ("A" if cursor[0] != "A" else "B") + cursor[1:]
    assert (await maya.get(f"/clients?cursor={forged}", status=400))["code"] == "cursor-invalid"
    assert (await maya.get("/clients?cursor=x", status=422))["code"] == "request-invalid"


async def test_a_request_under_a_key_is_done_once(maya: Caller, sam: Caller) -> None:
    key = {"Idempotency-Key": "order-1"}
    body = {"skill_id": "copywriting", "user_message": "A page about boats"}
    first = await maya.call("POST", "/runs", json=body, headers=key)
    again = await maya.call("POST", "/runs", json=body, headers=key)
    assert again.status == first.status == 202
    assert await again.json() == await first.json()
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len((await maya.get("/runs"))["data"]) == 1

    other = await maya.post("/runs", {**body, "user_message": "Other"}, status=422, headers=key)
    assert other["code"] == "idempotency-mismatch"
    elsewhere = await maya.post("/clients", {"name": "Boats"}, status=422, headers=key)
    assert elsewhere["code"] == "idempotency-mismatch"
    theirs = await sam.post("/runs", body, status=202, headers=key)
    assert theirs["run_id"] != (await first.json())["run_id"]


async def test_a_refused_request_leaves_its_key_free_and_a_broken_key_is_refused(maya: Caller) -> None:
    key = {"Idempotency-Key": "order-2"}
    await maya.post("/runs", {"skill_id": "no-such-skill", "user_message": "x"}, status=404, headers=key)
    await maya.post("/runs", {"skill_id": "copywriting", "user_message": "x"}, status=202, headers=key)
    await maya.post("/clients", {"name": "x"}, status=422, headers={"Idempotency-Key": "x" * 256})


async def test_an_answer_that_shows_a_secret_is_not_kept(api: Api, maya: Caller) -> None:
    key = {"Idempotency-Key": "key-1"}
    made = await maya.post("/api-keys", {"name": "site"}, headers=key)
    again = await maya.post("/api-keys", {"name": "site"}, status=409, headers=key)
    assert again["code"] == "answer-not-kept"
    async with api.runtime.system_unit() as unit:
        from sqlalchemy import text

        kept = (await unit.session.execute(text("SELECT row_to_json(k)::text FROM idempotency_keys k"))).scalars()
        assert made["key"] not in "".join(kept)


@pytest.fixture
async def narrow(servers: Servers) -> AsyncIterator[Api]:
    limits = {**LIMITS, "all": 6, "detect": 2, "complex": 1, "address": 3}
    async with open_api(servers, limits=limits, redis_number=4) as opened:
        yield opened


async def test_limits_are_told_and_kept(narrow: Api) -> None:
    maya, sam = await narrow.user("Maya"), await narrow.user("Sam")
    response = await maya.call("GET", "/skills")
    assert response.headers["RateLimit-Policy"] == '"all";q=6;w=60'
    assert response.headers["RateLimit"].startswith('"all";r=5;t=')
    asked = [await maya.call("POST", "/skills/detect", json={"message": "copy"}) for _ in range(3)]
    assert [it.status for it in asked] == [200, 200, 429]
    body = await problem(asked[2])
    assert body["code"] == "rate-limited"
    assert 1 <= int(asked[2].headers["Retry-After"]) <= 60
    assert asked[2].headers["RateLimit"].startswith('"detect";r=0;')
    ask = {"skill_id": "idea-to-spec", "user_message": "A booking tool"}
    assert (await maya.call("POST", "/runs", json=ask)).status == 202
    assert (await maya.call("POST", "/runs", json=ask)).status == 429
    assert (await maya.call("GET", "/skills")).status == 200
    assert (await maya.call("GET", "/skills")).status == 429
    assert (await sam.call("GET", "/skills")).status == 200

    strangers = [await narrow.client.get("/api/v1/skills") for _ in range(4)]
    assert [it.status for it in strangers] == [401, 401, 401, 429]
    assert (await sam.call("GET", "/skills")).status == 200


async def test_a_key_is_listed_by_its_prefix_replaced_with_grace_and_revoked(maya: Caller, sam: Caller) -> None:
    made = await maya.post("/api-keys", {"name": "site", "scopes": ["read"]})
    site = Caller(maya.user_id, made["key"], maya.client)
    assert (await site.get("/skills"))["data"]
    listed = await maya.get("/api-keys")
    assert [key["name"] for key in listed["data"]] == ["site", "test"]
    assert listed["data"][0]["prefix"] == made["key"][:14]
    assert "key" not in listed["data"][0]
    assert made["key"] not in str(listed)

    assert (await site.post("/api-keys", {"name": "more"}, status=403))["code"] == "scope-missing"
    wider = await maya.post("/api-keys", {"name": "more", "scopes": ["admin"]}, status=403)
    assert wider["detail"] == "This API key lacks the scope admin."

    fresh = await maya.post(f"/api-keys/{made['id']}/rotate", {"grace": 3600})
    assert (await Caller(maya.user_id, fresh["key"], maya.client).get("/skills"))["data"]
    assert (await site.get("/skills"))["data"]
    await maya.post(f"/api-keys/{fresh['id']}/rotate", {"grace": 0})
    assert (await Caller(maya.user_id, fresh["key"], maya.client).call("GET", "/skills")).status == 401

    await sam.json("DELETE", f"/api-keys/{made['id']}", status=404)
    for _ in range(2):
        await maya.json("DELETE", f"/api-keys/{made['id']}", status=204)
    assert (await site.call("GET", "/skills")).status == 401


async def test_a_keys_last_use_is_noted(api: Api, maya: Caller) -> None:
    assert (await maya.get("/skills"))["data"]
    await api.runtime.settle()
    (key,) = (await maya.get("/api-keys"))["data"]
    assert key["last_used_at"] is not None


async def test_a_key_that_runs_out_works_no_more(api: Api, maya: Caller) -> None:
    async with api.runtime.system_unit() as unit:
        for key in (await unit.keys.page(maya.user_id)).items:
            key.expires_at = key.created_at - timedelta(seconds=1)
    assert (await maya.call("GET", "/skills")).status == 401
