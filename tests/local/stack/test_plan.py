import socket
from pathlib import Path

import pytest

from local.stack.part import Place, StackError
from local.stack.plan import Plan, make_plan, next_free

EVERYTHING = {"postgres", "valkey", "seaweedfs", "telegram", "claude", "migrate", "library", "web", "worker"}


def plan(place: Place, tmp_path: Path, **given: str) -> Plan:
    return make_plan(place, tmp_path, given, {"PATH": "/bin"}, chat_port=0)


def test_nothing_given_everything_is_embedded_and_open(place: Place, tmp_path: Path) -> None:
    made = plan(place, tmp_path)
    assert {part.name for part in made.parts} == EVERYTHING
    assert made.settings["REGISTRATION"] == "open"
    assert made.settings["TELEGRAM_API_URL"] == made.chat
    assert "PUBLIC_URL" not in made.settings


@pytest.mark.parametrize(
    ("setting", "part"),
    [
        ("DATABASE_URL", "postgres"),
        ("REDIS_URL", "valkey"),
        ("S3_ENDPOINT_URL", "seaweedfs"),
        ("TELEGRAM_BOT_TOKEN", "telegram"),
        ("ANTHROPIC_API_KEY", "claude"),
        ("ANTHROPIC_BASE_URL", "claude"),
    ],
)
def test_each_setting_replaces_its_part_and_no_other(setting: str, part: str, place: Place, tmp_path: Path) -> None:
    made = plan(place, tmp_path, **{setting: "real"})
    assert {other.name for other in made.parts} == EVERYTHING - {part}
    assert made.settings[setting] == "real"


def test_a_real_bot_is_asked_at_telegram(place: Place, tmp_path: Path) -> None:
    made = plan(place, tmp_path, TELEGRAM_BOT_TOKEN="1:real")
    assert made.chat is None
    assert "TELEGRAM_API_URL" not in made.settings


def test_what_is_kept_stays_from_start_to_start(place: Place, tmp_path: Path) -> None:
    one, two = plan(place, tmp_path), plan(place, tmp_path)
    assert one.settings["KEY_PEPPER"] == two.settings["KEY_PEPPER"]
    assert one.settings["TELEGRAM_BOT_TOKEN"] == two.settings["TELEGRAM_BOT_TOKEN"]


def test_a_taken_port_is_passed_over_but_not_when_it_was_asked_for(place: Place, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        assert next_free(taken) > taken
        with pytest.raises(StackError, match=f"PORT: {taken} is taken"):
            plan(place, tmp_path, PORT=str(taken))
