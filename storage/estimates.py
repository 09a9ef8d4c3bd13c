"""What runs of a skill have cost lately, over all users: one look into an index that is made for it."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from storage.reading import reading

_TYPICAL = """
    SELECT count(*) AS runs, percentile_disc(0.75) WITHIN GROUP (ORDER BY cost_usd) AS cost_usd
    FROM (
        SELECT cost_usd FROM runs WHERE skill_id = $1 AND model = $2 AND status = 'completed'
        ORDER BY id DESC LIMIT $3
    ) latest
"""


async def typical_cost(
    engine: AsyncEngine, skill_id: UUID, model: str, *, latest: int, fewest: int
) -> Decimal | None:
    """US dollars that three of four of the `latest` completed runs did not exceed; None for fewer than `fewest`."""
    async with reading(engine, None) as connection:
        row = await connection.fetchrow(_TYPICAL, skill_id, model, latest)
    cost: Decimal | None = row["cost_usd"] if row["runs"] >= fewest else None
    return cost
