"""Queries about versions of rules and the proposals to change them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from sqlalchemy import func, literal, select, text, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.models import RuleProposal, RuleVersion
from storage.models.rules import OPEN, ProposalStatus, RuleOrigin, RuleScope
from storage.pages import Page, newest_first


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose rules: everybody's, one skill's, or one client's (with the user who owns it)."""

    kind: RuleScope
    skill_id: UUID | None = None
    client_id: UUID | None = None
    user_id: UUID | None = None

    @classmethod
    def of(cls, row: RuleVersion | RuleProposal) -> Self:
        """The scope that a row belongs to."""
        return cls(row.scope, row.skill_id, row.client_id, row.user_id)

    def conditions(self, table: type[RuleVersion | RuleProposal]) -> list[Any]:
        """What rows of this scope fulfil; the kind is written out, since each has an index of its own."""
        return [
            col(table.scope) == literal(self.kind, literal_execute=True),
            col(table.skill_id) == self.skill_id,
            col(table.client_id) == self.client_id,
        ]

    @property
    def lock_key(self) -> str:
        """What writers of this scope hold, one at a time."""
        return f"rules:{self.kind}:{self.skill_id or self.client_id or ''}"


GLOBAL = Scope("global")


class RuleVersionRepository:
    """Every text of every scope's rules."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self, scope: Scope) -> None:
        """Keep others from adding a version of this scope until the transaction ends."""
        await self._session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": scope.lock_key}
        )

    async def newest(self, scope: Scope) -> RuleVersion | None:
        """The version that prompts read."""
        return await self._session.scalar(
            select(RuleVersion)
            .where(*scope.conditions(RuleVersion))
            .order_by(col(RuleVersion.version).desc())
            .limit(1)
        )

    async def newest_shared(self, *, origin: RuleOrigin | None = None) -> Sequence[RuleVersion]:
        """The newest of every skill, and of everybody's rules; with `origin` the newest that came so."""
        query = select(RuleVersion).where(col(RuleVersion.scope) != "client")
        if origin is not None:
            query = query.where(col(RuleVersion.origin) == origin)
        return (
            await self._session.scalars(
                query.ext(distinct_on(col(RuleVersion.scope), col(RuleVersion.skill_id))).order_by(
                    col(RuleVersion.scope), col(RuleVersion.skill_id), col(RuleVersion.version).desc()
                )
            )
        ).all()

    async def newest_shipped(self, scope: Scope) -> RuleVersion | None:
        """The text that the library brought last."""
        return await self._session.scalar(
            select(RuleVersion)
            .where(*scope.conditions(RuleVersion), col(RuleVersion.origin) == "shipped")
            .order_by(col(RuleVersion.version).desc())
            .limit(1)
        )

    async def history(self, scope: Scope) -> Sequence[RuleVersion]:
        """All versions of a scope, the newest first."""
        return (
            await self._session.scalars(
                select(RuleVersion).where(*scope.conditions(RuleVersion)).order_by(col(RuleVersion.version).desc())
            )
        ).all()

    async def get(self, version_id: UUID) -> RuleVersion | None:
        """One version by its id."""
        return await self._session.scalar(select(RuleVersion).where(col(RuleVersion.id) == version_id))

    async def add(self, version: RuleVersion) -> None:
        """Keep a new version."""
        self._session.add(version)
        await self._session.flush()

    async def note_alert(self, version_id: UUID) -> bool:
        """Note that admins hear of a version's poor scores; False if they did before."""
        noted = await self._session.scalar(
            update(RuleVersion)
            .where(col(RuleVersion.id) == version_id, col(RuleVersion.alerted_at).is_(None))
            .values(alerted_at=func.now())
            .returning(col(RuleVersion.id))
        )
        return noted is not None


class ProposalRepository:
    """Changes of rules that wait for a decision, or were decided."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, proposal: RuleProposal) -> None:
        """Keep a new proposal."""
        self._session.add(proposal)
        await self._session.flush()

    async def get(self, proposal_id: UUID) -> RuleProposal | None:
        """A proposal by its id, as it stands now."""
        return await self._session.scalar(
            select(RuleProposal)
            .where(col(RuleProposal.id) == proposal_id)
            .execution_options(populate_existing=True)
        )

    async def page(
        self, *, after: UUID | None, limit: int, status: ProposalStatus | None = None
    ) -> Page[RuleProposal]:
        """Proposals, newest first, of one status if named."""
        query = select(RuleProposal)
        if status is not None:
            query = query.where(col(RuleProposal.status) == status)
        return await newest_first(self._session, query, col(RuleProposal.id), after=after, limit=limit)

    async def count_open(self) -> int:
        """How many nobody has decided yet."""
        count = await self._session.scalar(
            select(func.count()).select_from(RuleProposal).where(col(RuleProposal.status).in_(OPEN))
        )
        return count or 0

    async def open_in(self, scope: Scope) -> Sequence[RuleProposal]:
        """Proposals of a scope that nobody has decided yet, the oldest first."""
        return (
            await self._session.scalars(
                select(RuleProposal)
                .where(*scope.conditions(RuleProposal), col(RuleProposal.status).in_(OPEN))
                .order_by(col(RuleProposal.id))
            )
        ).all()

    async def change(
        self, proposal_id: UUID, leaves: Sequence[ProposalStatus], **values: Any
    ) -> RuleProposal | None:
        """Set columns and raise the revision, if its state is one of `leaves`; None if it is not."""
        return await self._session.scalar(
            update(RuleProposal)
            .where(col(RuleProposal.id) == proposal_id, col(RuleProposal.status).in_(leaves))
            .values(**values, revision=col(RuleProposal.revision) + 1)
            .returning(RuleProposal)
            .execution_options(populate_existing=True)
        )
