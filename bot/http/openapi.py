"""The OpenAPI 3.1 document, made from the route table and the models that the server itself uses.

Source: https://spec.openapis.org/oas/v3.1.1
"""

import json
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from aiohttp import web
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.http.errors import (
    BodyNotJsonError,
    BodyTooLargeError,
    BodyTooSlowError,
    BodyTypeError,
    CursorInvalidError,
    IdempotencyBusyError,
    IdempotencyMismatchError,
    KeyMissingError,
    RateLimitedError,
    RequestInvalidError,
)
from bot.http.idempotency import HEADER, PATTERN
from bot.http.problems import CONTENT_TYPE
from bot.http.routing import PREFIX, Route
from bot.http.schemas.common import PageQuery, Problem
from bot.http.schemas.keys import RunEnded
from core.errors import (
    KeyInvalidError,
    MarketingAgentError,
    NotFoundError,
    ScopeMissingError,
    ServiceAwayError,
)

PATH = f"{PREFIX}/openapi.json"
_REF = "#/components/schemas/{model}"
_ABOUT = """Marketing copy, emails, audits and plans for your clients, written by Claude in their voice.

Send your key as `Authorization: Bearer mk_live_…`. Errors are `application/problem+json`; `code` is for programs.
Lists take `limit` and `cursor`. POSTs that create take `Idempotency-Key`. What belongs to others is 404."""
_HEADERS = {
    "X-Request-Id": "Quote it when you ask about a request.",
    "RateLimit": "What is left: `r` calls for `t` seconds.",
    "RateLimit-Policy": "The limit that is nearest: `q` calls in `w` seconds.",
}


def document(routes: Sequence[Route]) -> dict[str, Any]:
    """The document for these routes."""
    paths: dict[str, dict[str, Any]] = {}
    refs, schemas = _schemas(routes)
    for route in routes:
        paths.setdefault(route.full_path, {})[route.method.lower()] = _operation(route, refs, schemas)
    return {
        "openapi": "3.1.1",
        "info": {"title": "Marketing Agent", "version": "1", "description": _ABOUT},
        "servers": [{"url": "/"}],
        "tags": [{"name": tag} for tag in dict.fromkeys(route.tag for route in routes)],
        "paths": paths,
        "webhooks": {"run-ended": {"post": _told(refs)}},
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "bearerFormat": "mk_live_…"}},
        },
    }


def served(routes: Sequence[Route]) -> Any:
    """The handler that serves the document."""

    @cache
    def body() -> bytes:
        return json.dumps(document(routes)).encode()

    async def openapi(_: web.Request) -> web.Response:
        return web.Response(body=body(), content_type="application/json")

    return openapi


def _schemas(routes: Sequence[Route]) -> tuple[dict[Any, Any], dict[str, Any]]:
    """Where each model's schema is, by model and mode; and all schemas by name."""
    inputs = [route.body for route in routes if route.body]
    queries = [route.query for route in routes if route.query]
    answers = [route.answer for route in routes if route.answer]
    wanted: list[tuple[type[BaseModel], Any]] = [(model, "validation") for model in dict.fromkeys(inputs + queries)]
    wanted += [(model, "serialization") for model in dict.fromkeys([*answers, Problem, RunEnded])]
    refs, definitions = models_json_schema(wanted, ref_template=_REF)
    return dict(refs), dict(definitions["$defs"])


def _operation(route: Route, refs: dict[Any, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    summary, description = route.summary()
    operation: dict[str, Any] = {
        "operationId": route.name,
        "tags": [route.tag],
        "summary": summary,
        "description": description,
        "parameters": [*_path(route), *_query(route, refs, schemas), *_header(route)],
        "responses": _responses(route, refs),
        "security": [{"key": []}] if route.scope else [],
    }
    if route.scope:
        operation["x-scope"] = route.scope
    if route.body is not None:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": refs[route.body, "validation"]}},
        }
    elif route.raw_body:
        kind = "application/json" if route.scope is None else "text/markdown"
        operation["requestBody"] = {"required": True, "content": {kind: {"schema": {"type": "string"}}}}
    return operation


def _told(refs: dict[Any, Any]) -> dict[str, Any]:
    """What we send to a `callback_url`, and to the address of `PUT /webhook`."""
    return {
        "operationId": "run_ended",
        "tags": ["Webhooks"],
        "summary": "A run has ended. Signed as Standard Webhooks say.",
        "requestBody": {"content": {"application/json": {"schema": refs[RunEnded, "serialization"]}}},
        "responses": {"2XX": {"description": "Anything else is tried again for a day, with the same id."}},
    }


def _path(route: Route) -> Iterable[dict[str, Any]]:
    for name, adapter in route.path_types().items():
        yield {"name": name, "in": "path", "required": True, "schema": adapter.json_schema()}


def _query(route: Route, refs: dict[Any, Any], schemas: dict[str, Any]) -> Iterable[dict[str, Any]]:
    if route.query is None:
        return
    schema = schemas[refs[route.query, "validation"]["$ref"].rsplit("/", 1)[-1]]
    required = set(schema.get("required", ()))
    for name, field in schema.get("properties", {}).items():
        kinds = [kind for kind in field.get("anyOf", []) if kind != {"type": "null"}]
        rest = {key: value for key, value in field.items() if key not in {"anyOf", "default", "title"}}
        described = {"description": rest.pop("description", "")}
        shape = {**(kinds[0] if len(kinds) == 1 else {}), **rest}
        if field.get("default") is not None:
            shape["default"] = field["default"]
        yield {"name": name, "in": "query", "required": name in required, "schema": shape, **described}


def _header(route: Route) -> Iterable[dict[str, Any]]:
    if route.creates:
        about = "A new random value for each request; a retry with it is safe for 24 hours."
        shape = {"type": "string", "pattern": PATTERN, "maxLength": 255}
        yield {"name": HEADER, "in": "header", "description": about, "schema": shape}
    for name, about in route.headers.items():
        shape = {"type": "string", "pattern": r"^[0-9]{0,9}$"} if name == "Last-Event-ID" else {"type": "string"}
        yield {"name": name, "in": "header", "description": about, "schema": shape, "required": route.scope is None}


def _responses(route: Route, refs: dict[Any, Any]) -> dict[str, Any]:
    content = _content(route, refs)
    responses: dict[str, Any] = {str(route.status): {"description": "Done.", "headers": _said(_HEADERS), **content}}
    for status, about in route.other_statuses.items():
        same = content if status == 201 else {}  # noqa: PLR2004 - HTTP's own number
        responses[str(status)] = {"description": about, "headers": _said(_HEADERS), **same}
    by_status: dict[int, list[type[MarketingAgentError]]] = {}
    for error in _errors(route):
        by_status.setdefault(error.status, []).append(error)
    for status, errors in sorted(by_status.items()):
        codes = ", ".join(f"`{error.code}`" for error in dict.fromkeys(errors))
        waits = {"Retry-After": "Seconds to wait."} if status in {429, 503} else {}
        responses[str(status)] = {
            "description": codes,
            "headers": _said({"X-Request-Id": _HEADERS["X-Request-Id"], **waits}),
            "content": {CONTENT_TYPE: {"schema": refs[Problem, "serialization"]}},
        }
    return responses


def _content(route: Route, refs: dict[Any, Any]) -> dict[str, Any]:
    if route.answer is not None:
        return {"content": {"application/json": {"schema": refs[route.answer, "serialization"]}}}
    if route.status != 204 and not route.raw_body:  # noqa: PLR2004 - HTTP's own number
        return {"content": {route.media_type: {"schema": {"type": "string"}}}}
    return {}


def _errors(route: Route) -> Iterable[type[MarketingAgentError]]:
    """All that may go wrong: what every route may answer, what follows from its parts, and its own."""
    yield from (RateLimitedError, ServiceAwayError, RequestInvalidError)
    if route.scope is not None:
        yield from (KeyMissingError, KeyInvalidError, ScopeMissingError)
    if route.path_parameters:
        yield NotFoundError
    if route.body is not None:
        yield from (BodyNotJsonError, BodyTypeError)
    if route.body is not None or route.raw_body:
        yield from (BodyTooLargeError, BodyTooSlowError)
    if route.body is None and route.raw_body and route.scope is None:
        yield BodyNotJsonError
    if route.query is not None and issubclass(route.query, PageQuery):
        yield CursorInvalidError
    if route.creates:
        yield from (IdempotencyMismatchError, IdempotencyBusyError)
    yield from route.errors


def _said(headers: dict[str, str]) -> dict[str, Any]:
    return {name: {"description": about, "schema": {"type": "string"}} for name, about in headers.items()}
