"""What belongs to another user is 404 on every route of the table, whatever is asked of it."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.http.openapi import document
from bot.http.routing import Route
from bot.http.table import ROUTES
from storage.models import Output
from tests.bot.http.conftest import Api, Caller, open_api
from tests.bot.http.test_runs import ASK, end
from tests.conftest import Servers

SCHEMAS = document(ROUTES)["components"]["schemas"]
OWNED = [route for route in ROUTES if route.scope and set(route.path_parameters) - {"name"}]
ADMINS = [route for route in ROUTES if route.scope == "admin"]


@dataclass(frozen=True)
class Belongings:
    """Everything that a user can have, by the names of path parameters and fields; and a stranger."""

    ids: dict[str, str]
    owner: Caller
    stranger: Caller


@pytest.fixture(scope="module")
async def belongings(servers: Servers) -> AsyncIterator[Belongings]:
    async with open_api(servers) as api:
        owner, stranger = await api.user("Maya"), await api.user("Sam")
        client = await owner.post("/clients", {"name": "Secret Brand"})
        await owner.json("PUT", "/clients/secret-brand/files/brand/voice.md", status=201, data=b"# Voice: canary")
        run = (await owner.post("/runs", {**ASK, "client_id": "secret-brand"}, status=202))["run_id"]
        key = await owner.post("/api-keys", {"name": "site"})
        output = await written(api, run)
        feedback = await owner.post("/feedback", {"output_id": str(output.id), "overall_score": 5})
        ids = {"slug": "secret-brand", "client_id": client["id"], "run_id": run, "output_id": str(output.id)}
        ids |= {"key_id": key["id"], "feedback_id": feedback["id"], "path": "brand/voice.md"}
        walk = await owner.post("/workflow-runs", {"workflow": "email-campaign", "brief": "canary"}, status=202)
        ids |= {"workflow_run_id": walk["id"], "step": "sequence"}
        yield Belongings(ids, owner, stranger)


async def written(api: Api, run_id: str, text: str = "# A page\n\nWith words.") -> Output:
    """An output of a run, as a worker would have left it."""
    run = await end(api, run_id, "completed", None)
    key = f"outputs/copywriting/{run.user_id}/page-{run.id}.md"
    await api.runtime.objects.put(key, text.encode())
    output = Output(
        run_id=run.id, user_id=run.user_id, client_id=run.client_id, skill_id=run.skill_id, s3_key=key,
        title="A page", preview=text[:40], short_id=run.id.hex[-8:], bytes=len(text),
    )  # fmt: skip
    async with api.runtime.system_unit() as unit:
        unit.session.add(output)
    return output


def request_of(route: Route, ids: dict[str, str]) -> tuple[str, dict[str, object]]:
    path = route.full_path.removeprefix("/api/v1").format(**ids)
    options: dict[str, object] = {}
    if route.name == "remove_client":
        path += f"?confirm={ids['slug']}"
    if route.raw_body:
        options["data"] = b"overwritten"
    elif route.body is not None:
        options["json"] = SCHEMAS[route.body.__name__].get("examples", [{}])[0]
    return path, options


@pytest.mark.parametrize("route", [it for it in OWNED if it not in ADMINS], ids=lambda route: route.name)
async def test_what_is_somebody_elses_is_not_found(route: Route, belongings: Belongings) -> None:
    path, options = request_of(route, belongings.ids)
    theirs = await belongings.stranger.call(route.method, path, **options)
    told = await theirs.text()
    assert theirs.status == 404, told
    assert "canary" not in told
    if "slug" in route.path_parameters:
        by_id = path.replace("/secret-brand", f"/{belongings.ids['client_id']}")
        assert (await belongings.stranger.call(route.method, by_id, **options)).status == 404


@pytest.mark.parametrize("route", ADMINS, ids=lambda route: route.name)
async def test_what_is_for_admins_is_refused_whatever_is_asked(route: Route, belongings: Belongings) -> None:
    ids = {**belongings.ids, "name": "copywriting", "proposal_id": belongings.ids["run_id"]}
    path, options = request_of(route, ids)
    refused = await belongings.owner.call(route.method, path, **options)
    assert refused.status == 403
    assert (await refused.json())["code"] == "scope-missing"


LISTS = [
    route
    for route in ROUTES
    if route.scope and route not in ADMINS and route.method == "GET" and not route.path_parameters
]


@pytest.mark.parametrize("route", LISTS, ids=lambda route: route.name)
async def test_no_list_shows_what_is_somebody_elses(route: Route, belongings: Belongings) -> None:
    told = json.dumps(await belongings.stranger.get(route.full_path.removeprefix("/api/v1")))
    for value in (belongings.ids[name] for name in ("slug", "client_id", "run_id", "output_id", "key_id")):
        assert value not in told


REFERENCES = [
    ("POST", "/runs", {**ASK, "client_id": "{client_id}"}, 404),
    ("POST", "/runs", {**ASK, "client_id": "{slug}"}, 404),
    ("POST", "/runs", {**ASK, "parent_output_id": "{output_id}"}, 404),
    ("POST", "/skills/detect", {"message": "Homepage copy", "client_id": "{client_id}"}, 404),
    ("POST", "/feedback", {"output_id": "{output_id}", "overall_score": 1}, 404),
    ("GET", "/runs?client={slug}", None, 404),
    ("GET", "/outputs?client={client_id}", None, 404),
]


@pytest.mark.parametrize(("method", "path", "body", "status"), REFERENCES)
async def test_no_body_and_no_query_can_name_what_is_somebody_elses(
    method: str, path: str, body: dict[str, str] | None, status: int, belongings: Belongings
) -> None:
    ids = belongings.ids
    filled = {k: v.format(**ids) if isinstance(v, str) else v for k, v in body.items()} if body else None
    response = await belongings.stranger.call(method, path.format(**ids), json=filled)
    assert response.status == status, await response.text()


async def test_the_owner_has_it_all_still(belongings: Belongings) -> None:
    file = await belongings.owner.call("GET", "/clients/secret-brand/files/brand/voice.md")
    assert await file.text() == "# Voice: canary"
    (feedback,) = (await belongings.owner.get("/feedback"))["data"]
    assert feedback["overall_score"] == 5
    run = await belongings.owner.get(f"/runs/{belongings.ids['run_id']}")
    assert [it["id"] for it in run["outputs"]] == [belongings.ids["output_id"]]
