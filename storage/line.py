"""Queries about the line in which runs wait, and about those at work."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.models import Client, Run, Skill


class LineRepository:
    """Runs that have not ended."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def next_waiting(self, user_id: UUID) -> Run | None:
        """The oldest run of a user that waits in line."""
        return await self._session.scalar(
            select(Run)
            .where(
                col(Run.user_id) == user_id,
                col(Run.status) == "queued",
                col(Run.available_at) <= func.now(),
            )
            .order_by(col(Run.queued_at))
            .limit(1)
        )

    async def queue_length(self) -> int:
        """How many runs wait. Needs a system transaction to count everybody's."""
        count = await self._session.scalar(select(func.count()).select_from(Run).where(col(Run.status) == "queued"))
        return count or 0

    async def ahead_of(self, run: Run) -> int:
        """How many queued runs were there earlier. Needs a system transaction to count everybody's."""
        count = await self._session.scalar(
            select(func.count())
            .select_from(Run)
            .where(col(Run.status) == "queued", col(Run.queued_at) < run.queued_at)
        )
        return count or 0

    async def active(self, user_id: UUID) -> Sequence[tuple[Run, Skill, Client | None]]:
        """What is queued or running for a user, newest first, with its skill and client."""
        rows = await self._session.execute(
            select(Run, Skill, Client)
            .join(Skill, col(Skill.id) == Run.skill_id)
            .outerjoin(Client, col(Client.id) == Run.client_id)
            .where(col(Run.user_id) == user_id, col(Run.status).in_(("queued", "running")))
            .order_by(col(Run.id).desc())
            .limit(50)
        )
        return [(run, skill, client) for run, skill, client in rows]
