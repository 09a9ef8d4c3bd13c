"""`python -m bench`: every figure of the README, each a ratio to a floor measured in the same minute."""

import argparse
import asyncio
import sys

from bench import http, pickup, road
from bench.ground import ground
from bench.report import Figure, table

PARTS = {"pickup": pickup.measure, "road": road.measure, "http": http.measure}


async def _measure(names: list[str]) -> list[Figure]:
    async with ground() as here:
        return [figure for name in names for figure in await PARTS[name](here)]


def main() -> int:
    """Measure what was asked for, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench")
    what = f"what to measure: {', '.join(PARTS)}; everything by default"
    parser.add_argument("part", nargs="*", choices=[*PARTS, []], metavar="part", help=what)
    names = parser.parse_args().part or list(PARTS)
    print(table(asyncio.run(_measure(names))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
