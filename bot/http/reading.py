"""Reading a request: path, query and body, each checked by its model, within bounds of size and time."""

import asyncio
from collections.abc import Mapping
from typing import Any

from aiohttp import web
from pydantic import BaseModel, TypeAdapter, ValidationError

from bot.http.errors import (
    BodyNotJsonError,
    BodyTooLargeError,
    BodyTooSlowError,
    BodyTypeError,
    RequestInvalidError,
)
from core.errors import NotFoundError

LARGEST_JSON = 1024 * 1024
LARGEST_FILE = 10 * 1024 * 1024
BODY_SECONDS = 30.0


def read_path(request: web.Request, types: Mapping[str, TypeAdapter[Any]]) -> dict[str, Any]:
    """The parameters of the path.

    Raises:
        NotFoundError: one has a form that nothing of ours has.
    """
    try:
        return {name: kind.validate_python(request.match_info[name]) for name, kind in types.items()}
    except ValidationError:
        raise NotFoundError from None


def read_query(request: web.Request, model: type[BaseModel] | None) -> BaseModel | None:
    """The query; a route that takes none refuses any.

    Raises:
        RequestInvalidError: it does not have the form that is described.
    """
    given = dict(request.query)
    if model is None:
        if given:
            wrong = [
                {"field": f"query.{name}", "message": "Not known here", "type": "extra_forbidden"} for name in given
            ]
            raise RequestInvalidError(fields=wrong)
        return None
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise RequestInvalidError(fields=field_problems("query", error)) from None


async def read_json(request: web.Request, model: type[BaseModel]) -> tuple[BaseModel, bytes]:
    """The body, and its bytes.

    Raises:
        BodyTypeError: it is not said to be JSON.
        BodyNotJsonError: it is not JSON.
        RequestInvalidError: it does not have the form that is described.
    """
    if request.content_type != "application/json":
        raise BodyTypeError(type="application/json")
    raw = await read_bytes(request, LARGEST_JSON)
    try:
        return model.model_validate_json(raw), raw
    except ValidationError as error:
        if any(it["type"] == "json_invalid" for it in error.errors(include_url=False, include_input=False)):
            raise BodyNotJsonError from None
        raise RequestInvalidError(fields=field_problems("body", error)) from None


async def read_bytes(request: web.Request, limit: int) -> bytes:
    """The body as it is.

    Raises:
        BodyTooLargeError: it is longer than `limit` bytes; at most that much is held.
        BodyTooSlowError: it took longer than 30 s.
    """
    if (request.content_length or 0) > limit:
        raise BodyTooLargeError(limit=limit)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > limit:
                    raise BodyTooLargeError(limit=limit)
    except TimeoutError:
        raise BodyTooSlowError from None
    return bytes(body)


def field_problems(where: str, error: ValidationError) -> list[dict[str, str]]:
    """What is wrong, field by field, without what was given: it may be a secret."""
    return [
        {"field": ".".join([where, *map(str, it["loc"])]), "message": it["msg"], "type": it["type"]}
        for it in error.errors(include_url=False, include_input=False, include_context=False)
    ]
