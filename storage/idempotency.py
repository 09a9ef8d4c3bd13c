"""Queries about answers that are kept for repeated requests."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.models import IdempotencyKey


class IdempotencyRepository:
    """Keys of one user."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def begin(self, row: IdempotencyKey, *, abandoned_after: timedelta) -> bool:
        """Take a key for a request: False if it is in use.

        A key that has run out, or whose request never ended (its process died), is free again.
        """
        values = row.model_dump()
        statement = insert(IdempotencyKey).values(values)
        abandoned = col(IdempotencyKey.status).is_(None) & (
            col(IdempotencyKey.created_at) < func.now() - abandoned_after
        )
        taken = await self._session.scalar(
            statement.on_conflict_do_update(
                index_elements=["user_id", "key"],
                set_={name: statement.excluded[name] for name in values if name != "user_id"},
                where=(col(IdempotencyKey.expires_at) < func.now())
                | (abandoned & (col(IdempotencyKey.request_hash) == row.request_hash)),
            ).returning(col(IdempotencyKey.id))
        )
        return taken is not None

    async def get(self, user_id: UUID, key: str) -> IdempotencyKey | None:
        """What is kept under a key."""
        return await self._session.scalar(
            select(IdempotencyKey).where(col(IdempotencyKey.user_id) == user_id, col(IdempotencyKey.key) == key)
        )

    async def end(self, row_id: UUID, status: int, response: dict[str, Any] | None) -> None:
        """Keep the answer."""
        await self._session.execute(
            update(IdempotencyKey).where(col(IdempotencyKey.id) == row_id).values(status=status, response=response)
        )

    async def forget(self, row_id: UUID) -> None:
        """Let the key be used again: its request was refused."""
        await self._session.execute(delete(IdempotencyKey).where(col(IdempotencyKey.id) == row_id))

    async def purge(self) -> None:
        """Drop what has run out."""
        await self._session.execute(delete(IdempotencyKey).where(col(IdempotencyKey.expires_at) < func.now()))
