"""The bot's side: `/bot<token>/<method>` and `/file/bot<token>/<path>`, and methods in webhook replies.

Source: https://core.telegram.org/bots/api#making-requests
"""

import asyncio
import hmac
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from aiohttp import BodyPartReader, ClientResponse, MultipartReader, web

from .faults import Call, Fault
from .methods import METHODS
from .params import Params, Upload
from .standin import StandIn
from .wire import ApiError, Json

_FILE_PATH = re.compile(r"documents/[\w-]+\.\w+")
STANDIN = web.AppKey("standin", StandIn)


async def call(request: web.Request) -> web.StreamResponse:
    """Serve one call of a method."""
    standin = request.app[STANDIN]
    if not _is_ours(standin, request.match_info["token"]):
        return _answer(ApiError(401, "Unauthorized"))
    name = request.match_info["method"]
    try:
        params = await Params.read(request)
    except ApiError as error:
        return _answer(error)
    fault, answer = await perform(standin, name, params, via="http")
    if fault is not None and fault.kind == "lost":
        await asyncio.sleep(fault.seconds)
        if request.transport is not None:
            request.transport.close()
    return answer


async def file(request: web.Request) -> web.StreamResponse:
    """Serve the bytes of a file to the bot."""
    standin = request.app[STANDIN]
    if not _is_ours(standin, request.match_info["token"]):
        return _answer(ApiError(401, "Unauthorized"))
    wanted = request.match_info["path"]
    if _FILE_PATH.fullmatch(wanted) and (path := standin.store.file(wanted)).is_file():
        return web.FileResponse(path)
    return _answer(ApiError(404, "Not Found"))


async def perform(standin: StandIn, name: str, params: Params, *, via: str) -> tuple[Fault | None, web.Response]:
    """Carry out one call, with the fault that it may meet, and note it. Give the fault and the answer."""
    method = METHODS.get(name.lower(), _unknown)
    noted = standin.calls.begin(name, params.described(), via)
    fault = standin.faults.take(name, params.text("chat_id"))
    if fault is not None and fault.kind == "slow":
        await asyncio.sleep(fault.seconds)
    try:
        failure = fault and fault.error()
        outcome: Any = failure or await method(standin, params)
    except ApiError as error:
        outcome = error
    answer = _answer(outcome)
    _note(noted, answer, outcome, lost=fault is not None and fault.kind == "lost")
    if name.lower() != "getupdates":  # its coming and going is no news
        standin.feed.publish("call", None, call=asdict(noted))
    return fault, answer


async def _unknown(_: StandIn, __: Params) -> None:
    raise ApiError(404, "Not Found: method not found")


def executor(standin: StandIn) -> Callable[[ClientResponse], Awaitable[None]]:
    """Give what carries out the method in a webhook's reply. Its outcome is told to nobody.

    Source: https://core.telegram.org/bots/api#making-requests-when-getting-updates
    """

    async def execute(answer: ClientResponse) -> None:
        values = await _reply_values(answer)
        name = values.pop("method", None)
        if isinstance(name, str):
            await perform(standin, name, Params.of_json(values), via="webhook")

    return execute


async def _reply_values(answer: ClientResponse) -> Json:
    if answer.content_type == "multipart/form-data":
        values: Json = {}
        async for part in MultipartReader.from_response(answer):
            if isinstance(part, BodyPartReader) and part.name:
                raw = bytes(await part.read(decode=True))
                values[part.name] = Upload(part.filename, "", raw) if part.filename else raw.decode()
        return values
    try:
        body = await answer.json(content_type=None)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _is_ours(standin: StandIn, token: str) -> bool:
    return hmac.compare_digest(token.encode(), standin.token.encode())


def _answer(outcome: Any) -> web.Response:
    if isinstance(outcome, ApiError):
        headers = {"Retry-After": str(seconds)} if (seconds := outcome.parameters.get("retry_after")) else {}
        return web.json_response(outcome.body(), status=outcome.code, headers=headers)
    return web.json_response({"ok": True, "result": outcome})


def _note(noted: Call, answer: web.Response, outcome: Any, *, lost: bool) -> None:
    noted.seconds = round(time.time() - noted.at, 4)
    if not lost:
        noted.status = answer.status
    noted.description = outcome.description if isinstance(outcome, ApiError) else None
