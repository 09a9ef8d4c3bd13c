"""The routes by which tests and people steer the stand-in and look at what it was asked.

| route | does |
|---|---|
| `PUT /_admin/scripts` | replaces the live scripts by those in the body (YAML or JSON) |
| `POST /_admin/scripts` | appends to them |
| `DELETE /_admin/scripts` | takes them away; those of the files start anew |
| `GET /_admin/requests` | every request; `?after=R&wait=S` waits up to S seconds for a change after revision R |
| `DELETE /_admin/requests` | forgets them |
| `DELETE /_admin/cache` | lets every cached prompt grow cold |
| `GET /_admin/status` | how many streams are open now, how many scripts there are |
"""

from aiohttp import web

from local.claude.scripts import ScriptError, parse
from local.claude.standin import STAND_IN

LONGEST_WAIT = 60.0  # seconds


async def put_scripts(request: web.Request) -> web.Response:
    """Replace the live scripts."""
    return await _take_scripts(request, replace=True)


async def post_scripts(request: web.Request) -> web.Response:
    """Append to the live scripts."""
    return await _take_scripts(request, replace=False)


async def delete_scripts(request: web.Request) -> web.Response:
    """Take the live scripts away."""
    request.app[STAND_IN].responder.book.clear()
    return web.Response(status=204)


async def get_requests(request: web.Request) -> web.Response:
    """Report the requests that changed after a revision (all by default), oldest first."""
    recorder = request.app[STAND_IN].recorder
    after = int(request.query.get("after", 0))
    await recorder.wait_beyond(after, min(float(request.query.get("wait", 0)), LONGEST_WAIT))
    records = [record.as_json() for record in recorder.since(after)]
    return web.json_response({"revision": recorder.revision, "requests": records})


async def delete_requests(request: web.Request) -> web.Response:
    """Forget the requests."""
    request.app[STAND_IN].recorder.clear()
    return web.Response(status=204)


async def delete_cache(request: web.Request) -> web.Response:
    """Let every cached prompt grow cold."""
    request.app[STAND_IN].cache.clear()
    return web.Response(status=204)


async def get_status(request: web.Request) -> web.Response:
    """Report what goes on."""
    stand_in = request.app[STAND_IN]
    book = stand_in.responder.book
    return web.json_response(
        {
            "open_streams": stand_in.recorder.open_streams,
            "live_scripts": len(book.live),
            "shipped_scripts": len(book.shipped),
        }
    )


async def _take_scripts(request: web.Request, *, replace: bool) -> web.Response:
    try:
        scripts = parse(await request.text())
    except ScriptError as error:
        return web.json_response({"error": str(error)}, status=400)
    book = request.app[STAND_IN].responder.book
    if replace:
        book.clear()
    book.add(scripts)
    return web.json_response({"live_scripts": len(book.live)})


ROUTES = [
    web.put("/_admin/scripts", put_scripts),
    web.post("/_admin/scripts", post_scripts),
    web.delete("/_admin/scripts", delete_scripts),
    web.get("/_admin/requests", get_requests),
    web.delete("/_admin/requests", delete_requests),
    web.delete("/_admin/cache", delete_cache),
    web.get("/_admin/status", get_status),
]
