"""What a month has cost, as people and programs are told: all of it comes from the runs themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import NotFoundError
from core.usage.months import Month
from storage.clients import ClientRepository
from storage.learning import LearningRepository
from storage.usage import Limits, Sum, UsageRepository


@dataclass(frozen=True, slots=True)
class ClientUsage:
    """What a client's runs come to, and its limit; without a name: runs for no client, or for one that is gone."""

    name: str | None
    sum: Sum
    limit_usd: Decimal | None


@dataclass(frozen=True, slots=True)
class MonthlyUsage:
    """A user's month up to now, by client, the dearest first; and what the month before came to."""

    month: Month
    total: Sum
    limit_usd: Decimal | None
    clients: Sequence[ClientUsage]
    before: Sum


class UsageService:
    """Works in the transaction of the user, or of the system for sums over users."""

    def __init__(self, session: AsyncSession) -> None:
        self._usage = UsageRepository(session)
        self._clients = ClientRepository(session)
        self._learning = LearningRepository(session)

    async def monthly(self, user_id: UUID, month: Month) -> MonthlyUsage:
        """What a user's runs of a month come to.

        Raises:
            NotFoundError: there is no such user.
        """
        payers = await self._usage.payers(user_id, None)
        if payers is None:
            raise NotFoundError
        sums = await self._usage.sums("client_id", month.since, month.until, user_id=user_id)
        earlier = await self._usage.sums("client_id", month.before.since, month.since, user_id=user_id)
        known = {client.id: client for client in await self._clients.of_user(user_id)}
        rows = []
        for client_id, amount in sums.items():
            client = known.get(client_id) if client_id else None
            limit = client.monthly_budget_usd if client else None
            rows.append(ClientUsage(client.name if client else None, amount, limit))
        rows.sort(key=lambda row: (-row.sum.cost_usd, row.name or ""))
        return MonthlyUsage(
            month, sum(sums.values(), Sum()), payers[0].monthly_budget_usd, rows, sum(earlier.values(), Sum())
        )

    async def spent_for(self, user_id: UUID, client_id: UUID, month: Month) -> Decimal:
        """What the runs for one client have cost in a month, in US dollars."""
        return (await self._usage.spent(user_id, client_id, month.since, month.until))[1]

    async def by_skill(self, user_id: UUID | None, month: Month) -> Mapping[UUID, Sum]:
        """What a user's runs of a month come to, by the skill's id; None, in a system unit: everybody's."""
        sums = await self._usage.sums("skill_id", month.since, month.until, user_id=user_id)
        return {skill_id: amount for skill_id, amount in sums.items() if skill_id}

    async def by_user(self, month: Month) -> Mapping[UUID, Sum]:
        """What everybody's runs of a month come to, by the user's id. Needs a system unit."""
        sums = await self._usage.sums("user_id", month.since, month.until)
        return {user_id: amount for user_id, amount in sums.items() if user_id}

    async def of_learning(self, first: date, last: date) -> Decimal:
        """What learning itself has cost from one day to another, in US dollars: no run is billed for it."""
        return await self._learning.cost(first, last)

    async def limits(self, user_id: UUID, client_id: UUID | None = None) -> Limits:
        """The limits that stand for a user and a client of theirs.

        Raises:
            NotFoundError: there is no such user.
        """
        payers = await self._usage.payers(user_id, client_id)
        if payers is None:
            raise NotFoundError
        user, client = payers
        return Limits(user.monthly_budget_usd, client.monthly_budget_usd if client else None)

    async def set_limit(self, user_id: UUID, limit: Decimal | None) -> None:
        """Let a user spend this much in a month, in US dollars, or (None) as much as it takes."""
        await self._usage.set_user_limit(user_id, limit)
