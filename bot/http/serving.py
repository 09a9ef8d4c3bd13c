"""From a route to an aiohttp handler: who calls, how often, what is asked; then one endpoint, and its answer."""

from typing import Any

import structlog
from aiohttp import web
from pydantic import BaseModel, TypeAdapter

from bot.http.addresses import client_address
from bot.http.call import Call
from bot.http.errors import KeyMissingError
from bot.http.idempotency import key_of, once
from bot.http.keys import FRAME, RUNTIME
from bot.http.problems import Handler
from bot.http.reading import read_json, read_path, read_query
from bot.http.routing import Route
from core.accounts.authentication import Caller, Scope
from core.errors import KeyInvalidError, ScopeMissingError

_BEARER = "Bearer "


def serve(route: Route) -> Handler:
    """The handler of a route."""
    path_types, query_model, body_model = route.path_types(), route.query, route.body
    adapter: TypeAdapter[Any] | None = TypeAdapter(route.answer) if route.answer else None

    async def handle(request: web.Request) -> web.StreamResponse:
        call = Call(request, await _caller(request) if route.scope else None)
        if call.caller is None:
            await call.limit(client_address(request), "address")
        else:
            await call.limit(str(call.user_id), "all", *route.limits)
            _require(call.caller, route.scope)
            _note_use(call)
        arguments: dict[str, Any] = read_path(request, path_types)
        query = read_query(request, query_model)
        if query is not None:
            arguments["query"] = query
        raw = b""
        if body_model is not None:
            arguments["body"], raw = await read_json(request, body_model)
        if not route.creates:
            return _render(route, call, adapter, await route.endpoint(call, **arguments))
        call.idempotency_key = key_of(request)

        async def work() -> web.Response:
            response = _render(route, call, adapter, await route.endpoint(call, **arguments))
            if not isinstance(response, web.Response):
                raise TypeError("a stream can't be kept")
            return response

        return await once(call, raw, work, keep_answer=not route.shows_secret)

    return handle


async def _caller(request: web.Request) -> Caller:
    given = request.headers.get("Authorization", "")
    try:
        caller = await request.app[FRAME].authenticator.caller(given.removeprefix(_BEARER).strip())
    except KeyInvalidError as error:
        await Call(request, None).limit(client_address(request), "address")
        raise (error if given.startswith(_BEARER) else KeyMissingError) from None
    structlog.contextvars.bind_contextvars(user_id=str(caller.account.user_id))
    return caller


def _require(caller: Caller, scope: Scope | None) -> None:
    if scope is not None and scope not in caller.scopes:
        raise ScopeMissingError(scope=scope)


def _note_use(call: Call) -> None:
    """Note when the key was used last; once a minute, and nobody waits for it."""
    caller, runtime = call.caller, call.request.app[RUNTIME]
    if caller is None or not caller.note_use:
        return

    async def note() -> None:
        async with runtime.unit(caller.account.user_id) as unit:
            await unit.accounts.note_key_use(caller.key_id)

    runtime.in_background(note())


def _render(route: Route, call: Call, adapter: TypeAdapter[Any] | None, answer: Any) -> web.StreamResponse:
    if isinstance(answer, web.StreamResponse):
        return answer
    status = call.status or route.status
    if answer is None:
        return web.Response(status=status, headers=call.headers)
    body = adapter.dump_json(answer) if adapter and isinstance(answer, BaseModel) else b""
    return web.Response(body=body, status=status, content_type="application/json", headers=call.headers)
