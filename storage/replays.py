"""Queries about tests of proposals: which past runs to write again, and who works on a test now.

A test that goes on is held by one worker at a time: `holder` and `lease_until` (seconds since the epoch) stand
beside what it has found so far in `rule_proposals.evaluation`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, cast, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from storage.models import Feedback, Output, RuleProposal, Run, RunAttempt, Skill, User
from storage.models.rules import ProposalStatus
from storage.rules import Scope

WELL_RATED = 4


@dataclass(frozen=True, slots=True)
class PastCost:
    """What a run took: tokens read and written by the attempt that made its output, and all its dollars."""

    run_id: UUID
    skill_id: UUID
    tokens_read: int
    tokens_written: int
    cost_usd: Decimal


class PastRunRepository:
    """Runs that can be replayed: their skill, their client and what they revised are still there."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def complained_of(self, evidence: Collection[UUID], *, limit: int) -> Sequence[UUID]:
        """Runs whose outputs these judgements are about, the newest of each client first."""
        rated = _rated().where(col(Feedback.id).in_(evidence)).distinct()
        return await self._newest_of_each_client(rated, limit)

    async def well_rated(self, scope: Scope, *, without: Collection[UUID], limit: int) -> Sequence[UUID]:
        """Runs of a scope whose outputs have a mean of 4 or more, the newest of each client first."""
        rated = (
            _rated()
            .where(col(Output.run_id).not_in(without))
            .group_by(col(Output.run_id))
            .having(func.avg(Feedback.overall_score) >= WELL_RATED)
        )
        if scope.kind == "skill":
            rated = rated.where(col(Output.skill_id) == scope.skill_id)
        elif scope.kind == "client":
            rated = rated.where(col(Output.client_id) == scope.client_id)
        return await self._newest_of_each_client(rated, limit)

    async def get(self, run_id: UUID) -> Run | None:
        """A run that can still be replayed."""
        return await self._session.scalar(
            select(Run)
            .join(Skill, col(Skill.id) == Run.skill_id)
            .join(User, col(User.id) == Run.user_id)
            .where(col(Run.id) == run_id, *_whole())
        )

    async def costs(self, run_ids: Collection[UUID]) -> Sequence[PastCost]:
        """What these runs took."""
        read = RunAttempt.tokens_in + RunAttempt.tokens_cache_read + RunAttempt.tokens_cache_write
        rows = await self._session.execute(
            select(
                col(Run.id), col(Run.skill_id), func.max(read), func.max(RunAttempt.tokens_out), col(Run.cost_usd)
            )
            .outerjoin(RunAttempt, (col(RunAttempt.run_id) == Run.id) & (col(RunAttempt.outcome) == "completed"))
            .where(col(Run.id).in_(run_ids))
            .group_by(col(Run.id))
        )
        return [PastCost(*row[:2], row[2] or 0, row[3] or 0, row[4]) for row in rows]

    async def judgements(self, run_id: UUID) -> Sequence[Feedback]:
        """What people said of the outputs of a run, the oldest first."""
        return (
            await self._session.scalars(
                select(Feedback)
                .join(Output, col(Output.id) == Feedback.output_id)
                .where(col(Output.run_id) == run_id)
                .order_by(col(Feedback.id))
            )
        ).all()

    async def _newest_of_each_client(self, rated: Select[Any], limit: int) -> Sequence[UUID]:
        """The newest run of every client, then the second of each, and so on: no client fills a test alone."""
        runs = rated.subquery()
        turn = func.row_number().over(
            partition_by=[col(Run.user_id), col(Run.client_id)], order_by=col(Run.id).desc()
        )
        ranked = (
            select(col(Run.id).label("id"), turn.label("turn"))
            .join(runs, runs.c.run_id == Run.id)
            .join(Skill, col(Skill.id) == Run.skill_id)
            .join(User, col(User.id) == Run.user_id)
            .where(*_whole())
            .subquery()
        )
        return (
            await self._session.scalars(
                select(ranked.c.id).order_by(ranked.c.turn, ranked.c.id.desc()).limit(limit)
            )
        ).all()


def _rated() -> Select[Any]:
    return select(col(Output.run_id)).join(Feedback, col(Feedback.output_id) == Output.id)


def _whole() -> list[ColumnElement[bool]]:
    """That all which a run was made from is still there."""
    parent = aliased(Output)
    had_client = func.jsonb_typeof(col(Run.provenance)["client"]) == "object"
    return [
        col(Run.status) == "completed",
        col(Skill.enabled).is_(True),
        col(User.deleted_at).is_(None),
        or_(col(Run.client_id).is_not(None), had_client.is_not(True)),
        or_(col(Run.parent_output_id).is_(None), exists().where(col(parent.id) == Run.parent_output_id)),
    ]


class ReplayRepository:
    """Who works on a test, and how far it has come."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def take(self, proposal_id: UUID, holder: str, lease: timedelta) -> RuleProposal | None:
        """Hold a test that goes on and that nobody holds; None if it is not to be had."""
        return await self._session.scalar(
            update(RuleProposal)
            .where(col(RuleProposal.id) == proposal_id, col(RuleProposal.status) == "testing", _free())
            .values(evaluation=col(RuleProposal.evaluation).op("||")(_held(holder, lease)))
            .returning(RuleProposal)
            .execution_options(populate_existing=True, synchronize_session=False)
        )

    async def renew(self, proposal_id: UUID, holder: str, lease: timedelta) -> bool:
        """Hold a test for longer; False if it goes on no more, or if another holds it."""
        renewed = await self._session.scalar(
            update(RuleProposal)
            .where(*_holds(proposal_id, holder))
            .values(evaluation=col(RuleProposal.evaluation).op("||")(_held(holder, lease)))
            .returning(col(RuleProposal.id))
            .execution_options(synchronize_session=False)
        )
        return renewed is not None

    async def keep(
        self, proposal_id: UUID, holder: str, evaluation: dict[str, Any], *, news: bool
    ) -> RuleProposal | None:
        """Note how far a test has come; None, and nothing is written, if it is not held any more.

        Args:
            proposal_id: the proposal that is tested.
            holder: who works on the test.
            evaluation: all that it has found so far.
            news: whether messages that show the proposal are behind now.
        """
        kept = col(RuleProposal.evaluation).op("||")(cast(evaluation, JSONB))
        revision = RuleProposal.revision + (1 if news else 0)
        return await self._change(proposal_id, holder, evaluation=kept, revision=revision)

    async def end(
        self, proposal_id: UUID, holder: str, evaluation: dict[str, Any], status: ProposalStatus
    ) -> RuleProposal | None:
        """End a test; None, and nothing is written, if it is not held any more."""
        revision = RuleProposal.revision + 1
        return await self._change(proposal_id, holder, evaluation=evaluation, status=status, revision=revision)

    async def left(self, limit: int = 20) -> Sequence[RuleProposal]:
        """Tests that go on while nobody works on them."""
        return (
            await self._session.scalars(
                select(RuleProposal).where(col(RuleProposal.status) == "testing", _free()).limit(limit)
            )
        ).all()

    async def _change(self, proposal_id: UUID, holder: str, **values: Any) -> RuleProposal | None:
        return await self._session.scalar(
            update(RuleProposal)
            .where(*_holds(proposal_id, holder))
            .values(**values)
            .returning(RuleProposal)
            .execution_options(populate_existing=True, synchronize_session=False)
        )


def _held(holder: str, lease: timedelta) -> ColumnElement[Any]:
    until = func.extract("epoch", func.now() + lease)
    return func.jsonb_build_object("holder", holder, "lease_until", until)


def _holds(proposal_id: UUID, holder: str) -> list[ColumnElement[bool]]:
    return [
        col(RuleProposal.id) == proposal_id,
        col(RuleProposal.status) == "testing",
        col(RuleProposal.evaluation)["holder"].as_string() == holder,
    ]


def _free() -> ColumnElement[bool]:
    until = col(RuleProposal.evaluation)["lease_until"].as_float()
    return func.coalesce(until, 0) < func.extract("epoch", func.now())
