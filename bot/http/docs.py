"""`/docs`: a page to read and try the API, made from the OpenAPI document, with nothing from elsewhere."""

from collections.abc import Awaitable, Callable
from functools import cache
from importlib import resources

from aiohttp import web

_TYPES = {"docs.html": "text/html", "docs.css": "text/css", "docs.js": "text/javascript"}
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def routes() -> list[web.RouteDef]:
    """The page and its parts."""
    parts = [web.get(f"/docs/{name}", _serve(name)) for name in _TYPES if name != "docs.html"]
    return [web.get("/docs", _serve("docs.html")), *parts]


def _serve(name: str) -> Handler:
    @cache
    def data() -> bytes:
        return resources.files("bot.http").joinpath("page", name).read_bytes()

    async def serve(_: web.Request) -> web.Response:
        return web.Response(body=data(), content_type=_TYPES[name], charset="utf-8", headers=_HEADERS)

    return serve
