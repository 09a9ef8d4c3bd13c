"""Run the migrations as the owner role, then grant the application role what it needs.

The URL comes from `MIGRATIONS_DATABASE_URL`, else from `DATABASE_URL`.
"""

import asyncio
import os
import sys

from alembic import context
from sqlalchemy import Connection, make_url, text
from sqlmodel import SQLModel

import storage.models
from storage.database import asyncpg_url, make_engine

assert storage.models  # noqa: S101 - imported for the tables it registers


def _urls() -> tuple[str, str]:
    """The URL to migrate with, and the application's, whose user gets the grants."""
    application = os.environ.get("DATABASE_URL", "")
    owner = os.environ.get("MIGRATIONS_DATABASE_URL") or application
    if not owner:
        print("DATABASE_URL: is not set. See .env.example.", file=sys.stderr)  # noqa: T201 - before logging exists
        raise SystemExit(2)
    return owner, application or owner


def _migrate(connection: Connection, application_role: str | None) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    if application_role and application_role != connection.scalar(text("SELECT current_user")):
        role = connection.dialect.identifier_preparer.quote(application_role)
        connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {role}"))
        connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"))
        connection.commit()


async def _run() -> None:
    owner, application = _urls()
    engine = make_engine(owner, pool_size=0)
    try:
        async with engine.connect() as connection:
            await connection.run_sync(_migrate, make_url(asyncpg_url(application)).username)
    finally:
        await engine.dispose()


asyncio.run(_run())
