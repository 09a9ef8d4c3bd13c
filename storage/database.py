"""PostgreSQL: the engine, and transactions that say on whose behalf they read and write.

Row-level security stands under every query (see the first migration): a transaction sees the rows of the user
whose id `app.user_id` holds, or all rows where `app.system` is `on`. Both settings end with the transaction.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import NullPool


def asyncpg_url(url: str) -> str:
    """Turn any spelling of a PostgreSQL URL into the one that names the asyncpg driver."""
    scheme, rest = url.split("://", 1)
    if scheme.split("+")[0] not in {"postgres", "postgresql"}:
        raise ValueError(f"not a PostgreSQL URL: {scheme}://…")
    return f"postgresql+asyncpg://{rest}"


def make_engine(url: str, *, pool_size: int = 10) -> AsyncEngine:
    """An engine with a pool of up to `pool_size` connections and as many again in a rush; 0 means no pool.

    What a rush opened stays open: thrown away after each use, as overflow is, it costs more than the queries.
    """
    if pool_size == 0:
        return create_async_engine(asyncpg_url(url), poolclass=NullPool, hide_parameters=True)
    return create_async_engine(
        asyncpg_url(url),
        hide_parameters=True,  # errors are logged, and what people write is not
        pool_size=2 * pool_size,
        max_overflow=0,
        pool_timeout=10,
        connect_args={"timeout": 5, "command_timeout": 30},
    )


@asynccontextmanager
async def user_transaction(engine: AsyncEngine, user_id: UUID) -> AsyncIterator[AsyncSession]:
    """One transaction that sees the rows of `user_id` only. Commits on a clean exit, else rolls back."""
    async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
        await session.execute(text("SELECT set_config('app.user_id', :id, true)"), {"id": str(user_id)})
        yield session


@asynccontextmanager
async def system_transaction(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
    """One transaction that sees everybody's rows: for authentication, the sweeper and the worker's edges."""
    async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
        await session.execute(text("SELECT set_config('app.system', 'on', true)"))
        yield session


async def role_that_ignores_policies(engine: AsyncEngine) -> str | None:
    """The name of the connected role if row-level security does not bind it, else None."""
    async with engine.connect() as connection:
        row = (
            await connection.execute(
                text("SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
            )
        ).one()
    return str(row[0]) if row[1] else None
