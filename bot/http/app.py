"""The aiohttp application: its routes, and what every request passes through."""

import asyncio
from collections.abc import AsyncIterator, Mapping

from aiohttp import web

from bot.http import docs, health, openapi, telegram
from bot.http.cursors import Cursors
from bot.http.keys import FRAME, INTAKE, RUNTIME, Frame
from bot.http.problems import add_headers, problems, request_id
from bot.http.routing import PREFIX
from bot.http.serving import serve
from bot.http.table import ROUTES
from bot.inbox.intake import Intake
from core.accounts.authentication import Authenticator
from core.channel import Channel
from core.limits import RateLimiter, scaled
from core.runs.news import Newsroom
from core.runtime import Runtime

LARGEST_BODY = 11 * 1024 * 1024


def build_app(
    runtime: Runtime,
    intake: Intake,
    *,
    channels: Mapping[str, Channel] | None = None,
    limits: Mapping[str, int] | None = None,
) -> web.Application:
    """The application, ready to be served."""
    app = web.Application(middlewares=[request_id, problems], client_max_size=LARGEST_BODY)
    app[RUNTIME] = runtime
    app[INTAKE] = intake
    pepper = runtime.settings.key_pepper.get_secret_value()
    app[FRAME] = Frame(
        authenticator=Authenticator(runtime.engine, pepper=pepper),
        limiter=RateLimiter(runtime.redis, limits or scaled(runtime.settings.rate_limit_factor)),
        cursors=Cursors(pepper),
        channels=channels or {},
        news=Newsroom(runtime),
    )
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(_end_streams)
    app.cleanup_ctx.append(_hear_news)
    app.add_routes(
        [
            web.get("/healthz", health.healthz),
            web.get("/readyz", health.readyz),
            web.get("/metrics", health.metrics),
            web.post(telegram.PATH, telegram.receive),
            web.get(openapi.PATH, openapi.served(ROUTES)),
            *docs.routes(),
            *(web.route(route.method, PREFIX + route.path, serve(route)) for route in ROUTES),
        ]
    )
    return app


async def _end_streams(app: web.Application) -> None:
    app[FRAME].news.close()


async def _hear_news(app: web.Application) -> AsyncIterator[None]:
    listener = asyncio.create_task(app[FRAME].news.run())
    yield
    listener.cancel()
    await asyncio.gather(listener, return_exceptions=True)
