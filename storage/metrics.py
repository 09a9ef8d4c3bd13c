"""Counting runs and their ratings by period, skill or version of rules, straight through the driver."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from storage.models.base import first_id_at
from storage.reading import reading

TallyKey = Literal["day", "week", "month", "skill", "skill_rules", "house_rules"]
_KEYS: dict[TallyKey, str] = {
    "day": "date_trunc('day', r.queued_at AT TIME ZONE 'UTC')::date",
    "week": "date_trunc('week', r.queued_at AT TIME ZONE 'UTC')::date",
    "month": "date_trunc('month', r.queued_at AT TIME ZONE 'UTC')::date",
    "skill": "r.skill_id",
    "skill_rules": "(r.provenance #>> '{rules,skill,version}')::int",
    "house_rules": "(r.provenance #>> '{rules,global,version}')::int",
}
_SELECT = """
    SELECT {key} AS key, count(*) AS runs, count(*) FILTER (WHERE r.status = 'completed') AS completed,
           count(*) FILTER (WHERE r.status = 'failed') AS failed,
           count(*) FILTER (WHERE r.status = 'cancelled') AS cancelled,
           sum(r.tokens_used)::bigint AS tokens_used, sum(r.cost_usd) AS cost_usd,
           coalesce(sum(q.ratings), 0)::bigint AS ratings, coalesce(sum(q.scores), 0)::bigint AS scores
    FROM runs r LEFT JOIN (
        SELECT o.run_id, count(*) AS ratings, sum(f.overall_score) AS scores
        FROM feedback f JOIN outputs o ON o.id = f.output_id WHERE f.id >= $1{rated} GROUP BY o.run_id
    ) q ON q.run_id = r.id
    WHERE r.id >= $1 AND r.id < $2{wanted} GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Tally:
    """Runs that were asked for in some time: how they ended, what they cost, how they were rated. Adds up.

    `scores` is the sum of overall scores from 1 to 5, `cost_usd` US dollars.
    """

    runs: int = 0
    completed: int = 0
    failed: int = 0
    cancelled: int = 0
    tokens_used: int = 0
    cost_usd: Decimal = Decimal(0)
    ratings: int = 0
    scores: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(getattr(self, name) + getattr(other, name) for name in Tally.__slots__))

    @property
    def failure_rate(self) -> float | None:
        """The share of the runs that made something or failed; None if there are none yet."""
        ended = self.completed + self.failed
        return self.failed / ended if ended else None

    @property
    def mean_score(self) -> float | None:
        """From 1 to 5; None without ratings."""
        return self.scores / self.ratings if self.ratings else None


async def tallies(
    engine: AsyncEngine,
    by: TallyKey,
    since: datetime,
    until: datetime,
    *,
    user_id: UUID | None = None,
    skill_id: UUID | None = None,
) -> Sequence[tuple[Any, Tally]]:
    """What runs come to by `by`, in its order: of one user (None: of all), of one skill (None: of all).

    Keys are dates (the first day of the period), ids of skills, or versions: None where none was noted.
    """
    values: list[Any] = [first_id_at(since), first_id_at(until)]
    wanted = rated = ""
    if user_id is not None:
        values.append(user_id)
        wanted, rated = f" AND r.user_id = ${len(values)}", f" AND f.user_id = ${len(values)}"
    if skill_id is not None:
        values.append(skill_id)
        wanted += f" AND r.skill_id = ${len(values)}"
    query = _SELECT.format(key=_KEYS[by], wanted=wanted, rated=rated)
    async with reading(engine, user_id) as connection:
        rows = await connection.fetch(query, *values)
    return [(row["key"], Tally(*(row[name] for name in Tally.__slots__))) for row in rows]
