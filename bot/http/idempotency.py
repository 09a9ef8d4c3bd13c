"""Retries that are safe: a request under a key is done once, and its answer is kept for a day."""

import hashlib
import json
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta

from aiohttp import web

from bot.http.call import Call
from bot.http.errors import (
    AnswerNotKeptError,
    IdempotencyBusyError,
    IdempotencyMismatchError,
    RequestInvalidError,
)
from core.runtime import Runtime
from storage.idempotency import IdempotencyRepository
from storage.models import IdempotencyKey
from storage.models.base import utc_now

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEEP = timedelta(hours=24)
PATTERN = r"^[\x21-\x7e]{1,255}$"
_ABANDONED_AFTER = timedelta(minutes=2)
_BUSY_SECONDS = 1
_KEPT_HEADERS = ("Location",)


def key_of(request: web.Request) -> str | None:
    """The request's key, if it has one.

    Raises:
        RequestInvalidError: it is longer than 255 visible ASCII characters, or holds others.
    """
    key = request.headers.get(HEADER)
    if key is not None and not re.fullmatch(PATTERN, key):
        wrong = {"field": HEADER, "message": "1 to 255 visible ASCII characters", "type": "string_pattern_mismatch"}
        raise RequestInvalidError(fields=[wrong])
    return key


async def once(
    call: Call, raw_body: bytes, work: Callable[[], Awaitable[web.Response]], *, keep_answer: bool
) -> web.Response:
    """Do `work`, unless it was done under this key; then give the answer that it had.

    Raises:
        IdempotencyMismatchError: the key came with another request.
        IdempotencyBusyError: the first request is still being worked on.
        AnswerNotKeptError: it was done, and its answer showed a secret.
    """
    request, runtime = call.request, call.runtime
    if call.idempotency_key is None:
        return await work()
    row = IdempotencyKey(
        user_id=call.user_id,
        key=call.idempotency_key,
        method=request.method,
        path=request.path,
        request_hash=hashlib.sha256(f"{request.method} {request.path}\n".encode() + raw_body).hexdigest(),
        expires_at=utc_now() + KEEP,
    )
    async with runtime.unit(call.user_id) as unit:
        repository = IdempotencyRepository(unit.session)
        fresh = await repository.begin(row, abandoned_after=_ABANDONED_AFTER)
        known = None if fresh else await repository.get(call.user_id, row.key)
    if known is not None:
        return _again(known, row)
    try:
        response = await work()
    except BaseException:
        await _forget(runtime, row)
        raise
    async with runtime.unit(call.user_id) as unit:
        await IdempotencyRepository(unit.session).end(
            row.id, response.status, _kept(response) if keep_answer else None
        )
    return response


def _again(known: IdempotencyKey, row: IdempotencyKey) -> web.Response:
    if known.request_hash != row.request_hash:
        raise IdempotencyMismatchError
    if known.status is None:
        raise IdempotencyBusyError(retry_after=_BUSY_SECONDS)
    if known.response is None:
        raise AnswerNotKeptError
    return web.Response(
        status=known.status,
        body=json.dumps(known.response["body"]).encode(),
        content_type="application/json",
        headers={**known.response["headers"], REPLAYED: "true"},
    )


def _kept(response: web.Response) -> dict[str, object]:
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    body = response.body if isinstance(response.body, bytes) else b"null"
    return {"body": json.loads(body), "headers": headers}


async def _forget(runtime: Runtime, row: IdempotencyKey) -> None:
    async with runtime.unit(row.user_id) as unit:
        await IdempotencyRepository(unit.session).forget(row.id)
