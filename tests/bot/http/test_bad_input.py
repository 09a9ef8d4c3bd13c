"""What a hostile or broken client sends: always an answer in our words, never a 5xx."""

import asyncio
import io
import json
from collections.abc import AsyncIterator

import pytest

from bot.http import reading
from tests.bot.http.conftest import Api, Caller

JSON = {"Content-Type": "application/json"}
MEGABYTE = 1024 * 1024


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"", 400, "body-not-json"),
        (b"{", 400, "body-not-json"),
        (b'{"user_message": "\\ud800"}', 400, "body-not-json"),
        (b"\xff\xfe", 400, "body-not-json"),
        (b"NaN", 422, "request-invalid"),
        (b"[" * 100_000, 400, "body-not-json"),
        (b"null", 422, "request-invalid"),
        (b"[]", 422, "request-invalid"),
        (b'{"user_message": 5}', 422, "request-invalid"),
        (b'{"user_message": ""}', 422, "request-invalid"),
        (b'{"user_message": "a\\u0000b"}', 422, "request-invalid"),
        (b'{"user_message": " \\u200b "}', 422, "empty-request"),
        (json.dumps({"user_message": "x" * 4097}).encode(), 422, "request-invalid"),
        (b'{"user_message": "x", "user_id": "11111111-1111-1111-1111-111111111111"}', 422, "request-invalid"),
        (b" " * (MEGABYTE + 1), 413, "body-too-large"),
    ],
)
async def test_broken_bodies(maya: Caller, body: bytes, status: int, code: str) -> None:
    if code == "empty-request":
        body = body.replace(b"}", b', "skill_id": "copywriting"}')
    answer = await maya.json("POST", "/runs", status=status, data=io.BytesIO(body), headers=JSON)
    assert answer["code"] == code


async def test_a_body_of_another_type(maya: Caller) -> None:
    answer = await maya.json(
        "POST", "/runs", status=415, data=b"user_message=x", headers={"Content-Type": "text/plain"}
    )
    assert answer["code"] == "body-type"


@pytest.mark.parametrize("announced", [True, False])
async def test_eleven_megabytes(maya: Caller, announced: bool) -> None:
    await maya.post("/clients", {"name": "Harbor Lane"})

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * MEGABYTE

    data = io.BytesIO(b"x" * 11 * MEGABYTE) if announced else chunks()
    answer = await maya.json("PUT", "/clients/harbor-lane/files/profile.md", status=413, data=data)
    assert answer["code"] == "body-too-large"


async def test_a_body_that_trickles(maya: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "BODY_SECONDS", 0.2)

    async def trickle() -> AsyncIterator[bytes]:
        yield b'{"name": "'
        await asyncio.Event().wait()

    async with asyncio.timeout(5):
        response = await maya.call("POST", "/clients", data=trickle(), headers=JSON)
    assert response.status == 408


async def raw(api: Api, request: bytes) -> bytes:
    """Send these bytes and take what comes until the server closes."""
    reader, writer = await asyncio.open_connection(api.client.host, api.client.port)
    writer.write(request)
    await writer.drain()
    try:
        async with asyncio.timeout(5):
            return await reader.read(65_536)
    finally:
        writer.close()


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /api/v1/skills HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(1000)) + b"\r\n",
        b"GET /api/v1/skills HTTP/1.1\r\nHost: x\r\nX-Long: " + b"y" * 20_000 + b"\r\n\r\n",
        b"GET /api/v1/" + b"x" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /api/v1/skills HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\xfe\r\n\r\n",
        b"POST /api/v1/runs HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ],
)
async def test_bytes_that_no_client_library_sends(api: Api, request_bytes: bytes) -> None:
    answer = await raw(api, request_bytes)
    assert answer.split(b" ", 2)[1][:1] == b"4"
    assert (await api.client.get("/healthz")).status == 200


async def test_a_client_that_hangs_up_in_the_middle_of_its_body_or_of_a_stream(api: Api, maya: Caller) -> None:
    run = await maya.post("/runs", {"skill_id": "copywriting", "user_message": "x"}, status=202)
    head = f"Host: x\r\nAuthorization: Bearer {maya.key}\r\n"
    for request in (
        f"POST /api/v1/clients HTTP/1.1\r\n{head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{",
        f"GET /api/v1/runs/{run['run_id']}/events HTTP/1.1\r\n{head}\r\n",
    ):
        reader, writer = await asyncio.open_connection(api.client.host, api.client.port)
        writer.write(request.encode())
        await writer.drain()
        if "events" in request:
            await reader.readuntil(b"event: queued")
        writer.transport.abort()
    assert (await maya.get("/clients"))["data"] == []
