"""The chart that the README shows, drawn from made-up ratings by what draws those of admins.

`python -m bench.chart` writes docs/images/rules-chart.png. Nothing is measured: a year of ratings takes a year.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from core.learning.chart import Mark, Scores, draw_chart
from storage.scores import ScorePoint, VersionScore

PICTURE = Path(__file__).parent.parent / "docs" / "images" / "rules-chart.png"
_NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
_WEEKS = (  # how many weeks ago, which version, the mean, how many ratings
    (13, 1, 3.1, 8), (12, 1, 3.3, 11), (11, 1, 3.0, 9), (10, 1, 3.2, 13), (9, 2, 3.8, 12), (8, 2, 3.9, 10),
    (7, 2, 3.7, 14), (6, 3, 3.2, 6), (5.5, 3, 3.0, 5), (5, 4, 3.8, 9), (4, 4, 3.9, 12), (3, 5, 4.3, 15),
    (2, 5, 4.5, 13), (1, 5, 4.4, 17), (0.2, 5, 4.6, 11),
)  # fmt: skip
_MARKS = (
    Mark(1, "shipped", _NOW - timedelta(weeks=14)),
    Mark(2, "proposal", _NOW - timedelta(weeks=9.4)),
    Mark(3, "edit", _NOW - timedelta(weeks=6.4)),
    Mark(4, "rollback", _NOW - timedelta(weeks=5.2)),
    Mark(5, "proposal", _NOW - timedelta(weeks=3.4)),
)


def example() -> Scores:
    """A quarter of a year: two rules that helped, and one that did not and was undone."""
    points = [ScorePoint(_NOW - timedelta(weeks=ago), version, mean, n) for ago, version, mean, n in _WEEKS]
    return Scores("Copywriting", points, [_of_version(points, mark.version) for mark in _MARKS], _MARKS, _NOW)


def _of_version(points: list[ScorePoint], version: int) -> VersionScore:
    its = [point for point in points if point.version == version]
    count = sum(point.count for point in its)
    mean = sum(point.mean * point.count for point in its) / count
    return VersionScore(version, mean, count, its[0].at, its[-1].at)


if __name__ == "__main__":
    PICTURE.write_bytes(asyncio.run(draw_chart(example())))
