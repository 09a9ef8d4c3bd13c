"""Messages that are kept up to date: which of them shows an older state, and who writes it now."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.models import Delivery, RuleProposal, WorkflowRun

Shown = type[WorkflowRun] | type[RuleProposal]


class MessageRepository:
    """The messages that show rows of one table, each with a `revision` that grows with every change."""

    def __init__(self, session: AsyncSession, table: Shown) -> None:
        self._session = session
        self._table = table
        self._key = col(Delivery.workflow_run_id if table is WorkflowRun else Delivery.proposal_id)

    async def take(
        self, row_id: UUID, *, channels: Collection[str], hold: timedelta, but: Collection[UUID] = ()
    ) -> Delivery | None:
        """A message of this row, none of `but`, with an older state that nobody writes now; held for `hold`."""
        one = (
            select(col(Delivery.id))
            .join(self._table, self._key == self._table.id)
            .where(
                self._key == row_id,
                col(Delivery.channel).in_(channels),
                col(Delivery.id).not_in(but),
                *self._is_behind(),
            )
            .order_by(col(Delivery.id))
            .limit(1)
            .with_for_update(of=Delivery, skip_locked=True)
        )
        return await self._session.scalar(
            update(Delivery)
            .where(col(Delivery.id) == one.scalar_subquery())
            .values(held_until=func.now() + hold)
            .returning(Delivery)
            .execution_options(populate_existing=True, synchronize_session=False)
        )

    async def release(self, delivery_id: UUID, *, shown: int, final: bool) -> None:
        """Note what the message shows now, and let others write it; a `final` one is never written again."""
        await self._session.execute(
            update(Delivery)
            .where(col(Delivery.id) == delivery_id)
            .values(held_until=None, shown=shown, sent_at=func.now(), state="final" if final else "working")
            .execution_options(synchronize_session=False)
        )

    async def put_off(self, delivery_id: UUID, pause: timedelta) -> None:
        """Let nobody write the message for `pause`; it shows what it did."""
        await self._session.execute(
            update(Delivery)
            .where(col(Delivery.id) == delivery_id)
            .values(held_until=func.now() + pause)
            .execution_options(synchronize_session=False)
        )

    async def behind(self, limit: int = 100) -> Sequence[UUID]:
        """Rows that a message shows in an older state while nobody writes it."""
        return (
            await self._session.scalars(
                select(col(self._table.id))
                .join(Delivery, self._key == self._table.id)
                .where(*self._is_behind())
                .distinct()
                .limit(limit)
            )
        ).all()

    def _is_behind(self) -> tuple[Any, ...]:
        return (
            col(Delivery.shown) < self._table.revision,
            col(Delivery.state) == "working",
            (col(Delivery.held_until).is_(None)) | (col(Delivery.held_until) < func.now()),
        )
