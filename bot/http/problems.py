"""Errors as problem documents (RFC 9457), rendered in one place for every route."""

import json
from collections.abc import Awaitable, Callable, Mapping
from decimal import Decimal
from typing import Any

import structlog
import uuid_utils.compat as uuid
from aiohttp import web
from botocore.exceptions import BotoCoreError, ClientError
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from bot.words import has_words, say
from core.errors import MarketingAgentError, ServiceAwayError
from core.logging import get_logger

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
CONTENT_TYPE = "application/problem+json"
REQUEST_ID = web.RequestKey("request_id", str)
ANSWER_HEADERS = web.RequestKey("answer_headers", dict[str, str])
_AWAY_SECONDS = 5
_MEMBERS = ("fields", "alternatives", "estimate_usd", "budget")
log = get_logger(__name__)


@web.middleware
async def request_id(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give every request an id, in the logs and in `X-Request-Id`."""
    request[REQUEST_ID] = f"req_{uuid.uuid7().hex}"
    request[ANSWER_HEADERS] = {"X-Request-Id": request[REQUEST_ID]}
    with structlog.contextvars.bound_contextvars(request_id=request[REQUEST_ID]):
        return await handler(request)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Give every answer, streams too, the headers that were noted for it on the way."""
    response.headers.update(request.get(ANSWER_HEADERS, {}))


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every error into a problem document; of an unexpected one only the request's id is told."""
    try:
        return await handler(request)
    except MarketingAgentError as error:
        return problem(request, error.status, error.code, **error.params)
    except web.HTTPException as error:
        if error.status < 400:  # noqa: PLR2004 - redirects are no errors
            raise
        code = error.reason.lower().replace(" ", "-")
        return problem(request, error.status, code, headers=_kept(error))
    except (SQLAlchemyError, RedisError, BotoCoreError, ClientError, OSError) as error:
        log.warning("service_away", error=str(error))
        return problem(request, ServiceAwayError.status, ServiceAwayError.code, retry_after=_AWAY_SECONDS)
    except Exception:
        log.exception("request_failed")
        return problem(request, 500, "internal")


def problem(
    request: web.Request, status: int, code: str, *, headers: Mapping[str, str] | None = None, **params: Any
) -> web.Response:
    """A problem document with `code`, `detail` and `request_id`.

    Of `params`, `retry_after` (seconds) becomes a header, `fields`, `alternatives`, `estimate_usd` and `budget`
    members of the document; the others fill the words.
    """
    reference = request.get(REQUEST_ID, "")
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": code.replace("-", " ").capitalize(),
        "status": status,
        "code": code,
        "detail": _detail(code, {"reference": reference, **params}),
        "request_id": reference,
    }
    body |= {name: params[name] for name in _MEMBERS if name in params}
    headers = dict(headers or {})
    if "retry_after" in params:
        headers["Retry-After"] = str(params["retry_after"])
    return web.Response(status=status, body=json.dumps(body).encode(), content_type=CONTENT_TYPE, headers=headers)


def _detail(code: str, params: Mapping[str, Any]) -> str:
    """The words for programmers, else those for people in a chat, else the code."""
    for name in (f"problem-{code}", f"error-{code}"):
        if has_words(name):
            said = {key: value for key, value in params.items() if isinstance(value, str | int | Decimal)}
            return say(name, **said)
    return code.replace("-", " ")


def _kept(error: web.HTTPException) -> dict[str, str]:
    return {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
