"""`python -m core.library sync [PATH]`: upload what changed, write the rows, print what was done.

`python -m core.library check [PATH]`: look a library over before it ships; needs no server.

Exit status: 0 when every file is in order, 1 when not (what is wrong goes to stderr).
"""

import argparse
import asyncio
import sys
from collections import Counter
from pathlib import Path

from core.library.check import check_library
from core.library.folder import read_library
from core.library.sync import Change, sync_library
from core.logging import configure_logging
from core.runtime import open_runtime
from core.settings import load_settings


def main() -> int:
    """Read the arguments and do what they ask."""
    parser = argparse.ArgumentParser(prog="python -m core.library", description="The library of skills.")
    commands = parser.add_subparsers(dest="command", required=True)
    sync = commands.add_parser("sync", help="bring a library to the bucket and the tables")
    check = commands.add_parser("check", help="look a library over before it ships")
    for command in (sync, check):
        command.add_argument("path", nargs="?", type=Path, default=Path("library"))
    arguments = parser.parse_args()
    return _check(arguments.path) if arguments.command == "check" else asyncio.run(_sync(arguments.path))


def _check(path: Path) -> int:
    library = read_library(path)
    complaints = check_library(library)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    found = f"{len(library.skills)} skills, {len(library.workflows)} workflows, {len(library.clients)} clients"
    print(f"{found}, {len(complaints)} complaints")
    return 1 if complaints else 0


async def _sync(path: Path) -> int:
    settings = load_settings()
    configure_logging(log_format=settings.log_format, level="WARNING")
    library = read_library(path)
    async with open_runtime(settings) as runtime:
        await runtime.objects.ensure_bucket()
        changes = await sync_library(runtime, library)
    _print(changes)
    for problem in library.problems:
        print(problem, file=sys.stderr)
    return 1 if library.problems else 0


def _print(changes: list[Change]) -> None:
    for change in changes:
        if change.deed != "unchanged":
            print(f"{change.deed:<10} {change.skill:<28} version {change.version}")
    counts = Counter(change.deed for change in changes)
    print(", ".join(f"{count} {deed}" for deed, count in sorted(counts.items())) or "nothing to sync")


if __name__ == "__main__":
    sys.exit(main())
