"""Queries about updates on their way in, and messages on their way out after a commit."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.models import InboundUpdate, OutboxMessage
from storage.models.traffic import APPOINTMENT

_CLAIM = text(
    """
    UPDATE inbound_updates SET claimed_by = :worker, lease_until = now() + :lease, attempts = attempts + 1
    WHERE id = (
        SELECT i.id FROM inbound_updates i
        WHERE i.channel = :channel AND i.handled_at IS NULL AND i.claimed_by IS NULL
          AND i.available_at <= now()
          AND NOT EXISTS (
            SELECT 1 FROM inbound_updates j
            WHERE j.channel = i.channel AND j.chat_key = i.chat_key AND j.handled_at IS NULL
              AND (j.claimed_by IS NOT NULL OR j.update_id < i.update_id))
        ORDER BY i.update_id LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING id, update_id, chat_key, payload, attempts, received_at
    """
)


class InboxRepository:
    """Updates: kept before the channel hears so, handled in order for each chat."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, channel: str, update_id: int, chat_key: str, payload: dict[str, Any]) -> bool:
        """Keep an update; False if it is here already."""
        row = InboundUpdate(channel=channel, update_id=update_id, chat_key=chat_key, payload=payload)
        added = await self._session.scalar(
            insert(InboundUpdate)
            .values(row.model_dump())
            .on_conflict_do_nothing(index_elements=["channel", "update_id"])
            .returning(col(InboundUpdate.id))
        )
        return added is not None

    async def claim(self, channel: str, worker: str, lease: timedelta) -> InboundUpdate | None:
        """Take the oldest update of a chat that nobody is busy with.

        A partial unique index lets at most one row of a chat be claimed; where two processes meet, one gets
        an IntegrityError, and nothing.
        """
        row = (
            await self._session.execute(_CLAIM, {"channel": channel, "worker": worker, "lease": lease})
        ).one_or_none()
        if row is None:
            return None
        return InboundUpdate(
            id=row.id,
            channel=channel,
            update_id=row.update_id,
            chat_key=row.chat_key,
            payload=row.payload,
            attempts=row.attempts,
            received_at=row.received_at,
        )

    async def done(self, row_id: UUID, error: str | None = None) -> None:
        """Note that an update is handled, and forget what it said."""
        await self._session.execute(
            update(InboundUpdate)
            .where(col(InboundUpdate.id) == row_id)
            .values(handled_at=func.now(), payload=None, claimed_by=None, lease_until=None, error=error)
        )

    async def put_back(self, row_id: UUID, *, delay: timedelta, error: str) -> None:
        """Let an update be tried again after `delay`."""
        await self._session.execute(
            update(InboundUpdate)
            .where(col(InboundUpdate.id) == row_id, col(InboundUpdate.handled_at).is_(None))
            .values(claimed_by=None, lease_until=None, available_at=func.now() + delay, error=error)
        )

    async def renew(self, ids: Sequence[UUID], worker: str, lease: timedelta) -> None:
        """Keep hold of updates that are being handled."""
        await self._session.execute(
            update(InboundUpdate)
            .where(col(InboundUpdate.id).in_(ids), col(InboundUpdate.claimed_by) == worker)
            .values(lease_until=func.now() + lease)
        )

    async def free_expired(self) -> int:
        """Take updates back from processes that have gone silent; how many."""
        rows = await self._session.scalars(
            update(InboundUpdate)
            .where(
                col(InboundUpdate.claimed_by).is_not(None),
                col(InboundUpdate.handled_at).is_(None),
                col(InboundUpdate.lease_until) < func.now(),
            )
            .values(claimed_by=None, lease_until=None)
            .returning(col(InboundUpdate.id))
        )
        return len(rows.all())

    async def purge(self, *, older_than: timedelta) -> None:
        """Drop rows so old that the channel can't send them again."""
        await self._session.execute(
            delete(InboundUpdate).where(col(InboundUpdate.handled_at) < func.now() - older_than)
        )


class OutboxRepository:
    """What must be told after the commit that made it true."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, message: OutboxMessage) -> None:
        """Keep a message until it was told."""
        self._session.add(message)
        await self._session.flush()

    async def due(self, *, hold: timedelta, older_than: timedelta, limit: int = 200) -> Sequence[OutboxMessage]:
        """Take messages that have waited for `older_than`, and hold them for `hold`. Appointments are not told."""
        ids = (
            select(col(OutboxMessage.id))
            .where(
                col(OutboxMessage.kind) != APPOINTMENT,
                col(OutboxMessage.available_at) <= func.now() - older_than,
                (col(OutboxMessage.claimed_until).is_(None)) | (col(OutboxMessage.claimed_until) < func.now()),
            )
            .order_by(col(OutboxMessage.available_at))
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        rows = await self._session.scalars(
            update(OutboxMessage)
            .where(col(OutboxMessage.id).in_(ids))
            .values(claimed_until=func.now() + hold, attempts=OutboxMessage.attempts + 1)
            .returning(OutboxMessage)
        )
        return rows.all()

    async def told(self, ids: Sequence[UUID]) -> None:
        """Forget messages that were told."""
        await self._session.execute(delete(OutboxMessage).where(col(OutboxMessage.id).in_(ids)))
