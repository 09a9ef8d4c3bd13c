"""A migration that fills a column sees everybody's rows, though policies hide them from whoever runs it."""

import asyncio

import asyncpg
import pytest

from tests.conftest import Servers, migrate

JUDGED = """
    INSERT INTO feedback (id, created_at, user_id, output_id, rater, overall_score, issues_json,
                          suggested_rule_changes, source)
    VALUES (uuidv7(), '2026-03-02 09:30+00', uuidv7(), uuidv7(), 'x', 4, '[]', '[]', 'api')
"""


async def test_a_judgement_was_last_changed_when_it_was_given(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = servers.postgres.create_database("rows")
    environment = servers.environment(name)
    await asyncio.to_thread(migrate, monkeypatch, environment, "upgrade", "0009")
    connection = await asyncpg.connect(environment["MIGRATIONS_DATABASE_URL"])
    superuser = await asyncpg.connect(servers.postgres.superuser_url, database="rows")
    try:
        await superuser.execute("SET session_replication_role = replica")  # no need for an output to judge
        await superuser.execute(JUDGED)
        assert await connection.fetchval("SELECT count(*) FROM feedback") == 0
        await asyncio.to_thread(migrate, monkeypatch, environment, "upgrade", "0010")
        assert await superuser.fetchval("SELECT changed_at = created_at FROM feedback")
    finally:
        await connection.close()
        await superuser.close()
