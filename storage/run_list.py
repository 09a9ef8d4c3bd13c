"""Listing runs, straight through the driver: it is what integrations ask most."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from storage.pages import Page
from storage.reading import reading

_SELECT = """
    SELECT r.id, r.status, s.name AS skill, c.slug AS client, r.client_id, r.output_type, r.source, r.user_message,
           r.parent_output_id, r.cancel_requested_at IS NOT NULL AS cancel_requested, r.error_code, r.model,
           r.tokens_used, r.cost_usd, r.queued_at, r.started_at, r.completed_at
    FROM runs r JOIN skills s ON s.id = r.skill_id LEFT JOIN clients c ON c.id = r.client_id
    WHERE r.user_id = $1
"""


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Only runs of this status, skill, client."""

    status: str | None = None
    skill_id: UUID | None = None
    client_id: UUID | None = None


async def run_page(
    engine: AsyncEngine, user_id: UUID, chosen: RunFilter, *, after: UUID | None, limit: int
) -> Page[Any]:
    """A page of a user's runs, newest first, as records with the names of skill and client."""
    wanted = {
        "r.id <": after,
        "r.status =": chosen.status,
        "r.skill_id =": chosen.skill_id,
        "r.client_id =": chosen.client_id,
    }
    values: list[Any] = [user_id]
    query = _SELECT
    for condition, value in wanted.items():
        if value is not None:
            values.append(value)
            query += f" AND {condition} ${len(values)}"
    async with reading(engine, user_id) as connection:
        rows = await connection.fetch(f"{query} ORDER BY r.id DESC LIMIT {limit + 1:d}", *values)
    items = rows[:limit]
    return Page(items, items[-1]["id"] if len(rows) > limit else None)
