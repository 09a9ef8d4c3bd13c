"""Months, by which money is counted: a run belongs to the UTC calendar month in which it was asked for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self

from storage.models.base import utc_now

_LONGER_THAN_ANY = timedelta(days=31)


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month in UTC, known by its first day."""

    first: date

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """The month that an aware time lies in."""
        return cls(moment.astimezone(UTC).date().replace(day=1))

    @classmethod
    def now(cls) -> Self:
        """The month that it is."""
        return cls.of(utc_now())

    @property
    def since(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.first, time(), UTC)

    @property
    def until(self) -> datetime:
        """The first moment after it: when what was spent begins at nothing again."""
        return self.after.since

    @property
    def last(self) -> date:
        """Its last day."""
        return self.after.first - timedelta(days=1)

    @property
    def after(self) -> "Month":
        """The next one."""
        return Month((self.first + _LONGER_THAN_ANY).replace(day=1))

    @property
    def before(self) -> "Month":
        """The one before."""
        return Month((self.first - timedelta(days=1)).replace(day=1))
