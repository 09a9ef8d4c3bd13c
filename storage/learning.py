"""Queries of learning: judgements with what they are about, and which of them were not counted yet."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession
from sqlmodel import col

from storage.models import Client, Feedback, LearningCost, OutboxMessage, Output, RuleProposal, Run, Skill
from storage.models.base import utc_now
from storage.models.traffic import APPOINTMENT

_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended('learning', 0))")


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement, the output that it is about, the request that led there, the skill, and the client if any."""

    feedback: Feedback
    output: Output
    request: str
    skill: Skill
    client: Client | None


@dataclass(frozen=True, slots=True)
class Scored:
    """One overall score, from 1 to 5, for a client if any, and when it was given."""

    score: int
    client_id: UUID | None
    at: datetime


class LearningRepository:
    """Feedback as learning sees it: a judgement is as old as its last change."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def unprocessed(self, skill_id: UUID, *, limit: int) -> Sequence[Judged]:
        """Judgements of a skill's outputs that were not counted since they were last changed, the oldest first."""
        query = _judged(skill_id).where(col(Feedback.processed_at).is_(None))
        return await self._read(query.order_by(col(Feedback.changed_at)).limit(limit))

    async def candidates(self, skill_id: UUID | None, *, younger_than: timedelta, limit: int) -> Sequence[Judged]:
        """Judgements that name something to do better and led to no proposal, or were changed since; newest first.

        Of one skill, or of all.
        """
        used = select(func.unnest(col(RuleProposal.evidence))).where(  # read once, and hashed
            col(RuleProposal.created_at) > func.now() - younger_than  # none is older than what it rests on
        )
        query = _judged(skill_id).where(
            col(Feedback.changed_at) > func.now() - younger_than,
            or_(
                func.jsonb_array_length(col(Feedback.issues_json)) > 0,
                func.jsonb_array_length(col(Feedback.suggested_rule_changes)) > 0,
            ),
            or_(col(Feedback.processed_at).is_(None), col(Feedback.id).not_in(used)),
        )
        return await self._read(query.order_by(col(Feedback.changed_at).desc()).limit(limit))

    async def evidence(self, ids: Sequence[UUID]) -> Sequence[Judged]:
        """These judgements, as far as they are still there, the oldest first."""
        return await self._read(_judged().where(col(Feedback.id).in_(ids)).order_by(col(Feedback.id)))

    async def last_change(self, skill_id: UUID) -> datetime | None:
        """When a judgement that is not counted yet was last given or changed; None if all are counted."""
        return await self._session.scalar(
            select(func.max(col(Feedback.changed_at)))
            .join(Output, col(Output.id) == col(Feedback.output_id))
            .where(col(Feedback.processed_at).is_(None), col(Output.skill_id) == skill_id)
        )

    async def due(self, *, quiet_for: timedelta) -> Sequence[UUID]:
        """Skills with judgements that are not counted and were not changed for that long."""
        waiting = (
            select(col(Output.skill_id))
            .join(Feedback, col(Feedback.output_id) == col(Output.id))
            .where(col(Feedback.processed_at).is_(None))
            .group_by(col(Output.skill_id))
            .having(func.max(col(Feedback.changed_at)) < func.now() - quiet_for)
        )
        return (await self._session.scalars(waiting)).all()

    async def count(self, judgements: Sequence[Feedback]) -> None:
        """Note that judgements are counted; those changed since they were read stay uncounted."""
        if judgements:
            seen = [(it.id, it.changed_at) for it in judgements]
            await self._session.execute(
                update(Feedback)
                .where(tuple_(col(Feedback.id), col(Feedback.changed_at)).in_(seen))
                .values(processed_at=func.now())
                .execution_options(synchronize_session=False)
            )

    async def file_lies_at(self, feedback_id: UUID, key: str) -> bool:
        """Note where the file of a judgement lies; False if the judgement is gone."""
        noted = await self._session.scalar(
            update(Feedback)
            .where(col(Feedback.id) == feedback_id)
            .values(s3_key=key)
            .returning(col(Feedback.id))
            .execution_options(synchronize_session=False)
        )
        return noted is not None

    async def scores(self, skill_id: UUID, *, younger_than: timedelta) -> Sequence[Scored]:
        """The scores of a skill's outputs, the oldest first."""
        rows = await self._session.execute(
            select(col(Feedback.overall_score), col(Output.client_id), col(Feedback.changed_at))
            .join(Output, col(Output.id) == col(Feedback.output_id))
            .where(col(Output.skill_id) == skill_id, col(Feedback.changed_at) > func.now() - younger_than)
            .order_by(col(Feedback.changed_at))
        )
        return [Scored(*row) for row in rows]

    async def ended(self, skill_id: UUID, *, younger_than: timedelta) -> tuple[int, int]:
        """How many of a skill's runs have ended in that time, and how many of them failed."""
        row = (
            await self._session.execute(
                select(func.count(), func.count().filter(col(Run.status) == "failed")).where(
                    col(Run.skill_id) == skill_id,
                    col(Run.status).in_(("completed", "failed")),
                    col(Run.completed_at) > func.now() - younger_than,
                )
            )
        ).one()
        return row[0], row[1]

    async def add_costs(self, costs: Mapping[str, Decimal]) -> None:
        """Add to what learning has cost today, in US dollars by what was asked."""
        today = utc_now().date()
        rows = [LearningCost(day=today, purpose=purpose, cost_usd=usd) for purpose, usd in sorted(costs.items())]
        new = insert(LearningCost).values([row.model_dump() for row in rows])
        total = LearningCost.cost_usd + new.excluded.cost_usd
        await self._session.execute(
            new.on_conflict_do_update(index_elements=["day", "purpose"], set_={"cost_usd": total})
        )

    async def cost(self, first: date, last: date) -> Decimal:
        """What learning has cost from one day to another, both included, in US dollars."""
        total = func.coalesce(func.sum(LearningCost.cost_usd), 0)
        spent = await self._session.scalar(select(total).where(col(LearningCost.day).between(first, last)))
        return Decimal(spent or 0)

    async def alone(self) -> None:
        """Let nobody else add proposals of feedback until the transaction ends."""
        await self._session.execute(_ALONE)

    async def appointed(self, name: str, at: datetime) -> datetime:
        """When something is to be done that is kept until then; `at`, if nothing of this name was appointed."""
        await self.alone()
        known = await self._session.scalar(select(col(OutboxMessage.available_at)).where(*_appointment(name)))
        if known is not None:
            return known
        self._session.add(OutboxMessage(kind=APPOINTMENT, payload={"name": name}, available_at=at))
        await self._session.flush()
        return at

    async def put_off(self, name: str, until: datetime) -> None:
        """Have an appointment later."""
        await self._session.execute(update(OutboxMessage).where(*_appointment(name)).values(available_at=until))

    async def done_with(self, name: str) -> None:
        """Forget an appointment, if its time has come."""
        await self._session.execute(
            delete(OutboxMessage).where(*_appointment(name), col(OutboxMessage.available_at) <= func.now())
        )

    async def _read(self, query: Any) -> Sequence[Judged]:
        rows = await self._session.execute(query.execution_options(populate_existing=True))
        return [Judged(*row) for row in rows]


def _appointment(name: str) -> list[ColumnElement[bool]]:
    return [col(OutboxMessage.kind) == APPOINTMENT, col(OutboxMessage.payload)["name"].as_string() == name]


def _judged(skill_id: UUID | None = None) -> Any:
    query = (
        select(Feedback, Output, col(Run.user_message), Skill, Client)
        .join(Output, col(Output.id) == col(Feedback.output_id))
        .join(Run, col(Run.id) == col(Output.run_id))
        .join(Skill, col(Skill.id) == col(Output.skill_id))
        .outerjoin(Client, col(Client.id) == col(Output.client_id))
    )
    return query if skill_id is None else query.where(col(Output.skill_id) == skill_id)


@asynccontextmanager
async def held_alone(engine: AsyncEngine, name: str) -> AsyncIterator[bool]:
    """Hold a name without a transaction, for as long as models are asked; False if another process holds it.

    A crash lets go of it: the lock belongs to the connection.
    """
    async with engine.connect() as opened:
        connection = await opened.execution_options(isolation_level="AUTOCOMMIT")
        key = {"key": f"learning:{name}"}
        if not await connection.scalar(text("SELECT pg_try_advisory_lock(hashtextextended(:key, 0))"), key):
            yield False
            return
        try:
            yield True
        finally:
            await _let_go(connection, key)


async def _let_go(connection: AsyncConnection, key: dict[str, str]) -> None:
    """Unlock; a connection that could not is closed, so that it does not hold on in the pool."""
    try:
        await connection.execute(text("SELECT pg_advisory_unlock(hashtextextended(:key, 0))"), key)
    except BaseException:
        await connection.invalidate()
        raise
