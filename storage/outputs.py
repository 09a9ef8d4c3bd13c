"""Queries about outputs and the judgements on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.models import Client, Feedback, Output, Skill
from storage.pages import Page, newest_first


class OutputRepository:
    """What runs produced."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, output: Output) -> None:
        """Keep a new output."""
        self._session.add(output)
        await self._session.flush()

    async def get(self, output_id: UUID) -> Output | None:
        """An output by id, as the transaction may see it."""
        return await self._session.scalar(select(Output).where(col(Output.id) == output_id))

    async def by_short_id(self, short_id: str) -> Output | None:
        """An output by the id that people can type."""
        return await self._session.scalar(select(Output).where(col(Output.short_id) == short_id))

    async def of_run(self, run_id: UUID) -> Sequence[Output]:
        """All outputs of a run, the main one first."""
        return (
            await self._session.scalars(select(Output).where(col(Output.run_id) == run_id).order_by(col(Output.id)))
        ).all()

    async def page(
        self,
        user_id: UUID,
        *,
        after: UUID | None,
        limit: int,
        client_id: UUID | None = None,
        skill_id: UUID | None = None,
    ) -> Page[Output]:
        """A user's outputs, newest first, of one client or skill if named."""
        query = select(Output).where(col(Output.user_id) == user_id)
        if client_id is not None:
            query = query.where(col(Output.client_id) == client_id)
        if skill_id is not None:
            query = query.where(col(Output.skill_id) == skill_id)
        return await newest_first(self._session, query, col(Output.id), after=after, limit=limit)

    async def names(self, output: Output) -> tuple[str, str | None]:
        """The title of the skill that made it, and the name of the client it is for."""
        row = (
            await self._session.execute(
                select(col(Skill.title), col(Client.name))
                .select_from(Output)
                .join(Skill, col(Skill.id) == Output.skill_id)
                .outerjoin(Client, col(Client.id) == Output.client_id)
                .where(col(Output.id) == output.id)
            )
        ).one()
        return row[0], row[1]


@dataclass(frozen=True, slots=True)
class Rated:
    """How several people rated an output: the mean of their overall scores from 1 to 5, and how many they are."""

    mean: float
    count: int


class FeedbackRepository:
    """One judgement for each output and person."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, output_id: UUID, rater: str) -> Feedback | None:
        """What this person said of this output."""
        return await self._session.scalar(
            select(Feedback)
            .where(col(Feedback.output_id) == output_id, col(Feedback.rater) == rater)
            .execution_options(populate_existing=True)
        )

    async def rated(self, output_id: UUID) -> Rated | None:
        """How people rated an output; None if nobody did."""
        query = select(func.avg(Feedback.overall_score), func.count()).where(col(Feedback.output_id) == output_id)
        mean, count = (await self._session.execute(query)).one()
        return Rated(float(mean), count) if count else None

    async def by_id(self, feedback_id: UUID) -> Feedback | None:
        """One judgement."""
        return await self._session.scalar(select(Feedback).where(col(Feedback.id) == feedback_id))

    async def page(
        self, user_id: UUID, *, after: UUID | None, limit: int, output_id: UUID | None = None
    ) -> Page[Feedback]:
        """Judgements on a user's outputs, newest first, of one output if named."""
        query = select(Feedback).where(col(Feedback.user_id) == user_id)
        if output_id is not None:
            query = query.where(col(Feedback.output_id) == output_id)
        return await newest_first(self._session, query, col(Feedback.id), after=after, limit=limit)

    async def put(self, feedback: Feedback, *, replace: Sequence[str]) -> Feedback:
        """Keep a judgement; where this person gave one before, replace the columns named, and it is as of now."""
        statement = insert(Feedback).values(feedback.model_dump())
        kept = await self._session.scalar(
            statement.on_conflict_do_update(
                index_elements=["output_id", "rater"],
                set_={name: getattr(statement.excluded, name) for name in (*replace, "processed_at", "changed_at")},
            )
            .returning(Feedback)
            .execution_options(populate_existing=True)
        )
        if kept is None:
            raise RuntimeError("an upsert returned no row")
        return kept
