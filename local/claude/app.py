"""The HTTP surface: the Messages API, with the admin routes beside it."""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from local.claude import admin
from local.claude.caching import count_input
from local.claude.call import JSON, Call
from local.claude.errors import ApiError
from local.claude.models import MODELS, find
from local.claude.recorder import Record
from local.claude.standin import STAND_IN, StandIn
from local.claude.streaming import send_stream, send_whole
from local.claude.turn import Stop, new_id
from local.claude.validation import check, check_key, parse

log = logging.getLogger(__name__)

LARGEST_BODY = 32 * 2**20
RECORD = web.RequestKey("record", Record)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build_app(stand_in: StandIn) -> web.Application:
    """Return the application that serves `stand_in`."""
    app = web.Application(middlewares=[recorded, refused], client_max_size=LARGEST_BODY)
    app[STAND_IN] = stand_in
    app.on_response_prepare.append(add_request_id)
    app.add_routes(
        [
            web.post("/v1/messages", create_message),
            web.post("/v1/messages/count_tokens", count_tokens),
            web.get("/v1/models", list_models),
            web.get("/v1/models/{id}", retrieve_model),
            web.get("/", hello),
            web.get("/api/hello", hello),  # the CLI asks here whether there is a network
            *admin.ROUTES,
        ]
    )
    return app


async def add_request_id(_request: web.Request, response: web.StreamResponse) -> None:
    """Give every answer the id by which support would find it."""
    response.headers.setdefault("request-id", new_id("req"))


@web.middleware
async def recorded(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Keep the request and what becomes of it, and give the answer its id."""
    if request.path.startswith("/_admin"):
        return await handler(request)
    recorder = request.app[STAND_IN].recorder
    try:
        raw = await request.read()
    except web.HTTPRequestEntityTooLarge:
        return _error(ApiError(413, "Request exceeds the maximum size"))
    record = recorder.begin(request.method, request.path_qs, request.headers, raw)
    request[RECORD] = record
    try:
        response = await handler(request)
        record.status = response.status
    except (asyncio.CancelledError, ConnectionError):
        record.client_closed = True
        raise
    finally:
        recorder.end(record)
    return response


@web.middleware
async def refused(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Ask for a key, and turn every failure into an error of the API's shape."""
    try:
        if request.path.startswith("/v1/"):
            check_key(_key(request), request.app[STAND_IN].wrong_keys)
        return await handler(request)
    except ApiError as error:
        return _error(error)
    except web.HTTPException as error:
        return _error(ApiError(error.status, "Not found" if error.status == 404 else error.reason))  # noqa: PLR2004
    except ConnectionError:
        raise
    except Exception as error:
        log.exception("Claude stand-in: %s %s", request.method, request.path)
        return _error(ApiError(500, f"local stand-in: {error!r}"))


async def create_message(request: web.Request) -> web.StreamResponse:
    """`POST /v1/messages`."""
    stand_in, record = request.app[STAND_IN], request[RECORD]
    if "anthropic-version" not in request.headers:
        raise ApiError(400, "anthropic-version: header is required")
    call = Call(_checked(request), account=hashlib.sha256(_key(request).encode()).hexdigest())
    turn, record.answered_by = stand_in.responder.answer(call)
    record.stop_reason = turn.ending.reason if isinstance(turn.ending, Stop) else None

    def charge() -> JSON:
        usage = stand_in.cache.charge(call).report()
        record.usage = {**usage, **turn.output_usage()}
        return usage

    message = {"id": new_id("msg"), "type": "message", "role": "assistant", "model": call.body["model"]}
    if not call.body.get("stream"):
        return await send_whole(request, turn, message, charge)
    stand_in.recorder.open_streams += 1
    try:
        return await send_stream(request, turn, message, charge)
    finally:
        stand_in.recorder.open_streams -= 1


async def count_tokens(request: web.Request) -> web.StreamResponse:
    """`POST /v1/messages/count_tokens`."""
    return web.json_response({"input_tokens": count_input(Call(_checked(request, counting=True)))})


async def list_models(_request: web.Request) -> web.StreamResponse:
    """`GET /v1/models`, all on one page."""
    data = [model.info() for model in MODELS]
    return web.json_response(
        {"data": data, "has_more": False, "first_id": data[0]["id"], "last_id": data[-1]["id"]}
    )


async def retrieve_model(request: web.Request) -> web.StreamResponse:
    """`GET /v1/models/{id}`."""
    return web.json_response(find(request.match_info["id"]).info())


async def hello(_request: web.Request) -> web.StreamResponse:
    """Answer those who only want to know whether somebody is there."""
    return web.json_response({"message": "hello"})


def _checked(request: web.Request, *, counting: bool = False) -> JSON:
    body = parse(request[RECORD].raw)
    check(body, request.headers.get("anthropic-beta", ""), counting=counting)
    return body


def _key(request: web.Request) -> str:
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    return request.headers.get("x-api-key", "").strip() or bearer


def _error(error: ApiError) -> web.Response:
    request_id = new_id("req")
    return web.json_response(
        error.body(request_id), status=error.status, headers={"request-id": request_id, **error.headers}
    )
