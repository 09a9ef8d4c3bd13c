from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from core.learning.summary import Score, summarise
from storage.learning import Scored

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
YAZ = uuid4()


def rated(score: int, days_ago: float, client: object = YAZ) -> Scored:
    return Scored(score, client, NOW - timedelta(days=days_ago))  # type: ignore[arg-type]


def test_scores_are_summed_up_by_client_and_compared_with_the_period_before() -> None:
    summary = summarise(
        [rated(5, 45), rated(3, 31), rated(2, 29), rated(1, 1), rated(3, 0, None), rated(1, 61)],
        now=NOW,
        ended=8,
        failed=2,
    )
    assert summary.total.distribution == (1, 1, 1, 0, 0)
    assert (summary.total.count, summary.total.mean, summary.total.before) == (3, 2, 4)
    assert summary.total.trend == -2
    assert (summary.clients[YAZ].mean, summary.clients[None].mean) == (1.5, 3)
    assert summary.clients[None].trend is None
    assert summary.failures == 0.25
    assert summary.in_words() == (
        "In the last 30 days 3 ratings had a mean of 2.0 of 5 (4.0 in the 30 days before); 2 of 8 runs failed."
    )


@pytest.mark.parametrize("scored", [[], [rated(4, 31)]])
def test_where_nobody_rated_there_is_no_mean(scored: list[Scored]) -> None:
    summary = summarise(scored, now=NOW)
    assert (summary.total.mean, summary.total.trend, summary.failures) == (None, None, 0)
    assert summary.in_words() == "There are no ratings of the last 30 days."


def test_a_score_counts() -> None:
    assert Score((0, 0, 0, 1, 1)).mean == 4.5
