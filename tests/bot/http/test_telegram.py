"""Telegram's webhook: who does not know the secret is not heard, and what is heard is a row once."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from pydantic import SecretStr
from sqlalchemy import text

from bot.http.app import build_app
from bot.http.telegram import PATH
from bot.inbox.intake import Intake
from core.runtime import Runtime

SECRET = "a-secret_of-256-or-fewer"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
UPDATE = {
    "update_id": 7,
    "message": {"message_id": 1, "date": 0, "chat": {"id": 5, "type": "private"}, "text": "hi"},
}


@pytest.fixture
async def webhook(fresh_runtime: Runtime) -> AsyncIterator["TestClient[Any, Any]"]:
    fresh_runtime.settings = fresh_runtime.settings.model_copy(
        update={"telegram_webhook_secret": SecretStr(SECRET)}
    )
    async with TestClient(TestServer(build_app(fresh_runtime, Intake(fresh_runtime)))) as client:
        yield client


async def kept(runtime: Runtime) -> int:
    async with runtime.system_unit() as unit:
        return int(await unit.session.scalar(text("SELECT count(*) FROM inbound_updates")) or 0)


@pytest.mark.parametrize(
    "headers",
    [{}, {HEADER: ""}, {HEADER: "wrong"}, {HEADER: SECRET[:-1]}, {HEADER: SECRET + "x"}, {HEADER: "sécret ‰"}],
    ids=["none", "empty", "wrong", "shorter", "longer", "beyond ASCII"],
)
async def test_a_forged_update_is_not_heard(
    webhook: "TestClient[Any, Any]", fresh_runtime: Runtime, headers: dict[str, str]
) -> None:
    response = await webhook.post(PATH, json=UPDATE, headers=headers)
    assert response.status == 401
    assert await kept(fresh_runtime) == 0


async def test_without_a_secret_of_ours_nobody_is_heard(
    webhook: "TestClient[Any, Any]", fresh_runtime: Runtime
) -> None:
    fresh_runtime.settings = fresh_runtime.settings.model_copy(update={"telegram_webhook_secret": None})
    for headers in ({}, {HEADER: ""}, {HEADER: "None"}):
        assert (await webhook.post(PATH, json=UPDATE, headers=headers)).status == 401


async def test_an_update_that_comes_twice_is_one_row(
    webhook: "TestClient[Any, Any]", fresh_runtime: Runtime
) -> None:
    for _ in range(2):
        response = await webhook.post(PATH, json=UPDATE, headers={HEADER: SECRET})
        assert response.status == 200
    assert await kept(fresh_runtime) == 1


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"update_id": "x"}', b"\xff\xfe"])
async def test_what_is_no_update_is_refused_and_kept_nowhere(
    webhook: "TestClient[Any, Any]", fresh_runtime: Runtime, body: bytes
) -> None:
    response = await webhook.post(PATH, data=body, headers={HEADER: SECRET})
    assert response.status == 400
    assert await kept(fresh_runtime) == 0
