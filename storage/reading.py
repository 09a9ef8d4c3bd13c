"""Reading straight through the driver, for what every request does: a fifth of the CPU of a session."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine


@asynccontextmanager
async def reading(engine: AsyncEngine, user_id: UUID | None) -> AsyncIterator[Any]:
    """A read-only transaction on a pooled asyncpg connection, which sees what is `user_id`'s, or all for None.

    JSON columns come decoded, by the codecs that SQLAlchemy sets.

    Only read inside: a connection whose block raises is thrown away.

    Raises:
        ConnectionError: the database does not answer.
    """
    setting = "('app.system', 'on', true)" if user_id is None else f"('app.user_id', '{user_id}', true)"
    pooled = await engine.raw_connection()
    driver: Any = pooled.driver_connection
    try:
        await driver.execute(f"BEGIN READ ONLY; SELECT set_config{setting}")
        yield driver
        await driver.execute("COMMIT")
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        pooled.invalidate()
        raise ConnectionError(str(error)) from error
    except BaseException:
        pooled.invalidate()
        raise
    finally:
        pooled.close()
