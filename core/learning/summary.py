"""How a skill's outputs are rated, altogether and for each client: now, and in as long a time before. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from storage.learning import Scored

PERIOD = timedelta(days=30)
_SCORES = range(1, 6)


@dataclass(frozen=True, slots=True)
class Score:
    """Ratings of one period: how many of each score from 1 to 5, and how the mean was in the period before."""

    distribution: tuple[int, int, int, int, int]
    before: float | None = None

    @property
    def count(self) -> int:
        """How many ratings."""
        return sum(self.distribution)

    @property
    def mean(self) -> float | None:
        """Their mean, from 1 to 5; None if there are none."""
        total = sum(score * count for score, count in zip(_SCORES, self.distribution, strict=True))
        return total / self.count if self.count else None

    @property
    def trend(self) -> float | None:
        """How much the mean rose since the period before; None if one of the two has no ratings."""
        return None if self.mean is None or self.before is None else self.mean - self.before


@dataclass(frozen=True, slots=True)
class Summary:
    """A skill's scores, those of each client (None: without one), and how many of its runs ended and failed."""

    total: Score
    clients: Mapping[UUID | None, Score]
    ended: int
    failed: int

    @property
    def failures(self) -> float:
        """The share of runs that failed, from 0 to 1."""
        return self.failed / self.ended if self.ended else 0.0

    def in_words(self) -> str:
        """One sentence, without anything that belongs to a client."""
        mean, before = self.total.mean, self.total.before
        if mean is None:
            return "There are no ratings of the last 30 days."
        was = f" ({before:.1f} in the 30 days before)" if before is not None else ""
        runs = f"; {self.failed} of {self.ended} runs failed" if self.failed else ""
        return f"In the last 30 days {self.total.count} ratings had a mean of {mean:.1f} of 5{was}{runs}."


def summarise(scored: Sequence[Scored], *, now: datetime, ended: int = 0, failed: int = 0) -> Summary:
    """Sum up the scores of the last two periods.

    Args:
        scored: scores of the last 60 days; older ones are left out.
        now: where the last period ends.
        ended: how many runs ended in the last period.
        failed: how many of them failed.
    """
    clients = dict.fromkeys(it.client_id for it in scored)
    return Summary(
        total=_score(scored, now),
        clients={client: _score([it for it in scored if it.client_id == client], now) for client in clients},
        ended=ended,
        failed=failed,
    )


def _score(scored: Sequence[Scored], now: datetime) -> Score:
    before = _distribution(it.score for it in scored if now - 2 * PERIOD < it.at <= now - PERIOD)
    return Score(_distribution(it.score for it in scored if now - PERIOD < it.at <= now), Score(before).mean)


def _distribution(scores: Iterable[int]) -> tuple[int, int, int, int, int]:
    listed = list(scores)
    one, two, three, four, five = (listed.count(score) for score in _SCORES)
    return one, two, three, four, five
