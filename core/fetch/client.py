"""The guarded HTTP client: it reaches the public internet only, takes little, and waits shortly."""

import asyncio
import socket
import zlib
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiohttp
from yarl import URL

from core.fetch.addresses import Address, is_public, parse_address

MAX_REDIRECTS = 5
_WEB_PORTS = frozenset({80, 443})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TEXT = ("text/", "application/json", "application/xml", "application/xhtml+xml", "application/ld+json")
_GZIP = 31  # window bits: the largest window, with a gzip header


class FetchError(Exception):
    """There is no answer that could be used; the message says why, in words that a model can work with."""


class RefusedError(FetchError):
    """The address is one that we do not speak to."""


class _RefusedAddressError(OSError):
    """Raised where a socket would be made, so that nothing can get around it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, from the last address of a chain of redirects."""

    url: str
    status: int
    content_type: str
    body: bytes
    charset: str | None

    @property
    def text(self) -> str:
        """The body as text; what can't be decoded is replaced."""
        try:
            return self.body.decode(self.charset or "utf-8", "replace")
        except LookupError:
            return self.body.decode("utf-8", "replace")


class GuardedClient:
    """One for each process; close it.

    A name is resolved once for a connection, and the address that it is connected to is the one that was looked at:
    the check stands where sockets are made. That holds for names, for numbers in any notation, and again for each
    redirect. Proxies from the environment are not used, since a proxy would resolve names by itself.
    """

    def __init__(
        self,
        *,
        allow: Callable[[Address], bool] = is_public,
        ports: Collection[int] = _WEB_PORTS,
        user_agent: str = "MarketingAgent/1.0",
    ) -> None:
        """Make a client; `allow` says which addresses may be spoken to, `ports` which ports."""
        self._allow = allow
        self._ports = ports
        self._user_agent = user_agent
        self._session: aiohttp.ClientSession | None = None

    async def get(
        self,
        url: str,
        *,
        max_bytes: int,
        timeout_seconds: float = 15.0,
        types: Collection[str] = _TEXT,
    ) -> Answer:
        """Get what is at an address, following redirects.

        Args:
            url: where; http or https.
            max_bytes: how long the body may be, unpacked; more is an error.
            timeout_seconds: for everything, redirects included.
            types: beginnings of the content types that are taken.

        Raises:
            RefusedError: it, or one that it leads to, is not a public web address.
            FetchError: there is no answer, a failure, or not what was asked for.
        """
        async with _within(timeout_seconds):
            at = self._checked(url)
            for _ in range(MAX_REDIRECTS + 1):
                async with self._request("GET", at) as response:
                    if response.status not in _REDIRECTS:
                        return await _answer(response, max_bytes, types)
                    at = self._checked(response.headers.get("location", ""), base=at)
            raise FetchError(f"more than {MAX_REDIRECTS} redirects")

    async def post(
        self, url: str, body: bytes, *, headers: Mapping[str, str], timeout_seconds: float = 10.0
    ) -> int:
        """Send something to an address; redirects are not followed. Returns the status.

        Raises:
            RefusedError: it is not a public web address.
            FetchError: there is no answer.
        """
        async with (
            _within(timeout_seconds),
            self._request("POST", self._checked(url), data=body, headers=headers) as response,
        ):
            return response.status

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _request(self, method: str, url: URL, **options: Any) -> "aiohttp.client._RequestContextManager":
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(socket_factory=self._socket, use_dns_cache=False),
                cookie_jar=aiohttp.DummyCookieJar(),
                auto_decompress=False,  # its unpacking knows no limit of ours
                headers={"User-Agent": self._user_agent, "Accept-Encoding": "gzip"},
            )
        return self._session.request(method, url, allow_redirects=False, **options)

    def _checked(self, raw: str, base: URL | None = None) -> URL:
        try:
            url = URL(raw) if base is None else base.join(URL(raw))
            port = url.port
        except ValueError as error:
            raise RefusedError("this is not an address of a web page") from error
        if url.scheme not in ("http", "https") or not url.host or url.user or url.password:
            raise RefusedError("only plain http and https addresses can be fetched")
        if port not in self._ports:
            raise RefusedError(f"port {port} is not one of the web's")
        return url

    def _socket(self, address: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, where = address
        if not self._allow(parse_address(where[0])):
            raise _RefusedAddressError("not a public address")
        return socket.socket(family, kind, protocol)


async def _answer(response: aiohttp.ClientResponse, max_bytes: int, types: Collection[str]) -> Answer:
    if not response.ok:
        raise FetchError(f"the server answered {response.status}")
    if not response.content_type.startswith(tuple(types)):
        raise FetchError(f"it is {response.content_type}, which can't be read here")
    body = await _body(response, max_bytes)
    return Answer(str(response.url), response.status, response.content_type, body, response.charset)


async def _body(response: aiohttp.ClientResponse, max_bytes: int) -> bytes:
    """The body, unpacked. Never more than the limit is held, nor read from the network."""
    encoding = response.headers.get("content-encoding", "identity").lower()
    if encoding not in ("identity", "gzip", "x-gzip"):
        raise FetchError(f"it is packed as {encoding}, which was not asked for")
    unpacking = None if encoding == "identity" else zlib.decompressobj(_GZIP)
    body, received = bytearray(), 0
    async for chunk in response.content.iter_any():
        received += len(chunk)
        body += unpacking.decompress(chunk, max_bytes + 1 - len(body)) if unpacking else chunk
        if max(received, len(body)) > max_bytes:
            raise FetchError(f"it is longer than {max_bytes} bytes")
    return bytes(body)


@asynccontextmanager
async def _within(seconds: float) -> AsyncIterator[None]:
    """A limit of time; and what goes wrong on the network becomes one kind of error."""
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError as error:
        raise FetchError(f"no answer within {seconds:g} seconds") from error
    except aiohttp.InvalidURL as error:
        raise RefusedError("this is not an address of a web page") from error
    except aiohttp.ClientConnectorError as error:
        if isinstance(error.os_error, _RefusedAddressError):
            raise RefusedError("this address is not on the public internet") from error
        raise FetchError("the server can't be reached") from error
    except (aiohttp.ClientError, OSError, UnicodeError, zlib.error) as error:
        raise FetchError(f"the connection failed: {type(error).__name__}") from error
