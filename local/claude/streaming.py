"""Sending a turn: at once as one message, or event by event at its pace."""

import asyncio
from collections.abc import Callable

from aiohttp import web

from local.claude import sse
from local.claude.call import JSON
from local.claude.errors import ApiError
from local.claude.turn import Cut, Hang, Stop, Turn

Charge = Callable[[], JSON]
"""Bills the input at the moment the answer begins, and returns that half of `usage`."""

EVENT_STREAM = {"content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache"}


async def send_whole(request: web.Request, turn: Turn, message: JSON, charge: Charge) -> web.StreamResponse:
    """Answer with one JSON document once the turn would be over.

    Args:
        request: the request.
        turn: what to say.
        message: the message without content and usage.
        charge: bills the input.

    Raises:
        ApiError: when the turn ends with one.
    """
    await asyncio.sleep(turn.duration())
    match turn.ending:
        case Stop() as stop:
            usage = {**charge(), **turn.output_usage()}
            ended = {"stop_reason": stop.reason, "stop_sequence": stop.sequence, "stop_details": stop.details}
            return web.json_response({**message, "content": turn.content(), **ended, "usage": usage})
        case ApiError() as error:
            raise error
    await _break_off(request, turn.ending)
    return web.Response()


async def send_stream(request: web.Request, turn: Turn, message: JSON, charge: Charge) -> web.StreamResponse:
    """Answer with server-sent events, each when it is due; what is due at once is written at once.

    Args and errors as for `send_whole`; a failure after the first event is an `error` event.
    """
    stream = _Stream(request, message, charge)
    for pause, data in sse.timeline(turn):
        if pause > 0:
            await stream.pause(pause)
        if data:
            await stream.write(data)
    match turn.ending:
        case Stop() as stop:
            await stream.write(b"")
            await stream.write(sse.ending(stop, {**stream.usage, **turn.output_usage()}))
        case ApiError() as error:
            if not stream.response.prepared:
                raise error
            await stream.write(sse.event("error", **_without_type(error)))
        case Cut() | Hang() as ending:
            await stream.flush()
            await _break_off(request, ending)
    await stream.flush()
    return stream.response


class _Stream:
    """A response that begins with its first byte, so that a silence or an error before it shows as such."""

    def __init__(self, request: web.Request, message: JSON, charge: Charge) -> None:
        self.response = web.StreamResponse(headers=EVENT_STREAM)
        self.usage: JSON = {}
        self._request = request
        self._message = message
        self._charge = charge
        self._pending = bytearray()
        self._due = asyncio.get_running_loop().time()

    async def pause(self, seconds: float) -> None:
        """Send what is pending, then wait; the pauses of a stream add up to their sum, whatever the load."""
        await self.flush()
        self._due += seconds
        await asyncio.sleep(self._due - asyncio.get_running_loop().time())

    async def write(self, data: bytes) -> None:
        """Add bytes to what is pending; the first ones open the message."""
        if not self.response.prepared:
            self.usage = self._charge()
            begun = {**self._message, "content": [], "stop_reason": None, "stop_sequence": None}
            self._pending += sse.message_start({**begun, "usage": {**self.usage, "output_tokens": 1}})
            await self.response.prepare(self._request)
        self._pending += data

    async def flush(self) -> None:
        """Send what is pending."""
        if self._pending:
            data, self._pending = bytes(self._pending), bytearray()
            await self.response.write(data)


async def _break_off(request: web.Request, ending: object) -> None:
    """Close the connection, or hold it until the client closes it, which cancels this handler."""
    if isinstance(ending, Hang):
        await asyncio.Event().wait()
    if request.transport:
        request.transport.close()


def _without_type(error: ApiError) -> JSON:
    return {"error": error.body("")["error"]}
