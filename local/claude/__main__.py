"""`python -m local.claude`: serve until SIGTERM or Ctrl-C."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import uvloop

from local.claude.scripts import Script, ScriptError, read
from local.claude.server import PACE, running


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(prog="python -m local.claude", description="A stand-in for the Claude API.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0, the default, picks a free one")
    parser.add_argument("--scripts", type=Path, nargs="*", default=[], metavar="FILE.yaml")
    parser.add_argument("--pace", type=float, default=PACE, help="characters a second of samples; 0 is at once")
    parser.add_argument("--wrong-key", action="append", default=[], help="an API key that is refused with 401")
    arguments = parser.parse_args()
    try:
        scripts = [script for path in arguments.scripts for script in read(path)]
    except (ScriptError, OSError) as error:
        sys.exit(str(error))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            runner.run(serve(arguments, scripts))
        except OSError as error:  # such as a port that is taken
            sys.exit(str(error))


async def serve(arguments: argparse.Namespace, scripts: Sequence[Script]) -> None:
    """Serve until told to stop."""
    stop = asyncio.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signum, stop.set)
    async with running(
        host=arguments.host,
        port=arguments.port,
        scripts=scripts,
        pace=arguments.pace,
        wrong_keys=arguments.wrong_key,
    ) as url:
        print(f"Claude stand-in listens on {url}", flush=True)
        await stop.wait()


if __name__ == "__main__":
    main()
