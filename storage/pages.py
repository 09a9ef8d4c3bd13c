"""Keyset pagination: a page is what comes after a row, never after a count of rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.ext.asyncio import AsyncSession

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, and the id after which the next page begins, or None at the end."""

    items: Sequence[T]
    next_after: UUID | None


async def newest_first(
    session: AsyncSession, query: Select[T], key: Any, *, after: UUID | None, limit: int
) -> Page[T]:
    """A page of `query` by falling `key`, a UUIDv7 column, beginning behind the row `after`."""
    if after is not None:
        query = query.where(key < after)
    rows = (await session.scalars(query.order_by(key.desc()).limit(limit + 1))).all()
    more = len(rows) > limit
    items = rows[:limit]
    return Page(items, getattr(items[-1], key.key) if more else None)
