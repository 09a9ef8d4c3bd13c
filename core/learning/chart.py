"""How outputs were rated over time, with the versions of the rules, as a picture that one would show to a client.

1200 × 675 points at twice as many pixels. The letters are large, since most look at it on a phone. The colours are
of the palette of Okabe and Ito, which the colour-blind tell apart: https://jfly.uni-koeln.de/color/
"""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from io import BytesIO
from typing import TYPE_CHECKING, Any, get_args

from core.runtime import Runtime
from storage.models.base import utc_now
from storage.models.rules import RuleOrigin
from storage.rules import RuleVersionRepository, Scope
from storage.scores import Period, ScorePoint, VersionScore, scores_by_version, scores_over_time

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from matplotlib.text import Text

WIDTH, HEIGHT, SCALE = 1200, 675, 2
_BLUE, _VERMILION, _INK, _GREY, _LINE, _PAPER = "#0072B2", "#D55E00", "#1F2933", "#5A6672", "#DDE3E8", "#FFFFFF"
_BANDS, _NEWEST_BAND = ("#F3F5F7", "#FFFFFF"), "#E3EFF7"
_TITLE, _FIGURE, _LARGE, _PLAIN, _SMALL = 38, 50, 26, 23, 20
_LEFT, _RIGHT, _FLAGS_TOP, _PLOT_BOTTOM, _BARS_TOP, _BARS_BOTTOM = 72, 1160, 528, 186, 158, 72
_ROW, _MOST_ROWS, _MOST_FLAGS, _MOST_POINTS, _LONGEST_TITLE = 34, 3, 8, 16, 40
_BELOW, _ABOVE, _CLEAR = 1.4, 4.6, 0.6  # where the mean of a version is written, on the scale of scores
_LEAST_AIR, _LEAST_BAND, _BAR, _LEAST_GAP = timedelta(minutes=10), 70, 20, 34
_SPELLINGS = ((timedelta(days=2), "%H:%M"), (timedelta(days=330), "%-d %b"), (timedelta.max, "%b %Y"))
_FONTS = ("NotoSans", "NotoSansArabic", "NotoSansHebrew")
_ORIGINS: Mapping[RuleOrigin, str] = {
    "shipped": "shipped",
    "proposal": "approved",
    "edit": "edited",
    "rollback": "rolled back",
    "merge": "merged",
}
_drawing = threading.Lock()  # the library's fonts are everybody's


@dataclass(frozen=True, slots=True)
class Mark:
    """A version of the rules: what it came of, and since when prompts have read it."""

    version: int
    origin: RuleOrigin
    at: datetime


@dataclass(frozen=True, slots=True)
class Scores:
    """What a chart shows: scores over time and by version, and the versions themselves, each from the oldest on."""

    title: str
    points: Sequence[ScorePoint]
    by_version: Sequence[VersionScore]
    marks: Sequence[Mark]
    now: datetime


async def chart_of(runtime: Runtime, scope: Scope, title: str) -> bytes:
    """The chart of a scope's rules as a PNG; `title` names the skill or the client."""
    points: Sequence[ScorePoint] = ()
    async with runtime.system_unit() as unit:
        history = await RuleVersionRepository(unit.session).history(scope)
        by_version = await scores_by_version(unit.session, scope)
        for every in get_args(Period):
            points = await scores_over_time(unit.session, scope, every=every)
            if len(points) <= _MOST_POINTS:
                break
    marks = [Mark(version.version, version.origin, version.created_at) for version in reversed(history)]
    return await draw_chart(Scores(title, points, by_version, marks, utc_now()))


async def draw_chart(scores: Scores) -> bytes:
    """A PNG of 2400 × 1350 pixels, drawn in a thread, where the library is loaded when it is first needed."""
    return await asyncio.to_thread(_draw, scores)


def _draw(scores: Scores) -> bytes:
    with _drawing:
        from matplotlib import rc_context
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        with rc_context({"font.family": _families(), "text.parse_math": False}):
            figure = Figure(figsize=(WIDTH / 72, HEIGHT / 72), dpi=72 * SCALE, facecolor=_PAPER)
            canvas = FigureCanvasAgg(figure)
            _Sheet(figure, canvas.get_renderer(), scores).draw()
            png = BytesIO()
            canvas.print_png(png)
            return png.getvalue()


@cache
def _families() -> list[str]:
    """The product's own fonts, made known to the library, and the library's for what they lack."""
    from matplotlib.font_manager import FontProperties, fontManager

    families = []
    for name in _FONTS:
        with resources.as_file(resources.files("core.exports").joinpath("fonts", f"{name}.ttf")) as path:
            fontManager.addfont(path)
            families.append(FontProperties(fname=path).get_name())
    return [*families, "DejaVu Sans"]


class _Sheet:
    """One picture. Places are in points from the lower left corner; on the plots, times and scores."""

    def __init__(self, figure: "Figure", renderer: Any, scores: Scores) -> None:
        self._figure = figure
        self._renderer = renderer
        self._scores = scores

    def draw(self) -> None:
        """Draw all of it."""
        self._head()
        if not self._scores.points:
            self._write(WIDTH / 2, 320, "No ratings yet", _TITLE, ha="center")
            self._write(WIDTH / 2, 262, "The first rated output will show here.", _PLAIN, color=_GREY, ha="center")
            return
        points, marks = self._scores.points, self._scores.marks
        start, end = points[0].at, max(points[-1].at, self._scores.now)
        air = max((end - start) * 0.05, _LEAST_AIR)
        self._start, self._end = start - air, end + air
        ends = [*(mark.at for mark in marks[1:]), self._end]
        self._bands = [
            (mark, max(mark.at, self._start), until)
            for mark, until in zip(marks, ends, strict=False)
            if until > self._start
        ]
        flags = self._flags()
        top = _FLAGS_TOP - (max((row for _, row in flags), default=-1) + 1) * _ROW - 6
        self._ground = self._axes(_BARS_BOTTOM, top)
        self._plot = self._axes(_PLOT_BOTTOM, top)
        self._bars = self._axes(_BARS_BOTTOM, _BARS_TOP)
        self._shade(flags, top)
        self._draw_scores()
        self._draw_means()
        self._draw_counts()
        self._name_days()

    def _head(self) -> None:
        title = self._scores.title or "All skills"
        shown = title if len(title) <= _LONGEST_TITLE else f"{title[: _LONGEST_TITLE - 1].rstrip()}…"
        self._write(40, 646, shown, _TITLE, va="top")
        self._write(40, 586, "Mean rating from 1 to 5, and how many ratings", _PLAIN, color=_GREY, va="top")
        if self._scores.by_version:
            newest = self._scores.by_version[-1]
            self._write(_RIGHT, 656, f"{newest.mean:.1f}", _FIGURE, color=_BLUE, ha="right", va="top")
            ratings = f"{newest.count} rating{'' if newest.count == 1 else 's'}"
            said = f"v{newest.version} · {ratings}"
            self._write(_RIGHT, 586, said, _PLAIN, color=_GREY, ha="right", va="top")

    def _flags(self) -> list[tuple[Mark, int]]:
        """Name the versions above the plot where each begins, the newest first, in rows that keep them apart."""
        free = [float(_RIGHT)] * _MOST_ROWS
        placed = []
        for mark, since, _ in self._bands[: -_MOST_FLAGS - 1 : -1]:
            pole = self._x(since)
            said = f"v{mark.version} · {_ORIGINS[mark.origin]} {mark.at.day} {mark.at:%b}"
            color = _VERMILION if mark.origin == "rollback" else _INK
            text = self._write(0, 0, said, _SMALL, color=color, va="center")
            width = text.get_window_extent(self._renderer).width / SCALE
            left = pole + 8 if pole + 8 + width <= _RIGHT else pole - 8 - width
            row = next((row for row, edge in enumerate(free) if left + width <= edge), None)
            if row is None:
                text.remove()
                continue
            text.set_position((left / WIDTH, (_FLAGS_TOP - (row + 0.5) * _ROW) / HEIGHT))
            text.set_bbox({"facecolor": _PAPER, "edgecolor": "none", "pad": 1.5})
            free[row] = min(left, pole) - 18
            placed.append((mark, row))
        return placed

    def _shade(self, flags: Sequence[tuple[Mark, int]], top: float) -> None:
        """A band for each version, with a pole that goes up to its flag, where it has one."""
        from matplotlib.lines import Line2D

        rows = dict(flags)
        for index, (mark, since, until) in enumerate(self._bands):
            shade = _NEWEST_BAND if index == len(self._bands) - 1 else _BANDS[index % 2]
            self._ground.axvspan(_days(since), _days(until), color=shade, linewidth=0)
            back = mark.origin == "rollback"
            look: dict[str, Any] = {
                "color": _VERMILION if back else _GREY,
                "linestyle": (0, (4, 3)) if back else "-",
                "linewidth": 1.6,
            }
            self._ground.axvline(_days(since), **look)
            if mark in rows:
                heights = [top / HEIGHT, (_FLAGS_TOP - rows[mark] * _ROW - 4) / HEIGHT]
                self._figure.add_artist(Line2D([self._x(since) / WIDTH] * 2, heights, **look))

    def _draw_scores(self) -> None:
        self._plot.set_ylim(0.8, 5.2)
        self._plot.set_yticks(range(1, 6))
        self._plot.tick_params(axis="y", labelleft=True, labelsize=_PLAIN, labelcolor=_GREY, pad=10)
        for label in self._plot.get_yticklabels():
            label.set_verticalalignment("center")
        self._plot.grid(axis="y", color=_LINE, linewidth=1.5)
        points = self._scores.points
        days, means = [_days(point.at) for point in points], [point.mean for point in points]
        most = max(point.count for point in points)
        sizes = [90 + 260 * point.count / most for point in points]
        self._plot.plot(days, means, color=_BLUE, linewidth=2.5, zorder=3)
        self._plot.scatter(days, means, s=sizes, color=_BLUE, edgecolor=_PAPER, linewidth=2.5, zorder=4)

    def _draw_means(self) -> None:
        """The mean of each version: a line across its band, and the figure where no point is in its way."""
        for mark, since, until in self._bands:
            score = next((it for it in self._scores.by_version if it.version == mark.version), None)
            if score is None:
                continue
            self._plot.hlines(
                score.mean, _days(since), _days(until), color=_BLUE, alpha=0.35, linewidth=7, zorder=2
            )
            if self._x(until) - self._x(since) >= _LEAST_BAND:
                near = [it.mean for it in self._scores.points if since <= it.at <= until] or [score.mean]
                height = _BELOW if min(near) > _BELOW + _CLEAR or max(near) > _ABOVE - _CLEAR else _ABOVE
                middle = _days(since + (until - since) / 2)
                self._plot.text(
                    middle, height, f"{score.mean:.1f}", fontsize=_LARGE, color=_BLUE, ha="center", va="center"
                )

    def _draw_counts(self) -> None:
        """How many ratings stand behind each point."""
        points = self._scores.points
        most = max(point.count for point in points)
        self._bars.set_ylim(0, most * 1.7)
        width = (_days(self._end) - _days(self._start)) * _BAR / (_RIGHT - _LEFT)
        self._bars.bar(
            [_days(it.at) for it in points], [it.count for it in points], width, color="#9FB3C1", zorder=2
        )
        last = float("-inf")
        for point in points:
            x = self._x(point.at)
            if x - last >= _LEAST_GAP:
                self._bars.annotate(
                    str(point.count), (_days(point.at), point.count), (0, 2), textcoords="offset points",
                    ha="center", fontsize=_SMALL, color=_GREY,
                )  # fmt: skip
                last = x

    def _name_days(self) -> None:
        from matplotlib.dates import AutoDateLocator, DateFormatter, DayLocator

        span = self._end - self._start
        days = next(spelling for longest, spelling in _SPELLINGS if span <= longest)
        between = timedelta(days=2) < span <= timedelta(days=7)
        self._bars.xaxis.set_major_locator(DayLocator() if between else AutoDateLocator(minticks=3, maxticks=7))
        self._bars.xaxis.set_major_formatter(DateFormatter(days))
        self._bars.tick_params(axis="x", labelbottom=True, labelsize=_SMALL, labelcolor=_GREY, pad=8)

    def _axes(self, bottom: float, top: float) -> "Axes":
        axes = self._figure.add_axes(
            (_LEFT / WIDTH, bottom / HEIGHT, (_RIGHT - _LEFT) / WIDTH, (top - bottom) / HEIGHT)
        )
        axes.set_xlim(_days(self._start), _days(self._end))
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes.patch.set_visible(False)
        axes.tick_params(length=0, labelbottom=False, labelleft=False)
        return axes

    def _x(self, at: datetime) -> float:
        return _LEFT + (_RIGHT - _LEFT) * ((at - self._start) / (self._end - self._start))

    def _write(self, x: float, y: float, said: str, size: float, *, color: str = _INK, **more: Any) -> "Text":
        return self._figure.text(x / WIDTH, y / HEIGHT, said, fontsize=size, color=color, **more)


def _days(at: datetime) -> float:
    """A time as the library counts it: days since 1970, UTC."""
    return at.timestamp() / timedelta(days=1).total_seconds()
