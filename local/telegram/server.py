"""The web application: three sides, one world."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import web

from . import admin, bot_api, people
from .bot_api import STANDIN
from .standin import StandIn
from .wire import ApiError

_PAGE = Path(__file__).parent / "page"
_BODY_LIMIT = 64 * 1024 * 1024
_POLICY = "default-src 'self'; img-src 'self' data: blob:; style-src 'self'; base-uri 'none'; form-action 'none'"
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def application(standin: StandIn) -> web.Application:
    """Build the application around a world."""
    app = web.Application(client_max_size=_BODY_LIMIT, middlewares=[_guard])
    app[STANDIN] = standin
    app.cleanup_ctx.append(_delivery)
    app.router.add_route("*", "/bot{token}/{method}", bot_api.call)
    app.router.add_get("/file/bot{token}/{path:.+}", bot_api.file)
    app.add_routes([*people.routes(), *admin.routes()])
    app.router.add_get("/", _index)
    app.router.add_static("/page", _PAGE)
    return app


async def serve(standin: StandIn, host: str, port: int) -> tuple[web.AppRunner, str]:
    """Listen; give the runner, whose `cleanup()` ends it, and the URL.

    Args:
        standin: the world to serve.
        host: address to bind.
        port: 0 chooses a free one.
    """
    runner = web.AppRunner(application(standin), access_log=None, shutdown_timeout=0.5, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, host, port, reuse_address=True)
    await site.start()
    address = runner.addresses[0]
    return runner, f"http://{host}:{address[1]}"


async def _delivery(app: web.Application) -> AsyncIterator[None]:
    standin = app[STANDIN]
    standin.webhook.execute = bot_api.executor(standin)
    await standin.webhook.start()
    yield
    await standin.close()


async def _index(_: web.Request) -> web.FileResponse:
    return web.FileResponse(_PAGE / "index.html")


@web.middleware
async def _guard(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Keep other sites' pages out, and turn errors into the API's own form."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return web.json_response(ApiError(403, "Forbidden: this page may not speak here").body(), status=403)
    try:
        answer = await handler(request)
    except ApiError as error:
        return web.json_response(error.body(), status=error.code)
    if not answer.prepared and not request.path.startswith("/bot"):
        answer.headers["Content-Security-Policy"] = _POLICY
        answer.headers["Cache-Control"] = "no-store"
    return answer
