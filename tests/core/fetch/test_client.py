"""The guarded client against real sockets: what it reaches, how much it takes, and how long it waits."""

import asyncio
import gzip
import socket
import zlib
from collections.abc import AsyncIterator
from ipaddress import ip_address
from typing import Any

import pytest
from aiohttp import web

from core.fetch.client import Answer, FetchError, GuardedClient, RefusedError

ANY_PORT = range(1, 65536)


async def hello(_: web.Request) -> web.Response:
    return web.Response(text="Grüße", content_type="text/plain", charset="latin-1")


async def redirect(request: web.Request) -> web.Response:
    return web.Response(status=302, headers={"Location": request.query["to"]})


async def circle(_: web.Request) -> web.Response:
    return web.Response(status=307, headers={"Location": "circle"})


async def endless(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/plain"})
    await response.prepare(request)
    while True:
        await response.write(b"x" * 65536)


async def bomb(_: web.Request) -> web.Response:
    packed = zlib.compressobj(9, zlib.DEFLATED, 31)
    body = b"".join(packed.compress(b"\0" * 1_000_000) for _ in range(100)) + packed.flush()
    return web.Response(body=body, headers={"Content-Encoding": "gzip", "Content-Type": "text/plain"})


async def packed(_: web.Request) -> web.Response:
    body = gzip.compress(b"small " * 100)
    return web.Response(body=body, headers={"Content-Encoding": "gzip", "Content-Type": "text/plain"})


async def oddly_packed(request: web.Request) -> web.Response:
    return web.Response(
        body=b"...", headers={"Content-Encoding": request.query["as"], "Content-Type": "text/plain"}
    )


async def picture(_: web.Request) -> web.Response:
    return web.Response(body=b"\x89PNG", content_type="image/png")


async def silent(_: web.Request) -> web.Response:
    await asyncio.sleep(60)
    return web.Response()


async def callback(request: web.Request) -> web.Response:
    body = await request.read()
    return web.Response(status=202 if body == b"{}" and request.headers["X-Signed"] == "yes" else 400)


@pytest.fixture(scope="module")
async def site() -> AsyncIterator[str]:
    app = web.Application()
    for handler in (hello, redirect, circle, endless, bomb, packed, oddly_packed, picture, silent):
        app.router.add_get(f"/{handler.__name__}", handler)
    app.router.add_post("/callback", callback)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.fixture
async def client() -> AsyncIterator[GuardedClient]:
    """Allowed on this machine only, so that a way out shows as a refusal."""
    client = GuardedClient(allow=lambda address: address == ip_address("127.0.0.1"), ports=ANY_PORT)
    yield client
    await client.close()


@pytest.fixture
async def strict() -> AsyncIterator[GuardedClient]:
    """As in the product, but for the ports."""
    client = GuardedClient(ports=ANY_PORT)
    yield client
    await client.close()


async def get(client: GuardedClient, url: str, **options: Any) -> Answer:
    return await client.get(url, **{"max_bytes": 100_000, "timeout_seconds": 5, **options})


async def test_gets_text_in_its_own_alphabet(client: GuardedClient, site: str) -> None:
    answer = await get(client, f"{site}/hello")

    assert answer.text == "Grüße"
    assert (answer.url, answer.status, answer.content_type) == (f"{site}/hello", 200, "text/plain")


def spellings(port: str) -> list[str]:
    """Ways to write this machine, its network, or where clouds keep their secrets."""
    hosts = [
        *("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "0"),
        *("0.0.0.0", "localhost", "LOCALHOST", "127.0.0.1.", "１２７.0.0.1", "①②⑦.0.0.1"),  # noqa: S104
        *("[::1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:7f00:1]", "[::127.0.0.1]"),
        *("[fe80::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "10.0.0.1", "192.168.0.1", "172.16.0.1"),
        *("169.254.169.254", "[::ffff:169.254.169.254]", "[fd00:ec2::254]", "100.100.100.200", "224.0.0.1"),
    ]
    return [f"http://{host}:{port}/hello" for host in hosts]


@pytest.mark.parametrize("number", range(len(spellings("0"))))
async def test_does_not_speak_to_this_machine_or_network_however_it_is_written(
    strict: GuardedClient, site: str, number: int
) -> None:
    with pytest.raises(RefusedError):
        await get(strict, spellings(site.rsplit(":", 1)[1])[number], timeout_seconds=2)


@pytest.mark.parametrize(
    "url",
    [
        *(
            "file:///etc/passwd",
            "ftp://example.com/",
            "gopher://example.com/",
            "data:text/plain,x",
            "//example.com",
        ),
        *("http://", "http:///x", "", "not a url", "http://[::1", "http://a:99999/", "javascript:alert(1)"),
        *("http://user:password@example.com/", "http://127.0.0.1@example.com/", "unix:///run/docker.sock"),
    ],
)
async def test_takes_plain_addresses_of_the_web_only(strict: GuardedClient, url: str) -> None:
    with pytest.raises(RefusedError):
        await get(strict, url)


@pytest.mark.parametrize("port", [22, 25, 5432, 6379, 8080, 9200])
async def test_speaks_to_the_ports_of_the_web_only(port: int) -> None:
    client = GuardedClient(allow=lambda _: True)
    with pytest.raises(RefusedError, match=str(port)):
        await get(client, f"http://127.0.0.1:{port}/")
    await client.close()


async def test_follows_redirects_to_what_it_may_reach(client: GuardedClient, site: str) -> None:
    answer = await get(client, f"{site}/redirect?to=/redirect?to=/hello")

    assert answer.url == f"{site}/hello"


@pytest.mark.parametrize(
    "to", ["http://169.254.169.254/latest/meta-data", "http://[::1]:80/", "file:///etc/passwd"]
)
async def test_looks_at_every_redirect_again(client: GuardedClient, site: str, to: str) -> None:
    with pytest.raises(RefusedError):
        await get(client, f"{site}/redirect?to={to}")


async def test_redirects_come_to_an_end(client: GuardedClient, site: str) -> None:
    with pytest.raises(FetchError, match="redirects"):
        await get(client, f"{site}/circle")


async def test_a_name_that_changes_its_address_is_looked_at_where_it_is_connected_to(
    client: GuardedClient, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first answer of the name server may be spoken to, later ones not: what counts is the one that is used."""
    answers = iter(["127.0.0.1", "10.0.0.1", "10.0.0.1"])
    real = socket.getaddrinfo

    def rebinding(host: str, *arguments: Any, **options: Any) -> Any:
        return real(next(answers) if host == "rebinding.example" else host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    port = site.rsplit(":", 1)[1]

    assert (await get(client, f"http://rebinding.example:{port}/hello")).text == "Grüße"
    await client.close()
    again = GuardedClient(allow=lambda address: address == ip_address("127.0.0.1"), ports=ANY_PORT)
    with pytest.raises(RefusedError):
        await get(again, f"http://rebinding.example:{port}/hello")
    await again.close()


@pytest.mark.parametrize("path", ["endless", "bomb"])
async def test_takes_no_more_than_it_was_told(client: GuardedClient, site: str, path: str) -> None:
    with pytest.raises(FetchError, match="longer than 100000 bytes"):
        await get(client, f"{site}/{path}")


async def test_unpacks_what_is_packed_as_was_asked_for(client: GuardedClient, site: str) -> None:
    assert (await get(client, f"{site}/packed")).text == "small " * 100


@pytest.mark.parametrize("how", ["gzip", "br", "deflate", "zstd"])
async def test_gives_up_on_what_it_can_not_unpack(client: GuardedClient, site: str, how: str) -> None:
    with pytest.raises(FetchError):
        await get(client, f"{site}/oddly_packed?as={how}")


async def test_takes_the_types_it_was_told(client: GuardedClient, site: str) -> None:
    with pytest.raises(FetchError, match="image/png"):
        await get(client, f"{site}/picture")
    assert (await get(client, f"{site}/picture", types=("image/",))).body == b"\x89PNG"


async def test_failures_of_the_server_are_told(client: GuardedClient, site: str) -> None:
    with pytest.raises(FetchError, match="404"):
        await get(client, f"{site}/nowhere")


async def test_waits_so_long_and_no_longer(client: GuardedClient, site: str) -> None:
    with pytest.raises(FetchError, match=r"within 0\.2 seconds"):
        await get(client, f"{site}/silent", timeout_seconds=0.2)


async def test_a_server_that_is_not_there_is_no_answer(client: GuardedClient) -> None:
    with pytest.raises(FetchError, match="can't be reached"):
        await get(client, "http://127.0.0.1:9/")


async def test_posts_where_it_may(client: GuardedClient, strict: GuardedClient, site: str) -> None:
    assert await client.post(f"{site}/callback", b"{}", headers={"X-Signed": "yes"}) == 202
    with pytest.raises(RefusedError):
        await strict.post(f"{site}/callback", b"{}", headers={})
