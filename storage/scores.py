"""How outputs were rated, by the version of the rules that they were written with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.models import Feedback, Output, RuleVersion, Run
from storage.models.rules import RuleOrigin
from storage.rules import Scope

Period = Literal["day", "week", "month"]
MADE_BY_PEOPLE: frozenset[RuleOrigin] = frozenset({"proposal", "edit"})


@dataclass(frozen=True, slots=True)
class VersionScore:
    """What people think of the outputs of one version: the mean of `count` overall scores from 1 to 5."""

    version: int
    mean: float
    count: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class ScorePoint:
    """What people think of the outputs of one period and one version: `at` is the middle of when they were made.

    `version` is None for outputs of a time when versions of this scope were not noted.
    """

    at: datetime
    version: int | None
    mean: float
    count: int


async def scores_by_version(session: AsyncSession, scope: Scope) -> Sequence[VersionScore]:
    """Every version of a scope's rules whose outputs were rated, the oldest first; times are those of ratings."""
    version = _version(scope)
    rows = await session.execute(
        _rated(
            scope,
            version,
            func.avg(Feedback.overall_score),
            func.count(),
            func.min(Feedback.changed_at),
            func.max(Feedback.changed_at),
        )
        .where(version.is_not(None))
        .group_by(version)
        .order_by(version)
    )
    return [VersionScore(number, float(mean), count, first, last) for number, mean, count, first, last in rows]


async def scores_over_time(session: AsyncSession, scope: Scope, *, every: Period = "week") -> Sequence[ScorePoint]:
    """Scores by when the outputs were made, the oldest first: one point for each period and version in it."""
    period, version = func.date_trunc(every, col(Output.created_at), "UTC"), _version(scope)
    middle = func.to_timestamp(func.avg(func.extract("epoch", col(Output.created_at))))
    rows = await session.execute(
        _rated(scope, middle.label("middle"), version, func.avg(Feedback.overall_score), func.count())
        .group_by(period, version)
        .order_by("middle")
    )
    return [ScorePoint(at, number, float(mean), count) for at, number, mean, count in rows]


async def watched_versions(session: AsyncSession, skill_id: UUID) -> Sequence[RuleVersion]:
    """The newest rules that a skill's outputs are written with, where a person made them and nobody was warned yet.

    Everybody's, the skill's, and those of each client for whom the skill has been used.
    """
    served = select(col(Output.client_id)).where(col(Output.skill_id) == skill_id)
    newest = (
        select(RuleVersion)
        .where(
            (col(RuleVersion.scope) == "global")
            | (col(RuleVersion.skill_id) == skill_id)
            | col(RuleVersion.client_id).in_(served)
        )
        .ext(distinct_on(col(RuleVersion.scope), col(RuleVersion.skill_id), col(RuleVersion.client_id)))
        .order_by(
            col(RuleVersion.scope),
            col(RuleVersion.skill_id),
            col(RuleVersion.client_id),
            col(RuleVersion.version).desc(),
        )
    )
    return [
        version
        for version in (await session.scalars(newest)).all()
        if version.origin in MADE_BY_PEOPLE and version.alerted_at is None
    ]


def _version(scope: Scope) -> Any:
    return col(Run.provenance)["rules"][scope.kind]["version"].as_integer()


def _rated(scope: Scope, *columns: Any) -> Select[Any]:
    query = (
        select(*columns)
        .select_from(Feedback)
        .join(Output, col(Output.id) == Feedback.output_id)
        .join(Run, col(Run.id) == Output.run_id)
    )
    if scope.kind == "skill":
        return query.where(col(Output.skill_id) == scope.skill_id)
    if scope.kind == "client":
        return query.where(col(Output.client_id) == scope.client_id)
    return query
