"""Metrics: how runs went, what they cost, how their outputs were rated."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from bot.http.schemas.common import Input, Money, Schema
from core.usage.metrics import MOST_PERIODS, Period, Span

_DAY = re.compile(r"20\d\d-\d\d-\d\d")
_FLAGS = {"true": True, "false": False}


def _written_as_day(value: Any) -> Any:
    if isinstance(value, str) and not _DAY.fullmatch(value):
        raise ValueError("not a day of this century, such as 2026-11-24")
    return value


def _written_as_flag(value: Any) -> Any:
    if isinstance(value, str) and value not in _FLAGS:
        raise ValueError("neither true nor false")
    return _FLAGS.get(value, value)


Day = Annotated[
    date,
    BeforeValidator(_written_as_day),
    WithJsonSchema({"type": "string", "format": "date", "pattern": f"^{_DAY.pattern}$"}),
]
Flag = Annotated[bool, BeforeValidator(_written_as_flag)]


class MetricsQuery(Input):
    """Of which time, and whose."""

    period: Period = Field("week", description="How it is told: by day, week (from Monday) or month, in UTC.")
    first: Day | None = Field(None, alias="from", description="The first day; 12 periods up to `to` if left out.")
    last: Day | None = Field(None, alias="to", description="The last day; today if left out.")
    everyone: Flag = Field(default=False, description="Of all users together: an admin's key with that scope.")

    @model_validator(mode="after")
    def _bounded(self) -> Self:
        span = self.span()
        if span.first > span.last:
            raise ValueError("`from` lies after `to`")
        if (span.last - span.first).days > MOST_PERIODS and len(span.starts()) > MOST_PERIODS:
            raise ValueError(f"more than {MOST_PERIODS} periods")
        return self

    def span(self) -> Span:
        """What is asked for, complete."""
        last = self.last or datetime.now(UTC).date()
        usual = Span.until(self.period, last)
        return Span(self.period, self.first, last) if self.first else usual


class TallyView(Schema):
    """What some runs come to."""

    runs: int = Field(ge=0, description="That were asked for in this time, however they ended.")
    completed: int
    failed: int
    cancelled: int
    failure_rate: float | None = Field(description="Of those that completed or failed; null if there are none.")
    tokens_used: int
    cost_usd: Money
    ratings: int = Field(description="Of their outputs, whenever they were given.")
    mean_score: float | None = Field(description="Of the overall scores, from 1 to 5; null without ratings.")


class PeriodTally(TallyView):
    """A day, week or month."""

    start: date = Field(description="Its first day; that of the first may lie before `from`.")


class SkillTally(TallyView):
    """A skill."""

    skill: str


class VersionTally(TallyView):
    """A version of the rules."""

    version: int | None = Field(description="null: runs from before versions were noted, or without such rules.")


class MetricsView(Schema):
    """How runs went."""

    first_day: date
    last_day: date
    everyone: bool
    total: TallyView
    before: TallyView = Field(description="As many days before.")
    trend: float | None = Field(description="The mean score less that of the days before; null without either.")
    periods: list[PeriodTally] = Field(description="Every one, also those without runs, oldest first.")
    rules_versions: list[VersionTally]


class SkillMetrics(MetricsView):
    """How runs of one skill went; `rules_versions` are those of the skill's own rules."""

    skill: str


class MetricsSummary(MetricsView):
    """How all runs went; `rules_versions` are those of the house rules."""

    skills: list[SkillTally] = Field(description="Those with runs, the dearest first.")
    learning_usd: Money | None = Field(
        description="What learning itself has cost, beside all runs; null unless asked for `everyone`."
    )
