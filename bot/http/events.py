"""A run as it happens: server-sent events. Source: https://html.spec.whatwg.org/multipage/server-sent-events.html"""

import json
from uuid import UUID

from aiohttp import web

from bot.http.call import Call
from bot.http.errors import RequestInvalidError
from bot.http.routing import Routes
from core.runs.news import Event, Growth

routes = Routes("Runs")
MEDIA_TYPE = "text/event-stream"
PATIENCE_SECONDS = 15.0
_LARGEST_ID = 2**31 - 1
_RETRY = b"retry: 2000\n\n"
_ALIVE = b": still here\n\n"


@routes.add(
    "GET",
    "/runs/{run_id}/events",
    "read",
    media_type=MEDIA_TYPE,
    headers={"Last-Event-ID": "The `id` that you have seen last; what came after it is sent."},
    other_statuses={204: "The run has ended, and you have seen all."},
)
async def watch_run(call: Call, run_id: UUID) -> web.StreamResponse:
    """Watch a run as server-sent events, until it ends.

    Events with an `id` are facts and can be resumed: `queued`, `started`, `tool`, `requeued`, then `completed`,
    `failed` or `cancelled`. `writing` is the growing text, without an id: append `text` at `offset` (characters);
    `offset` 0 begins anew.
    """
    async with call.runtime.unit(call.user_id) as unit:
        await unit.runs.get(run_id)
    after = _last_event_id(call.request)
    news = call.frame.news
    async with news.feed(run_id) as feed:
        if feed.events and feed.events[-1].is_last and feed.events[-1].seq <= after:
            return web.Response(status=204)
        headers = {
            "Content-Type": f"{MEDIA_TYPE}; charset=utf-8",
            "Cache-Control": "no-store",
            "X-Accel-Buffering": "no",
        }
        response = web.StreamResponse(headers=headers)
        try:
            await response.prepare(call.request)
            await response.write(_RETRY)
            async for item in news.follow(feed, after_seq=after, patience=PATIENCE_SECONDS):
                await response.write(_ALIVE if item is None else frame(item))
        except ConnectionResetError:
            pass  # the reader has gone
        return response


def frame(item: Event | Growth) -> bytes:
    """One event as it travels."""
    if isinstance(item, Growth):
        data = json.dumps({"offset": item.offset, "text": item.text})
        return f"event: writing\ndata: {data}\n\n".encode()
    data = json.dumps({**item.data, "at": item.at.isoformat().replace("+00:00", "Z")})
    return f"id: {item.seq}\nevent: {item.kind}\ndata: {data}\n\n".encode()


def _last_event_id(request: web.Request) -> int:
    given = request.headers.get("Last-Event-ID", "").strip()
    if not given:
        return 0
    if not (given.isascii() and given.isdecimal() and len(given) <= len(str(_LARGEST_ID))):
        wrong = {"field": "Last-Event-ID", "message": "A whole number", "type": "int_parsing"}
        raise RequestInvalidError(fields=[wrong])
    return int(given)
