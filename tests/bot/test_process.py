"""A process that can't work says why in a line, and exits with 2."""

import socket

import pytest

from local.harness import Process
from tests.conftest import Servers, run_module
from tests.forks import Fork


@pytest.mark.parametrize("module", ["bot", "jobs"])
def test_what_is_not_set_is_named(module: str) -> None:
    ended = run_module(module, environment={}, check=False)
    assert ended.returncode == 2
    named = {line.split(":")[0] for line in ended.stderr.splitlines()}
    assert {"DATABASE_URL", "REDIS_URL", "S3_BUCKET", "TELEGRAM_BOT_TOKEN", "KEY_PEPPER"} <= named
    assert "Traceback" not in ended.stderr


def test_a_value_that_can_not_be_is_named_without_being_shown(servers: Servers) -> None:
    environment = {**servers.environment(servers.postgres.database), "KEY_PEPPER": "short-secret"}
    ended = run_module("bot", environment=environment, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith("KEY_PEPPER: ")
    assert "short-secret" not in ended.stderr


async def test_a_role_that_passes_by_the_policies_is_refused(servers: Servers) -> None:
    environment = servers.environment(servers.postgres.database) | {"DATABASE_URL": servers.postgres.superuser_url}
    worker = await Process.start("worker", "jobs", environment=environment, start=Fork.start)
    assert await worker.ended() == 2
    assert "passes by row-level security" in worker.lines[-1]


async def test_a_port_in_use_is_named(servers: Servers) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        environment = servers.environment(servers.fresh_database()) | {
            "PORT": str(taken.getsockname()[1]),
            "TELEGRAM_API_URL": "http://127.0.0.1:9",
        }
        web = await Process.start("web", "bot", environment=environment, start=Fork.start)
        assert await web.ended() == 2
    assert any(line.startswith("PORT: 127.0.0.1:") for line in web.lines)


def test_a_webhook_without_its_secret_does_not_start(servers: Servers) -> None:
    environment = servers.environment(servers.postgres.database) | {"PUBLIC_URL": "https://bot.example"}
    ended = run_module("bot", environment=environment, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith("TELEGRAM_WEBHOOK_SECRET: is not set, but PUBLIC_URL is.")
