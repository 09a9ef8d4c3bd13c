"""`python -m local`: start, tell what runs where, wait for Ctrl-C, stop."""

import argparse
import asyncio
import contextlib
import json
import os
import shutil
import signal
import sys
import time
from pathlib import Path

from local.servers import orphans
from local.servers.ports import Reservations
from local.stack.account import forget_environment, keep_environment, print_key
from local.stack.lock import only_one
from local.stack.part import Place, StackError
from local.stack.plan import CHAT_PORT, make_plan
from local.stack.report import table, urls
from local.stack.settings import given_settings
from local.stack.supervisor import Supervisor

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def main() -> int:
    """Read the arguments and run a stack.

    Returns:
        0 after Ctrl-C or SIGTERM, 1 when the stack can't be started.
    """
    parser = argparse.ArgumentParser(
        prog="python -m local", description="Run Marketing Agent and all it needs on this machine."
    )
    parser.add_argument(
        "--data",
        type=Path,
        default=Path(".local"),
        metavar="DIR",
        help="folder of all that is kept: data/, logs/ and urls.json (default: .local)",
    )
    parser.add_argument(
        "--chat-port",
        type=int,
        default=CHAT_PORT,
        metavar="N",
        help=f"port of the chat page, or the next free one; 0 is any (default: {CHAT_PORT})",
    )
    parser.add_argument("--reset", action="store_true", help="forget all that is kept, and start nothing")
    parser.add_argument("--key", action="store_true", help="print an API key for what runs, and start nothing")
    arguments = parser.parse_args()
    folder = arguments.data.resolve()
    if arguments.key:
        return print_key(folder)
    try:
        with only_one(folder), contextlib.closing(Reservations()) as ports:
            if arguments.reset:
                if (folder / "data").exists():
                    shutil.rmtree(folder / "data")
                return 0
            asyncio.run(_run(folder, ports, arguments.chat_port))
    except (StackError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


async def _run(folder: Path, ports: Reservations, chat_port: int) -> None:
    began = time.monotonic()
    place = _make_place(folder)
    await _end_leftovers(place)
    given = given_settings(os.environ, Path(".env"))
    plan = make_plan(place, folder / "data", ports, given=given, environ=os.environ, chat_port=chat_port)
    supervisor = Supervisor(plan.parts)
    stop, hurry = _stop_signals()

    starting = asyncio.create_task(supervisor.start())
    stopping = asyncio.create_task(stop.wait())
    try:
        place.say("Starting " + ", ".join(part.name for part in plan.parts) + " …")
        await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done():
            starting.result()
            found = urls(plan.product_environment(), chat=plan.chat)
            (folder / "urls.json").write_text(json.dumps(found, indent=2) + "\n")
            keep_environment(folder, plan.product_environment())
            place.say(table(found, folder, wanted_port=chat_port, seconds=time.monotonic() - began))
            await stop.wait()
        place.say("\nStopping; once more Ctrl-C does not wait for work that is under way.")
    finally:
        starting.cancel()
        await asyncio.wait({starting})
        (folder / "urls.json").unlink(missing_ok=True)
        forget_environment(folder)
        await supervisor.stop(hurry)


def _make_place(folder: Path) -> Place:
    """Make the folders; the logs of the run before are kept once, as `logs.old`."""
    logs, old, records, data = (folder / name for name in ("logs", "logs.old", "run", "data"))
    shutil.rmtree(old, ignore_errors=True)
    if logs.exists():
        logs.rename(old)
    for made in (logs, records, data):
        made.mkdir(exist_ok=True, mode=0o700)
    return Place(logs=logs, records=records, say=_say)


def _say(line: str) -> None:
    with contextlib.suppress(OSError):  # a terminal that was closed must not keep us from stopping everything
        print(line, flush=True)


async def _end_leftovers(place: Place) -> None:
    """End what an earlier stack left running when it was killed. Servers see to themselves when they start."""
    ends = (asyncio.to_thread(orphans.end, record, seconds=3) for record in place.records.glob("*.json"))
    ended = sum(await asyncio.gather(*ends))
    if ended:
        place.say(f"Ended {ended} processes that an earlier start had left behind.")


def _stop_signals() -> tuple[asyncio.Event, asyncio.Event]:
    """Two events: the first signal sets the first, the next one both."""
    stop, hurry = asyncio.Event(), asyncio.Event()

    def receive() -> None:
        (hurry if stop.is_set() else stop).set()

    for number in _SIGNALS:
        asyncio.get_running_loop().add_signal_handler(number, receive)
    return stop, hurry
