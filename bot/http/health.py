"""Whether the process lives, whether it can work, and what it has counted."""

import hmac
import ipaddress

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.http.keys import RUNTIME
from core.health import look


async def healthz(_: web.Request) -> web.Response:
    """Live: the process answers."""
    return web.json_response({"status": "ok"})


async def readyz(request: web.Request) -> web.Response:
    """Ready: database, Redis and object store answer; with the runs that wait and the workers that were seen."""
    seen = await look(request.app[RUNTIME])
    body = {
        "status": "ready" if seen.ready else "not ready",
        **{name: "ok" if getattr(seen, name) else "away" for name in ("database", "redis", "object_store")},
        "queued": seen.queued,
        "oldest_queued_seconds": seen.oldest_queued_seconds,
        "workers": seen.workers,
    }
    return web.json_response(body, status=200 if seen.ready else 503)


async def metrics(request: web.Request) -> web.Response:
    """Prometheus; outside loopback only with the token."""
    token = request.app[RUNTIME].settings.metrics_token
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    known = token is not None and hmac.compare_digest(given.encode(), token.get_secret_value().encode())
    if not known and not _is_loopback(request.remote):
        raise web.HTTPUnauthorized
    return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _is_loopback(remote: str | None) -> bool:
    try:
        return ipaddress.ip_address(remote or "").is_loopback
    except ValueError:
        return False
