"""Serving: by itself (`python -m local.claude`) or inside a test's own loop."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager

from aiohttp import web

from local.claude.app import build_app
from local.claude.playing import ScriptBook
from local.claude.responder import Responder
from local.claude.scripts import Script
from local.claude.standin import StandIn

PACE = 600.0  # characters a second: a page of sample takes about six seconds


@asynccontextmanager
async def running(
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    scripts: Iterable[Script] = (),
    pace: float = PACE,
    wrong_keys: Iterable[str] = (),
) -> AsyncIterator[str]:
    """Serve the stand-in, and give its URL; streams that are open at the end are cut off.

    Args:
        host: where to listen.
        port: on which port; 0 picks a free one.
        scripts: scripts that a `reset` leaves in force.
        pace: characters a second of samples; 0 is at once.
        wrong_keys: API keys that are refused with 401.
    """
    book = ScriptBook()
    book.ship(scripts)
    stand_in = StandIn(Responder(book, pace=pace), wrong_keys=frozenset(wrong_keys))
    # handler_cancellation shows that a client hung up; open streams would hold a shutdown for a minute
    runner = web.AppRunner(build_app(stand_in), access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
