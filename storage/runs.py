"""Queries about runs. The state machine is here in SQL: each change names the state that it leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.models import Client, Run, RunAttempt, RunEvent, Skill, User
from storage.models.runs import AttemptOutcome, RunStatus
from storage.usage import Limits

_LOCK_OWNER = text(
    """
    SELECT r.user_id, r.skill_id, u.monthly_budget_usd AS user_limit, c.monthly_budget_usd AS client_limit,
           pg_advisory_xact_lock(hashtextextended('claim:' || r.user_id, 0))
    FROM runs r JOIN users u ON u.id = r.user_id LEFT JOIN clients c ON c.id = r.client_id
    WHERE r.id = :run AND r.status = 'queued'
    """
)
_LIMITS = (
    select(col(User.monthly_budget_usd)).where(col(User.id) == Run.user_id).scalar_subquery(),
    select(col(Client.monthly_budget_usd)).where(col(Client.id) == Run.client_id).scalar_subquery(),
)


@dataclass(frozen=True, slots=True)
class Spending:
    """What one attempt used. Tokens are counts; `cost_usd` is US dollars."""

    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cache_read: int = 0
    tokens_cache_write: int = 0
    cost_usd: Decimal = Decimal(0)

    @property
    def tokens(self) -> int:
        """All tokens that were read or written."""
        return self.tokens_in + self.tokens_out + self.tokens_cache_read + self.tokens_cache_write


class RunRepository:
    """Runs, their attempts and their events."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, run: Run) -> bool:
        """Keep a new run; False if its `origin_key` has started one already."""
        added = await self._session.scalar(
            insert(Run)
            .values(run.model_dump())
            .on_conflict_do_nothing(index_elements=["origin_key"])
            .returning(col(Run.id))
        )
        return added is not None

    async def by_origin(self, origin_key: str) -> Run | None:
        """The run that this origin started."""
        return await self._session.scalar(select(Run).where(col(Run.origin_key) == origin_key))

    async def get(self, run_id: UUID) -> Run | None:
        """A run by id, as the transaction may see it."""
        return await self._session.scalar(select(Run).where(col(Run.id) == run_id))

    async def with_names(self, run_id: UUID) -> tuple[Run, str, str | None] | None:
        """A run, the name of its skill, and the slug of its client."""
        row = (
            await self._session.execute(
                select(Run, col(Skill.name), col(Client.slug))
                .join(Skill, col(Skill.id) == Run.skill_id)
                .outerjoin(Client, col(Client.id) == Run.client_id)
                .where(col(Run.id) == run_id)
            )
        ).one_or_none()
        return (row[0], row[1], row[2]) if row else None

    async def claim(
        self, run_id: UUID, attempt: int, *, worker: str, lease: timedelta, per_user: int, per_skill: int
    ) -> Run | None:
        """As `take`, without the limits."""
        taken = await self.take(run_id, attempt, worker=worker, lease=lease, per_user=per_user, per_skill=per_skill)
        return taken[0] if taken else None

    async def take(
        self, run_id: UUID, attempt: int, *, worker: str, lease: timedelta, per_user: int, per_skill: int
    ) -> tuple[Run, Limits] | None:
        """Take a queued run for one attempt, with what its user and client may spend; None if it can't be had now.

        Claims of one user are taken one after the other, so that the limits hold over all workers.
        """
        owner = (await self._session.execute(_LOCK_OWNER, {"run": run_id})).one_or_none()
        if owner is None:
            return None
        running = select(func.count()).select_from(Run).where(col(Run.status) == "running")
        claimed = await self._session.scalar(
            update(Run)
            .where(
                col(Run.id) == run_id,
                col(Run.attempt) == attempt,
                col(Run.status) == "queued",
                col(Run.available_at) <= func.clock_timestamp(),
                running.where(col(Run.user_id) == owner.user_id).scalar_subquery() < per_user,
                running.where(col(Run.skill_id) == owner.skill_id).scalar_subquery() < per_skill,
            )
            .values(
                status="running",
                fence=Run.fence + 1,
                lease_until=func.now() + lease,
                started_at=func.coalesce(Run.started_at, func.now()),
            )
            .returning(Run)
            .execution_options(populate_existing=True)
        )
        if claimed is not None:
            self._session.add(RunAttempt(user_id=claimed.user_id, run_id=run_id, attempt=attempt, worker=worker))
            await self._session.flush()
        return (claimed, Limits(owner.user_limit, owner.client_limit)) if claimed is not None else None

    async def renew(self, held: Sequence[tuple[UUID, int]], lease: timedelta) -> dict[UUID, bool]:
        """Renew leases of `(run, fence)`; for each that is still held, whether its stop is wanted."""
        rows = await self._session.execute(
            update(Run)
            .where(tuple_(col(Run.id), col(Run.fence)).in_(held), col(Run.status) == "running")
            .values(lease_until=func.now() + lease)
            .returning(col(Run.id), col(Run.cancel_requested_at))
        )
        return {run_id: wanted is not None for run_id, wanted in rows}

    async def finish(self, run_id: UUID, fence: int, status: RunStatus, **values: Any) -> bool:
        """Write a terminal state, once: False if the lease was lost or the state is terminal already."""
        done = await self._session.scalar(
            update(Run)
            .where(col(Run.id) == run_id, col(Run.fence) == fence, col(Run.status) == "running")
            .values(status=status, completed_at=func.now(), lease_until=None, **values)
            .returning(col(Run.id))
        )
        return done is not None

    async def requeue(self, run_id: UUID, fence: int, *, delay: timedelta, **values: Any) -> Run | None:
        """Put a running run back in line for its next attempt, or None if the lease was lost."""
        return await self._session.scalar(
            update(Run)
            .where(col(Run.id) == run_id, col(Run.fence) == fence, col(Run.status) == "running")
            .values(
                status="queued",
                attempt=Run.attempt + 1,
                lease_until=None,
                available_at=func.now() + delay,
                **values,
            )
            .returning(Run)
            .execution_options(populate_existing=True)
        )

    async def postpone(self, run_id: UUID, attempt: int, delay: timedelta) -> bool:
        """Let a queued run wait for `delay`; whether it was still queued."""
        waiting = await self._session.scalar(
            update(Run)
            .where(col(Run.id) == run_id, col(Run.attempt) == attempt, col(Run.status) == "queued")
            .values(available_at=func.now() + delay)
            .returning(col(Run.id))
        )
        return waiting is not None

    async def request_cancel(self, run_id: UUID) -> RunStatus | None:
        """Ask a run to stop. A queued one is cancelled at once; answers the state after the request."""
        return await self._session.scalar(
            update(Run)
            .where(col(Run.id) == run_id, col(Run.status).in_(("queued", "running")))
            .values(
                cancel_requested_at=func.now(),
                status=text("CASE status WHEN 'queued' THEN 'cancelled' ELSE status END"),
                completed_at=text("CASE status WHEN 'queued' THEN now() END"),
            )
            .returning(col(Run.status))
        )

    async def end_attempt(self, run_id: UUID, attempt: int, outcome: AttemptOutcome, spending: Spending) -> Limits:
        """Account for an attempt, and let the run's sums be those of its attempts: one statement.

        It answers the limits that the spending counts against.
        """
        accounted = (
            update(RunAttempt)
            .where(col(RunAttempt.run_id) == run_id, col(RunAttempt.attempt) == attempt)
            .values(
                ended_at=func.now(),
                outcome=outcome,
                tokens_in=spending.tokens_in,
                tokens_out=spending.tokens_out,
                tokens_cache_read=spending.tokens_cache_read,
                tokens_cache_write=spending.tokens_cache_write,
                cost_usd=spending.cost_usd,
            )
            .returning(col(RunAttempt.id))
            .cte("accounted")
        )
        rows = await self._session.execute(
            update(Run)
            .where(col(Run.id) == run_id)
            .values(tokens_used=Run.tokens_used + spending.tokens, cost_usd=Run.cost_usd + spending.cost_usd)
            .returning(*_LIMITS)
            .add_cte(accounted)
            .execution_options(synchronize_session=False)
        )
        limits = rows.one_or_none()
        return Limits(*limits) if limits else Limits()

    async def expired(self, limit: int = 100) -> Sequence[Run]:
        """Running runs whose worker has gone silent, locked for this transaction."""
        return (
            await self._session.scalars(
                select(Run)
                .where(col(Run.status) == "running", col(Run.lease_until) < func.now())
                .order_by(col(Run.lease_until))
                .limit(limit)
                .with_for_update(skip_locked=True)
            )
        ).all()

    async def waiting(
        self, *, per_user: int, per_skill: int, older_than: timedelta, limit: int = 200
    ) -> Sequence[Run]:
        """Queued runs that could start now, oldest first: those whose bell may have been lost."""
        other = text(
            "(SELECT count(*) FROM runs r WHERE r.status = 'running' AND r.user_id = runs.user_id) < :u AND "
            "(SELECT count(*) FROM runs r WHERE r.status = 'running' AND r.skill_id = runs.skill_id) < :s"
        ).bindparams(u=per_user, s=per_skill)
        return (
            await self._session.scalars(
                select(Run)
                .where(
                    col(Run.status) == "queued",
                    col(Run.available_at) <= func.now(),
                    func.greatest(Run.queued_at, Run.available_at) <= func.now() - older_than,
                    other,
                )
                .order_by(col(Run.queued_at))
                .limit(limit)
            )
        ).all()

    async def add_event(self, run: Run, kind: str, data: dict[str, Any] | None = None) -> None:
        """Note a phase or a fact, numbered after the last."""
        next_seq = (
            select(func.coalesce(func.max(RunEvent.seq), 0) + 1)
            .where(col(RunEvent.run_id) == run.id)
            .scalar_subquery()
        )
        event = RunEvent(user_id=run.user_id, run_id=run.id, seq=0, kind=kind, data=data or {})
        await self._session.execute(insert(RunEvent).values({**event.model_dump(), "seq": next_seq}))

    async def events(self, run_id: UUID, *, after_seq: int = 0) -> Sequence[RunEvent]:
        """What has happened since event `after_seq`, in order."""
        return (
            await self._session.scalars(
                select(RunEvent)
                .where(col(RunEvent.run_id) == run_id, col(RunEvent.seq) > after_seq)
                .order_by(col(RunEvent.seq))
            )
        ).all()

    async def attempts(self, run_id: UUID) -> Sequence[RunAttempt]:
        """Every try at a run, first to last."""
        return (
            await self._session.scalars(
                select(RunAttempt).where(col(RunAttempt.run_id) == run_id).order_by(col(RunAttempt.attempt))
            )
        ).all()
