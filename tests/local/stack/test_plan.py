import socket
from contextlib import closing
from pathlib import Path

import pytest

from local.servers.ports import Reservations
from local.stack.part import Place, StackError
from local.stack.plan import Plan, make_plan

EVERYTHING = {"postgres", "valkey", "seaweedfs", "telegram", "claude", "migrate", "library", "web", "worker"}


def plan(place: Place, tmp_path: Path, **given: str) -> Plan:
    with closing(Reservations()) as ports:
        return make_plan(place, tmp_path, ports, given=given, environ={"PATH": "/bin"}, chat_port=0)


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


def test_a_bot_that_the_world_can_find_is_not_open_to_it(place: Place, tmp_path: Path) -> None:
    assert "REGISTRATION" not in plan(place, tmp_path, TELEGRAM_BOT_TOKEN="1:real").settings
    asked = plan(place, tmp_path, TELEGRAM_BOT_TOKEN="1:real", REGISTRATION="open")
    assert asked.settings["REGISTRATION"] == "open"


def test_what_is_kept_stays_from_start_to_start(place: Place, tmp_path: Path) -> None:
    one, two = plan(place, tmp_path), plan(place, tmp_path)
    assert one.settings["KEY_PEPPER"] == two.settings["KEY_PEPPER"]
    assert one.settings["TELEGRAM_BOT_TOKEN"] == two.settings["TELEGRAM_BOT_TOKEN"]


def test_a_port_that_was_asked_for_is_not_replaced(place: Place, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        taken = server.getsockname()[1]
        with pytest.raises(StackError, match=f"PORT: {taken} is taken"):
            plan(place, tmp_path, PORT=str(taken))
