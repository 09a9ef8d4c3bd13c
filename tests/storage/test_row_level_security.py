"""One user's rows are nobody else's, even for a query that forgot to ask."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel

from core.runtime import Runtime
from storage.database import make_engine, role_that_ignores_policies
from storage.models import Client, User
from tests.conftest import Servers


async def _user_with_client(runtime: Runtime, name: str) -> User:
    async with runtime.system_unit() as unit:
        user = await unit.accounts.create_user(name)
        unit.session.add(
            Client(user_id=user.id, name=f"{name}'s brand", slug="brand", s3_prefix=f"clients/{user.id}/")
        )
    return user


async def test_a_query_without_a_condition_sees_only_the_own_rows(runtime: Runtime) -> None:
    maya, sam = await _user_with_client(runtime, "Maya"), await _user_with_client(runtime, "Sam")
    for user in (maya, sam):
        async with runtime.unit(user.id) as unit:
            names = (await unit.session.scalars(text("SELECT name FROM clients"))).all()
            people = (await unit.session.scalars(text("SELECT name FROM users"))).all()
        assert names == [f"{user.name}'s brand"]
        assert people == [user.name]


async def test_without_a_user_nothing_is_seen_and_nothing_can_be_written(runtime: Runtime) -> None:
    maya = await _user_with_client(runtime, "Maya")
    async with runtime.unit(maya.id):
        pass  # the connection goes back to the pool with its setting ended
    async with runtime.engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM clients"))).scalar_one() == 0
        with pytest.raises(DBAPIError, match="row-level security"):
            await connection.execute(
                text(
                    "INSERT INTO clients (id, user_id, name, slug, aliases, s3_prefix, completeness, is_example) "
                    "VALUES (uuidv7(), :user, 'x', 'x', '{}', 'x', 0, false)"
                ),
                {"user": maya.id},
            )


async def test_a_user_cannot_write_for_another(runtime: Runtime) -> None:
    maya, sam = await _user_with_client(runtime, "Maya"), await _user_with_client(runtime, "Sam")
    with pytest.raises(DBAPIError, match="row-level security"):
        async with runtime.unit(maya.id) as unit:
            unit.session.add(Client(user_id=sam.id, name="stolen", slug="stolen", s3_prefix="x"))


async def test_every_table_that_names_a_user_has_a_forced_policy(runtime: Runtime) -> None:
    owned = {table.name for table in SQLModel.metadata.tables.values() if "user_id" in table.columns} | {"users"}
    async with runtime.engine.connect() as connection:
        rows = await connection.execute(
            text(
                "SELECT c.relname FROM pg_class c JOIN pg_policy p ON p.polrelid = c.oid "
                "WHERE c.relrowsecurity AND c.relforcerowsecurity"
            )
        )
        guarded = {row[0] for row in rows}
    assert owned == guarded


async def test_roles_that_pass_by_the_policies_are_told(runtime: Runtime, servers: Servers) -> None:
    assert await role_that_ignores_policies(runtime.engine) is None
    superuser = make_engine(servers.postgres.superuser_url, pool_size=0)
    try:
        assert await role_that_ignores_policies(superuser) == "postgres"
    finally:
        await superuser.dispose()
