"""How runs went over a span of days: by period, by skill, by version of rules, beside as long a span before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from uuid import UUID

from core.runtime import Runtime
from core.usage.months import Month
from storage.metrics import Tally, TallyKey, tallies

Period = Literal["day", "week", "month"]
USUAL_PERIODS = 12
MOST_PERIODS = 400
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """Days in UTC, from the first to the last, told by period: weeks begin on Monday."""

    period: Period
    first: date
    last: date

    @classmethod
    def until(cls, period: Period, last: date) -> "Span":
        """The usual number of periods, of which the last one goes on until `last`."""
        first = start_of(period, last)
        for _ in range(USUAL_PERIODS - 1):
            first = start_of(period, first - _DAY)
        return cls(period, first, last)

    @property
    def since(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + _DAY, time(), UTC)

    @property
    def before(self) -> datetime:
        """The first moment of the span of the same length that ends where this one begins."""
        return self.since - (self.end - self.since)

    def starts(self) -> Sequence[date]:
        """The first day of each of its periods; that of the first may lie before it."""
        found = [start_of(self.period, self.first)]
        while (following := start_after(self.period, found[-1])) <= self.last:
            found.append(following)
        return found


@dataclass(frozen=True, slots=True)
class Metrics:
    """What runs of a span come to. `versions` are those of the skill's rules, or of everybody's without a skill."""

    total: Tally
    before: Tally
    periods: Mapping[date, Tally]
    skills: Mapping[UUID, Tally]
    versions: Mapping[int | None, Tally]

    @property
    def trend(self) -> float | None:
        """How much the mean score rose since the span before; None if one of the two has no ratings."""
        now, then = self.total.mean_score, self.before.mean_score
        return None if now is None or then is None else now - then


async def measure(
    runtime: Runtime, span: Span, *, user_id: UUID | None = None, skill_id: UUID | None = None
) -> Metrics:
    """How the runs of a user (None: of everybody), with one skill (None: with all), went."""

    async def by(key: TallyKey, since: datetime = span.since, until: datetime = span.end) -> dict[object, Tally]:
        return dict(await tallies(runtime.engine, key, since, until, user_id=user_id, skill_id=skill_id))

    found = await by(span.period)
    earlier = await by("skill", span.before, span.since)
    skills = await by("skill")
    versions = await by("skill_rules" if skill_id else "house_rules")
    return Metrics(
        total=sum(skills.values(), Tally()),
        before=sum(earlier.values(), Tally()),
        periods={start: found.get(start, Tally()) for start in span.starts()},
        skills={key: tally for key, tally in skills.items() if isinstance(key, UUID)},
        versions={key: tally for key, tally in versions.items() if key is None or isinstance(key, int)},
    )


def start_of(period: Period, day: date) -> date:
    """The first day of the period that a day lies in."""
    if period == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if period == "month" else day


def start_after(period: Period, start: date) -> date:
    """The first day of the next period."""
    if period == "month":
        return Month(start).after.first
    return start + timedelta(days=7 if period == "week" else 1)
