"""Errors as problem documents (RFC 9457), rendered in one place for every route."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
import uuid_utils.compat as uuid
from aiohttp import web
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from bot.words import has_words, say
from core.errors import MarketingAgentError, ServiceAwayError
from core.logging import get_logger

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
REQUEST_ID = web.RequestKey("request_id", str)
_AWAY_SECONDS = 5
log = get_logger(__name__)


@web.middleware
async def request_id(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give every request an id, in the logs and in `X-Request-Id`."""
    request[REQUEST_ID] = f"req_{uuid.uuid7().hex}"
    with structlog.contextvars.bound_contextvars(request_id=request[REQUEST_ID]):
        response = await handler(request)
    response.headers["X-Request-Id"] = request[REQUEST_ID]
    return response


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
    except (SQLAlchemyError, RedisError, OSError) as error:
        log.warning("service_away", error=str(error))
        headers = {"Retry-After": str(_AWAY_SECONDS)}
        return problem(request, ServiceAwayError.status, ServiceAwayError.code, headers=headers)
    except Exception:
        log.exception("request_failed")
        return problem(request, 500, "internal")


def problem(
    request: web.Request, status: int, code: str, *, headers: dict[str, str] | None = None, **params: Any
) -> web.Response:
    """A problem document with `code`, `detail` and `request_id`."""
    reference = request.get(REQUEST_ID, "")
    name = f"error-{code}"
    detail = code.replace("-", " ")
    if has_words(name):
        detail = say(name, **({"reference": reference} if code == "internal" else params))
    body = {
        "type": "about:blank",
        "title": code.replace("-", " ").capitalize(),
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": reference,
    }
    return web.Response(
        status=status, body=json.dumps(body).encode(), content_type="application/problem+json", headers=headers
    )


def _kept(error: web.HTTPException) -> dict[str, str]:
    return {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
