"""The chart is drawn for any scores that there may be, off the loop, at one size."""

import asyncio
import struct
from datetime import UTC, datetime, timedelta

import pytest

from core.learning.chart import Mark, Scores, chart_of, draw_chart
from core.runtime import Runtime
from storage.rules import GLOBAL
from storage.scores import ScorePoint, VersionScore

NOW = datetime(2026, 11, 24, 15, tzinfo=UTC)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def scores(title: str, marks: list[Mark], points: list[ScorePoint]) -> Scores:
    counts = {point.version: 0 for point in points if point.version}
    for point in points:
        if point.version:
            counts[point.version] += point.count
    by_version = [VersionScore(version, 3.5, count, NOW, NOW) for version, count in sorted(counts.items())]
    return Scores(title, points, by_version, marks, NOW)


ONE = [Mark(1, "shipped", ago(40))]
MANY = [Mark(number, "rollback" if number % 3 == 0 else "proposal", ago(12 - number)) for number in range(1, 12)]
CASES = {
    "nothing": scores("Copywriting", ONE, []),
    "no version": scores("", [], [ScorePoint(ago(1), None, 4.0, 2)]),
    "three ratings": scores("Copywriting", ONE, [ScorePoint(ago(0.1), 1, 11 / 3, 3)]),
    "a moment": scores("Copywriting", ONE, [ScorePoint(NOW, 1, 1.0, 1)]),
    "versions side by side": scores(
        "Copywriting", MANY, [ScorePoint(ago(9), 2, 1.0, 400), ScorePoint(NOW, 11, 5, 1)]
    ),
    "years": scores(
        "Copywriting", ONE, [ScorePoint(ago(90 * it), 1, 3 + it % 3, it + 1) for it in range(15, -1, -1)]
    ),
    "markup": scores("$a_b$ & <b>“Änderung”</b> שלום " * 4, ONE, [ScorePoint(ago(3), 1, 4.5, 12)]),
    "future": scores(
        "A clock that is ahead", [Mark(1, "edit", NOW + timedelta(days=1))], [ScorePoint(NOW, 1, 4, 1)]
    ),
}


@pytest.mark.parametrize("name", CASES)
async def test_it_is_a_png_of_one_size(name: str) -> None:
    png = await draw_chart(CASES[name])
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", png[16:24]) == (2400, 1350)
    assert len(png) < 500_000


async def test_several_at_once_are_drawn_one_after_the_other() -> None:
    first, *others = await asyncio.gather(*(draw_chart(CASES["three ratings"]) for _ in range(3)))
    assert all(other == first for other in others)


async def test_it_is_drawn_from_what_was_rated(runtime: Runtime) -> None:
    assert (await chart_of(runtime, GLOBAL, "All skills")).startswith(b"\x89PNG")
