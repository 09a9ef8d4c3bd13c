"""How a figure is told: with its floor, its ratio, and its goal."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured thing. `floor` is what the same work costs with nothing of ours in it, in the same unit."""

    what: str
    value: float
    unit: str
    goal: str
    floor: float | None = None
    floor_is: str = ""

    @property
    def ratio(self) -> str:
        """Value to floor."""
        return f"{self.value / self.floor:.2f}" if self.floor else "-"


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    lines = ["| what | measured | floor | ratio | goal |", "|---|---|---|---|---|"]
    for it in figures:
        floor = f"{it.floor:.4g} {it.unit} ({it.floor_is})" if it.floor else "-"
        lines.append(f"| {it.what} | {it.value:.4g} {it.unit} | {floor} | {it.ratio} | {it.goal} |")
    return "\n".join(lines)


def p50(values: Sequence[float]) -> float:
    """The median."""
    return median(values)


def p95(values: Sequence[float]) -> float:
    """The value below which 95 of 100 lie."""
    return quantiles(values, n=20)[-1]
