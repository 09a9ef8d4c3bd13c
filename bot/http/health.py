"""Whether the process lives, whether it can work, and what it has counted."""

import asyncio
import hmac
import ipaddress

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from bot.http.keys import RUNTIME
from core.runtime import Runtime

_CHECK_SECONDS = 3.0


async def healthz(_: web.Request) -> web.Response:
    """Live: the process answers."""
    return web.json_response({"status": "ok"})


async def readyz(request: web.Request) -> web.Response:
    """Ready: database, Redis and object store answer; with the age of the oldest run in line, in seconds."""
    runtime = request.app[RUNTIME]
    names = ("database", "redis", "object_store")
    checks = (_database(runtime), _redis(runtime), runtime.objects.check())
    ends = await asyncio.gather(
        *(asyncio.wait_for(check, _CHECK_SECONDS) for check in checks), return_exceptions=True
    )
    states = {
        name: "away" if isinstance(end, BaseException) else "ok" for name, end in zip(names, ends, strict=True)
    }
    age = ends[0] if not isinstance(ends[0], BaseException) else None
    ready = all(state == "ok" for state in states.values())
    body = {"status": "ready" if ready else "not ready", **states, "oldest_queued_seconds": age}
    return web.json_response(body, status=200 if ready else 503)


async def metrics(request: web.Request) -> web.Response:
    """Prometheus; outside loopback only with the token."""
    token = request.app[RUNTIME].settings.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    known = token is not None and hmac.compare_digest(given.encode(), token.get_secret_value().encode())
    if not known and not _is_loopback(request.remote):
        raise web.HTTPUnauthorized
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _database(runtime: Runtime) -> float | None:
    async with runtime.system_unit() as unit:
        age = await unit.session.scalar(
            text("SELECT extract(epoch FROM now() - min(queued_at)) FROM runs WHERE status = 'queued'")
        )
    return round(float(age), 1) if age is not None else None


async def _redis(runtime: Runtime) -> None:
    await runtime.redis.ping()


def _is_loopback(remote: str | None) -> bool:
    try:
        return ipaddress.ip_address(remote or "").is_loopback
    except ValueError:
        return False
