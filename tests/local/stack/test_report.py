from pathlib import Path

import pytest

from local.stack.report import table, urls, without_password

SETTINGS = {
    "HOST": "127.0.0.1",
    "PORT": "8080",
    "ANTHROPIC_BASE_URL": "http://127.0.0.1:3",
    "DATABASE_URL": "postgresql://app:secret@127.0.0.1:1/db",
    "REDIS_URL": "redis://:secret@127.0.0.1:2/0",
    "S3_ENDPOINT_URL": "http://127.0.0.1:4",
    "S3_BUCKET": "bucket",
    "S3_SECRET_ACCESS_KEY": "secret",
}


def test_nothing_that_is_told_holds_a_secret() -> None:
    found = urls(SETTINGS, chat="http://127.0.0.1:8000")
    assert found == {
        "chat": "http://127.0.0.1:8000",
        "api": "http://127.0.0.1:8080",
        "claude": "http://127.0.0.1:3",
        "database": "postgresql://app@127.0.0.1:1/db",
        "redis": "redis://127.0.0.1:2/0",
        "s3": "http://127.0.0.1:4/bucket",
    }


@pytest.mark.parametrize(
    ("url", "shown"), [("redis://h", "redis://h"), ("redis://u@h/1", "redis://u@h/1"), ("a://:p@h", "a://h")]
)
def test_only_the_password_is_left_out(url: str, shown: str) -> None:
    assert without_password(url) == shown


def test_the_chat_comes_first_and_a_taken_port_is_told() -> None:
    text = table(urls(SETTINGS, chat="http://127.0.0.1:8001"), Path(".local"), wanted_port=8000, seconds=9)
    assert text.splitlines()[3] == "  Chat        http://127.0.0.1:8001   (port 8000 is taken)"
    assert "taken" not in table(urls(SETTINGS, chat="http://127.0.0.1:8001"), Path(), wanted_port=0, seconds=9)


def test_with_a_real_bot_there_is_no_chat_page() -> None:
    found = urls(SETTINGS, chat=None)
    assert "chat" not in found
    assert "with your bot" in table(found, Path(), wanted_port=8000, seconds=9)
