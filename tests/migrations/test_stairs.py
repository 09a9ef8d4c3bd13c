"""The migrations go up and down on the real server, step by step, and end where the models are."""

import pytest

from tests.conftest import ROOT, Servers, migrate, run_module


def test_every_step_can_be_taken_back_and_the_end_is_what_the_models_say(
    servers: Servers, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = servers.environment(servers.postgres.create_database("stairs"))
    steps = len(list((ROOT / "migrations" / "versions").glob("[0-9]*.py")))
    assert steps >= 1
    for _ in range(steps):
        for command, revision in (("upgrade", "+1"), ("downgrade", "-1"), ("upgrade", "+1")):
            migrate(monkeypatch, environment, command, revision)
    checked = run_module("alembic", "check", environment=environment)
    assert "No new upgrade operations detected" in checked.stdout
    migrate(monkeypatch, environment, "downgrade", "base")


def test_without_a_database_they_say_which_setting_is_missing() -> None:
    ended = run_module("alembic", "upgrade", "head", environment={}, check=False)
    assert (ended.returncode, ended.stderr.strip()) == (2, "DATABASE_URL: is not set. See .env.example.")
