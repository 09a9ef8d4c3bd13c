"""What those who run the bot look at: how each skill is rated, and who uses the bot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.models import Feedback, Output, User, UserChannel
from storage.pages import Page, newest_first


@dataclass(frozen=True, slots=True)
class SkillScore:
    """How a skill's outputs are rated: overall scores from 1 to 5, how many of each, and two means to compare.

    `lately` is the mean of the ratings of the last period, `earlier` of the one before; None without any.
    """

    counts: Mapping[int, int]
    lately: float | None
    earlier: float | None

    @property
    def count(self) -> int:
        """How many ratings there are."""
        return sum(self.counts.values())

    @property
    def mean(self) -> float:
        """The mean of all of them."""
        return sum(score * count for score, count in self.counts.items()) / self.count

    @property
    def trend(self) -> float | None:
        """How much higher the mean of the last period is than that of the one before; None if one had no rating."""
        return self.lately - self.earlier if self.lately is not None and self.earlier is not None else None


async def skill_scores(session: AsyncSession, *, period: timedelta) -> dict[UUID, SkillScore]:
    """How every skill that was rated is rated, by its id."""
    lately = col(Feedback.changed_at) >= func.now() - period
    earlier = col(Feedback.changed_at).between(func.now() - 2 * period, func.now() - period)
    score = col(Feedback.overall_score)
    rows = await session.execute(
        select(
            col(Output.skill_id),
            *(func.count().filter(score == value) for value in range(1, 6)),
            func.avg(score).filter(lately),
            func.avg(score).filter(earlier),
        )
        .join(Output, col(Output.id) == Feedback.output_id)
        .group_by(col(Output.skill_id))
    )
    return {
        skill_id: SkillScore(dict(enumerate(counts, 1)), _mean(now), _mean(before))
        for skill_id, *counts, now, before in rows
    }


async def user_page(session: AsyncSession, *, after: UUID | None, limit: int) -> Page[User]:
    """Accounts that were not deleted, the newest first."""
    query = select(User).where(col(User.deleted_at).is_(None))
    return await newest_first(session, query, col(User.id), after=after, limit=limit)


async def linked(session: AsyncSession, user_ids: Sequence[UUID]) -> set[UUID]:
    """Those of these users who can be written to on some channel."""
    found = await session.scalars(
        select(col(UserChannel.user_id)).where(
            col(UserChannel.user_id).in_(user_ids), col(UserChannel.dead_at).is_(None)
        )
    )
    return set(found.all())


def _mean(value: object) -> float | None:
    return None if value is None else float(str(value))
