"""`python -m local.claude`: serve until SIGTERM or Ctrl-C."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

import uvloop
from aiohttp import web

from local.claude.app import build_app
from local.claude.playing import ScriptBook
from local.claude.responder import Responder
from local.claude.scripts import ScriptError, read
from local.claude.standin import StandIn

PACE = 600.0  # characters a second: a page of sample takes about six seconds


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m local.claude", description="The stand-in for the Claude API.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8091, help="0 picks a free one")
    parser.add_argument("--scripts", type=Path, nargs="*", default=[], metavar="FILE.yaml")
    parser.add_argument("--pace", type=float, default=PACE, help="characters a second of samples; 0 is at once")
    parser.add_argument("--wrong-key", action="append", default=[], help="a key that is refused with 401")
    arguments = parser.parse_args()
    book = ScriptBook()
    try:
        for path in arguments.scripts:
            book.ship(read(path))
    except (ScriptError, OSError) as error:
        sys.exit(str(error))
    stand_in = StandIn(Responder(book, pace=arguments.pace), wrong_keys=frozenset(arguments.wrong_key))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(serve(stand_in, arguments.host, arguments.port))


async def serve(stand_in: StandIn, host: str, port: int) -> None:
    """Serve until told to stop; streams that are open then are cut off."""
    stop = asyncio.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signum, stop.set)
    # handler_cancellation shows that a client hung up; open streams would hold a shutdown for a minute
    runner = web.AppRunner(build_app(stand_in), access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, host, port).start()
    print(f"Claude stand-in listens on http://{host}:{runner.addresses[0][1]}", flush=True)
    await stop.wait()
    await runner.cleanup()


if __name__ == "__main__":
    main()
