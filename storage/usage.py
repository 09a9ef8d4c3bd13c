"""Sums over runs, and the monthly limits that they are held against. Money is US dollars, to the millionth.

A run belongs to the time that its id begins with, which is when it was asked for. An index holds all that is summed
up, so that a user's million runs are read without a look at the rows.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.models import BudgetWarning, Client, Run, User
from storage.models.base import first_id_at

NOTHING = Decimal(0)
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('budget:' || :id, 0))")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a user, and the client that a run is for, may cost in a month; None: as much as it takes."""

    user: Decimal | None = None
    client: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Sum:
    """What some runs come to. Runs of every state count, and tokens of every kind. Adds up."""

    runs: int = 0
    tokens: int = 0
    cost_usd: Decimal = NOTHING

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(self.runs + other.runs, self.tokens + other.tokens, self.cost_usd + other.cost_usd)


class UsageRepository:
    """Sums and limits, as the transaction may see them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def spent(
        self, user_id: UUID, client_id: UUID | None, since: datetime, until: datetime
    ) -> tuple[Decimal, Decimal]:
        """What a user's runs have cost, and of that the runs for one client."""
        total = func.coalesce(func.sum(Run.cost_usd), NOTHING)
        for_client = func.coalesce(func.sum(Run.cost_usd).filter(col(Run.client_id) == client_id), NOTHING)
        row = (
            await self._session.execute(
                select(total, for_client).where(
                    col(Run.user_id) == user_id,
                    col(Run.id) >= first_id_at(since),
                    col(Run.id) < first_id_at(until),
                )
            )
        ).one()
        return row[0], row[1]

    async def sums(
        self,
        by: Literal["user_id", "client_id", "skill_id"],
        since: datetime,
        until: datetime,
        *,
        user_id: UUID | None = None,
    ) -> Mapping[UUID | None, Sum]:
        """What runs come to, by whom, for whom or with which skill; of one user, or of all that can be seen."""
        column = getattr(Run, by)
        query = select(column, func.count(), func.sum(Run.tokens_used), func.sum(Run.cost_usd)).where(
            col(Run.id) >= first_id_at(since), col(Run.id) < first_id_at(until)
        )
        if user_id is not None:
            query = query.where(col(Run.user_id) == user_id)
        rows = await self._session.execute(query.group_by(column))
        return {key: Sum(runs, int(tokens), cost) for key, runs, tokens, cost in rows}

    async def payers(self, user_id: UUID, client_id: UUID | None) -> tuple[User, Client | None] | None:
        """A user whose account was not deleted, and a client of theirs."""
        row = (
            await self._session.execute(
                select(User, Client)
                .outerjoin(Client, (col(Client.user_id) == User.id) & (col(Client.id) == client_id))
                .where(col(User.id) == user_id, col(User.deleted_at).is_(None))
            )
        ).one_or_none()
        return (row[0], row[1]) if row else None

    async def set_user_limit(self, user_id: UUID, limit: Decimal | None) -> None:
        """Let a user spend this much in a month, or (None) as much as it takes."""
        await self._session.execute(update(User).where(col(User.id) == user_id).values(monthly_budget_usd=limit))

    async def lock(self, payer_id: UUID) -> None:
        """Let ends of runs that are held against one limit be looked at one after the other, until each commits."""
        await self._session.execute(_LOCK, {"id": str(payer_id)})

    async def add_warning(self, warning: BudgetWarning) -> bool:
        """Keep that a limit came near; False if that is known for this limit in this month."""
        added = await self._session.scalar(
            insert(BudgetWarning)
            .values(warning.model_dump())
            .on_conflict_do_nothing()
            .returning(col(BudgetWarning.id))
        )
        return added is not None

    async def take_warning(self, warning_id: UUID) -> tuple[BudgetWarning, str | None] | None:
        """A warning that nobody has told yet, and its client's name. From now on it counts as told."""
        row = (
            await self._session.execute(
                update(BudgetWarning)
                .where(col(BudgetWarning.id) == warning_id, col(BudgetWarning.told_at).is_(None))
                .values(told_at=func.now())
                .returning(
                    BudgetWarning,
                    select(col(Client.name)).where(col(Client.id) == BudgetWarning.client_id).scalar_subquery(),
                )
            )
        ).one_or_none()
        return (row[0], row[1]) if row else None

    async def untold(self, *, older_than: timedelta, younger_than: timedelta) -> Sequence[UUID]:
        """Warnings of this age that nobody has told, or that could not be told."""
        query = select(col(BudgetWarning.id)).where(
            col(BudgetWarning.told_at).is_(None),
            col(BudgetWarning.created_at).between(func.now() - younger_than, func.now() - older_than),
        )
        return (await self._session.scalars(query)).all()

    async def put_back_warning(self, warning_id: UUID) -> None:
        """Let a warning be told after all: its owner could not be reached."""
        await self._session.execute(
            update(BudgetWarning).where(col(BudgetWarning.id) == warning_id).values(told_at=None)
        )
