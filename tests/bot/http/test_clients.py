"""Clients and their files over HTTP."""

import asyncio
import hashlib
import io

import pytest
from docx import Document

from core.clients.profile import PROFILE_PATHS
from storage import keys
from tests.bot.http.conftest import Api, Caller
from tests.bot.http.test_runs import ASK

VOICE = "/clients/harbor-lane/files/brand/voice.md"


@pytest.fixture
async def baker(maya: Caller) -> Caller:
    await maya.post("/clients", {"name": "Harbor Lane"})
    return maya


def tag(text: str) -> str:
    return f'"{hashlib.sha256(text.encode()).hexdigest()}"'


async def test_a_client_is_made_found_changed_and_its_name_is_taken(baker: Caller) -> None:
    client = await baker.get("/clients/harbor-lane")
    assert (await baker.get(f"/clients/{client['id']}")) == client
    again = await baker.post("/clients", {"name": "Harbor Lane"}, status=409)
    assert again["detail"] == "There is a client harbor-lane already."
    body = {"aliases": ["HLB"], "monthly_budget_usd": "12.50"}
    changed = await baker.json("PATCH", "/clients/harbor-lane", status=200, json=body)
    assert (changed["name"], changed["aliases"], changed["monthly_budget_usd"]) == (
        "Harbor Lane",
        ["HLB"],
        "12.500000",
    )
    seen = await baker.post("/skills/detect", {"message": "Write homepage copy for HLB"}, status=200)
    assert seen["extracted"]["client_id"] == client["id"]


async def test_files_are_kept_as_they_are_and_count_towards_the_profile(baker: Caller) -> None:
    text = "# Voice\n\nWarm, brief: “no hype”.\n"
    made = await baker.call("PUT", VOICE, data=text.encode())
    assert made.status == 201
    assert made.headers["ETag"] == tag(text)
    assert made.headers["Location"] == f"/api/v1{VOICE}"
    got = await baker.call("GET", VOICE)
    assert (await got.text(), got.content_type, got.headers["ETag"]) == (text, "text/markdown", tag(text))
    assert (await baker.get("/clients/harbor-lane"))["completeness"] == round(100 / len(PROFILE_PATHS))
    listed = await baker.get("/clients/harbor-lane/files")
    assert [file["path"] for file in listed["data"]] == ["brand/voice.md"]
    assert len(listed["missing"]) == len(PROFILE_PATHS) - 1
    await baker.json("DELETE", VOICE, status=204)
    assert (await baker.get("/clients/harbor-lane"))["completeness"] == 0
    await baker.json("DELETE", VOICE, status=404)


async def test_nobody_overwrites_what_they_have_not_seen(baker: Caller) -> None:
    only_new = {"If-None-Match": "*"}
    assert (await baker.call("PUT", VOICE, data=b"one", headers=only_new)).status == 201
    assert (await baker.call("PUT", VOICE, data=b"two", headers=only_new)).status == 412
    assert (await baker.call("GET", VOICE, headers={"If-None-Match": tag("one")})).status == 304
    seen = {"If-Match": tag("one")}
    assert (await baker.call("PUT", VOICE, data=b"two", headers=seen)).status == 200
    assert (await baker.call("PUT", VOICE, data=b"three", headers=seen)).status == 412
    assert (await baker.call("DELETE", VOICE, headers=seen)).status == 412
    missing = "/clients/harbor-lane/files/profile.md"
    assert (await baker.call("PUT", missing, data=b"x", headers={"If-Match": "*"})).status == 412

    both = [baker.call("PUT", VOICE, data=text, headers={"If-Match": tag("two")}) for text in (b"a", b"b", b"c")]
    assert sorted(answer.status for answer in await asyncio.gather(*both)) == [200, 412, 412]


@pytest.mark.parametrize(
    "path",
    [
        "../../other/profile.md",
        "brand/../../../x.md",
        "research/..%2f..%2fx.md",
        "%2e%2e/x.md",
        "research/.hidden.md",
        "research/a//b.md",
        "brand/voice.md%00.txt",
        "/etc/passwd",
        "research/x.exe",
        "brand\\voice.md",
        "RULES.md",
    ],
)
async def test_a_file_lies_where_files_lie_and_nowhere_else(baker: Caller, path: str) -> None:
    from yarl import URL

    url = URL(f"/api/v1/clients/harbor-lane/files/{path}", encoded=True)
    headers = {"Authorization": f"Bearer {baker.key}"}
    response = await baker.client.request("PUT", url, data=b"x", headers=headers)
    assert response.status in {404, 405, 422}
    assert (await baker.get("/clients/harbor-lane/files"))["data"] == []


async def test_of_a_word_file_the_text_is_kept_and_a_broken_pdf_is_refused(baker: Caller) -> None:
    document, file = Document(), io.BytesIO()
    document.add_paragraph("Opened in 1987 by two sisters.")
    document.save(file)
    path = "/clients/harbor-lane/files/research/history.md"
    await baker.json("PUT", path, status=201, data=file.getvalue())
    assert "Opened in 1987 by two sisters." in await (await baker.call("GET", path)).text()
    refused = await baker.json("PUT", path, status=422, data=b"%PDF-1.7 but no more")
    assert refused["code"] == "upload-broken"


@pytest.mark.parametrize("content", [b"", b"  \n", b"\xff\xfe\x00", b"a\x00b"])
async def test_what_is_no_text_is_refused(baker: Caller, content: bytes) -> None:
    assert (await baker.json("PUT", VOICE, status=422, data=content))["code"] == "file-unreadable"


async def test_deleting_a_client_takes_its_name_twice_its_files_and_its_runs_along(api: Api, baker: Caller) -> None:
    await baker.json("PUT", VOICE, status=201, data=b"# Voice")
    run = await baker.post("/runs", {**ASK, "client_id": "harbor-lane"}, status=202)
    assert (await baker.json("DELETE", "/clients/harbor-lane", status=422))["code"] == "confirmation-missing"
    await baker.json("DELETE", "/clients/harbor-lane?confirm=other", status=422)
    await baker.json("DELETE", "/clients/harbor-lane?confirm=harbor-lane", status=204)
    await baker.get("/clients/harbor-lane", status=404)
    assert (await baker.get(f"/runs/{run['run_id']}"))["status"] == "cancelled"
    prefix = keys.client_prefix(baker.user_id, "harbor-lane")
    assert [key async for key in api.runtime.objects.list(prefix)] == []
