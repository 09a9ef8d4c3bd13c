from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import NullPool, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from local.servers import Postgres, ServerError


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[AsyncConnection]:
    engine = create_async_engine(url.replace("postgresql:", "postgresql+asyncpg:", 1), poolclass=NullPool)
    async with engine.begin() as connection:
        yield connection


async def run(url: str, query: str) -> None:
    async with connected(url) as connection:
        await connection.execute(text(query))


async def value(url: str, query: str) -> object:
    async with connected(url) as connection:
        return await connection.scalar(text(query))


@pytest.mark.parametrize("role", ["url", "owner_url"])
async def test_no_role_of_the_product_passes_by_row_level_security(postgres: Postgres, role: str) -> None:
    query = "SELECT rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
    assert await value(getattr(postgres.database, role), query) is False


async def test_the_owner_makes_tables_and_the_application_needs_grants(
    postgres: Postgres,
) -> None:
    database = postgres.create_database("granted")
    await run(database.owner_url, "CREATE TABLE secret AS SELECT 1 AS number")
    with pytest.raises(DBAPIError, match="permission denied"):
        await value(database.url, "SELECT number FROM secret")
    with pytest.raises(DBAPIError, match="permission denied"):
        await run(database.url, "CREATE TABLE mine (number int)")
    await run(database.owner_url, "GRANT SELECT ON secret TO agent_app")
    assert await value(database.url, "SELECT number FROM secret") == 1


async def test_a_wrong_password_is_refused(postgres: Postgres) -> None:
    url = postgres.database.url.replace(postgres.secrets["agent_app"], "wrong")
    with pytest.raises(DBAPIError, match="password authentication failed"):
        await value(url, "SELECT 1")


async def test_a_copy_has_what_its_template_had_and_goes_its_own_way(postgres: Postgres) -> None:
    template = postgres.create_database("original")
    await run(template.owner_url, "CREATE TABLE fact AS SELECT 42 AS number")
    copy = postgres.create_database("copy", template="original")
    await run(copy.owner_url, "UPDATE fact SET number = 43")
    assert await value(copy.owner_url, "SELECT number FROM fact") == 43
    assert await value(template.owner_url, "SELECT number FROM fact") == 42


async def test_a_database_goes_even_while_somebody_is_connected(postgres: Postgres) -> None:
    database = postgres.create_database("short_lived")
    async with connected(database.url):
        postgres.drop_database("short_lived")
    with pytest.raises(DBAPIError, match="does not exist"):
        await value(database.url, "SELECT 1")


def test_a_refusal_is_told_in_the_words_of_the_server(postgres: Postgres) -> None:
    with pytest.raises(ServerError, match='template database "nothing" does not exist'):
        postgres.create_database("anything", template="nothing")


async def test_a_kill_loses_nothing(postgres: Postgres) -> None:
    await run(postgres.database.owner_url, "CREATE TABLE kept AS SELECT 7 AS number")
    url = postgres.database.owner_url
    postgres.kill()
    with pytest.raises(OSError, match="Connect call failed"):
        await value(url, "SELECT 1")
    postgres.start()
    assert await value(url, "SELECT number FROM kept") == 7


async def test_the_pid_file_of_a_killed_server_names_a_stranger_and_does_not_matter(postgres: Postgres) -> None:
    postgres.kill()
    (postgres.folder / "data" / "postmaster.pid").write_text("1\n")
    postgres.start()
    assert await value(postgres.database.url, "SELECT 1") == 1


async def test_it_is_version_18_and_sorts_by_code_point_everywhere(postgres: Postgres) -> None:
    assert str(await value(postgres.database.url, "SHOW server_version")).startswith("18.")
    assert await value(postgres.database.url, "SELECT 'Z' < 'a'") is True
    assert await value(postgres.database.url, "SELECT lower('ÄÖŞ')") == "äöş"
