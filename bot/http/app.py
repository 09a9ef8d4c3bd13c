"""The aiohttp application: its routes, and what every request passes through."""

from aiohttp import web

from bot.http import health, telegram
from bot.http.keys import INTAKE, RUNTIME
from bot.http.problems import problems, request_id
from bot.inbox.intake import Intake
from core.runtime import Runtime

LARGEST_BODY = 11 * 1024 * 1024


def build_app(runtime: Runtime, intake: Intake) -> web.Application:
    """The application, ready to be served."""
    app = web.Application(middlewares=[request_id, problems], client_max_size=LARGEST_BODY)
    app[RUNTIME] = runtime
    app[INTAKE] = intake
    app.add_routes(
        [
            web.get("/healthz", health.healthz),
            web.get("/readyz", health.readyz),
            web.get("/metrics", health.metrics),
            web.post(telegram.PATH, telegram.receive),
        ]
    )
    return app
