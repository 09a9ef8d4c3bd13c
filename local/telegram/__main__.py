"""`python -m local.telegram`: serve the stand-in until it is told to stop."""

import argparse
import asyncio
import signal
import sys
from pathlib import Path

from .server import serve
from .standin import StandIn


def main() -> int:
    """Parse the command line, and serve. Status 2 means that the arguments can't be used."""
    parser = argparse.ArgumentParser(
        prog="python -m local.telegram", description="A Telegram of our own, for this machine."
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0, the default, takes a free one")
    parser.add_argument("--data", type=Path, default=Path(".local/telegram"), help="folder that keeps everything")
    parser.add_argument("--token", default="4242:local-bot-token", help="the bot's token")
    parser.add_argument("--bot-username", default="marketing_agent_bot")
    args = parser.parse_args()
    try:
        standin = StandIn.open(args.data, args.token, args.bot_username)
    except ValueError as error:
        parser.error(str(error))
    try:
        asyncio.run(_run(standin, args.host, args.port))
    except OSError as error:
        print(f"can't listen on {args.host}:{args.port}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


async def _run(standin: StandIn, host: str, port: int) -> None:
    runner, url = await serve(standin, host, port)
    print(f"Telegram stand-in: {url}", flush=True)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
    await runner.cleanup()


if __name__ == "__main__":
    raise SystemExit(main())
