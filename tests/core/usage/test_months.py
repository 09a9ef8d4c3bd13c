"""A month is the calendar's, in UTC."""

from datetime import UTC, datetime, timedelta, timezone

from core.usage.months import Month
from storage.models.base import first_id_at
from tests.core.usage.money import id_at


def test_a_month_begins_and_ends_in_utc() -> None:
    late = datetime(2026, 12, 31, 22, 30, tzinfo=timezone(timedelta(hours=-3)))
    month = Month.of(late)
    assert (month.since, month.until) == (datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC))
    assert month.before.since == datetime(2026, 12, 1, tzinfo=UTC)
    assert month.before.after == month
    assert Month.of(datetime(2028, 2, 29, tzinfo=UTC)).until == datetime(2028, 3, 1, tzinfo=UTC)


def test_an_id_lies_in_the_month_in_which_it_was_made() -> None:
    month = Month.of(datetime(2026, 11, 1, tzinfo=UTC))
    first, last = id_at(month.since), id_at(month.until - timedelta(milliseconds=1))
    assert first_id_at(month.since) <= first < last < first_id_at(month.until)
