"""Steering the stand-in from Python: give it scripts, see what it was asked."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import aiohttp

from local.claude.call import JSON, Call

POLL_SECONDS = 20.0  # how long one look for news may take


@dataclass(frozen=True)
class ReceivedRequest:
    """A request that the stand-in got, and what became of it so far."""

    number: int
    method: str
    path: str  # with its query
    headers: Mapping[str, str]  # names in lower case
    body: Any  # the JSON sent; None when there was none
    at: float  # seconds since the epoch
    seconds: float | None  # how long the answer took; None while it lasts
    answered_by: str | None  # the script's name, `script`, `form` or `sample`; None when it was refused
    status: int | None
    stop_reason: str | None
    usage: JSON | None
    client_closed: bool  # whether the client hung up before the end
    ended: bool

    @cached_property
    def call(self) -> Call:
        """The request as the stand-in reads it, with `system`, `user`, `everything`, `tools`."""
        return Call(self.body)


class ClaudeStandIn:
    """A running stand-in, by its URL."""

    def __init__(self, url: str) -> None:
        """Speak to the stand-in at `url`, which is also the `ANTHROPIC_BASE_URL` of its clients."""
        self.url = url.rstrip("/")

    async def script(
        self,
        *steps: Mapping[str, Any] | str,
        name: str = "",
        times: int | None = None,
        model: str | None = None,
        user: str | None = None,
        system: str | None = None,
        body: str | None = None,
        tools: Sequence[str] = (),
        nth: int | None = None,
    ) -> None:
        """Append a script to the live ones; the first one that fits answers.

        Args:
            steps: what to answer, as in a script file; a string is text.
            name: what `ReceivedRequest.answered_by` will say.
            times: for how many requests; no limit by default.
            model: a part of the model's name, or a `/regular expression/`; so also for the next three.
            user: what the person said last.
            system: the system prompt.
            body: any text of the request.
            tools: tools that are offered, all of them.
            nth: only the nth request that fulfils the rest.

        Raises:
            ValueError: when the stand-in does not take the script; it says why.
        """
        when = {"model": model, "user": user, "system": system, "body": body, "tools": list(tools), "nth": nth}
        script = {
            "name": name,
            "times": times,
            "when": {key: value for key, value in when.items() if value},
            "steps": [{"text": step} if isinstance(step, str) else dict(step) for step in steps],
        }
        await self._call("POST", "/_admin/scripts", json=[script])

    async def load(self, scripts: str) -> None:
        """Replace the live scripts by a YAML document.

        Raises:
            ValueError: when the stand-in does not take it; it says why.
        """
        await self._call("PUT", "/_admin/scripts", data=scripts)

    async def requests(self) -> list[ReceivedRequest]:
        """Return every request since the last `reset`, oldest first."""
        return (await self._news(0, 0.0))[1]

    async def wait_for_request(
        self,
        predicate: Callable[[ReceivedRequest], bool] = lambda _: True,
        timeout: float = 10.0,  # noqa: ASYNC109 - what a test reads best
    ) -> ReceivedRequest:
        """Return the first request that fulfils the predicate, now or as soon as there is one.

        Args:
            predicate: asked again whenever a request changes, so it may look at its end (`ended`, `client_closed`).
            timeout: seconds to wait at most.

        Raises:
            TimeoutError: when there was none in time.
        """
        revision = 0
        async with asyncio.timeout(timeout):
            while True:
                revision, changed = await self._news(revision, POLL_SECONDS)
                for request in changed:
                    if predicate(request):
                        return request

    async def open_streams(self) -> int:
        """Return how many answers are being streamed now."""
        return int((await self._call("GET", "/_admin/status"))["open_streams"])

    async def reset(self) -> None:
        """Take the live scripts away, forget the requests and every cached prompt."""
        for path in ("/_admin/scripts", "/_admin/requests", "/_admin/cache"):
            await self._call("DELETE", path)

    async def _news(self, revision: int, seconds: float) -> tuple[int, list[ReceivedRequest]]:
        answer = await self._call("GET", f"/_admin/requests?after={revision}&wait={seconds}")
        return answer["revision"], [ReceivedRequest(**request) for request in answer["requests"]]

    async def _call(self, method: str, path: str, **options: Any) -> JSON:
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, self.url + path, **options) as response,
        ):
            answer: JSON = await response.json() if response.content_type == "application/json" else {}
            if "error" in answer:
                raise ValueError(answer["error"])
            return answer
