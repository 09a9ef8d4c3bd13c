"""What a proposal rests on, and whose rules it is about."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.models import Client, Feedback, Output, RuleProposal, RuleVersion, Skill


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement, and the short id of the output that it is about."""

    feedback: Feedback
    short_id: str


async def judgements(session: AsyncSession, feedback_ids: Sequence[UUID]) -> list[Judged]:
    """These judgements, the lowest scores first; those that were deleted are left out."""
    rows = await session.execute(
        select(Feedback, col(Output.short_id))
        .join(Output, col(Output.id) == Feedback.output_id)
        .where(col(Feedback.id).in_(feedback_ids))
        .order_by(col(Feedback.overall_score), col(Feedback.id))
    )
    return [Judged(feedback, short_id) for feedback, short_id in rows]


async def names(session: AsyncSession, row: RuleProposal | RuleVersion) -> tuple[str | None, str | None]:
    """The title of the skill and the name of the client that a row of rules is about."""
    skill = await session.scalar(select(col(Skill.title)).where(col(Skill.id) == row.skill_id))
    client = await session.scalar(select(col(Client.name)).where(col(Client.id) == row.client_id))
    return skill, client
