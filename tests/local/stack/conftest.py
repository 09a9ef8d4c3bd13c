import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.stack.part import Place


class Told:
    """Collects what the stack says, and lets a test wait for a line."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._more = asyncio.Event()

    def __call__(self, line: str) -> None:
        self.lines.append(line)
        self._more.set()

    async def line(self, part: str) -> str:
        """The first line with this in it, now or within ten seconds."""
        async with asyncio.timeout(10):
            while not (found := [line for line in self.lines if part in line]):
                self._more.clear()
                await self._more.wait()
        return found[0]


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def place(tmp_path: Path, told: Told) -> Iterator[Place]:
    place = Place(logs=tmp_path / "logs", records=tmp_path / "run", say=told)
    place.logs.mkdir()
    place.records.mkdir()
    yield place
    assert not list(place.records.iterdir()), "a process was left"
