"""A key that goes through every route and every error stands in no log and in no answer."""

import io
import logging
import re
from collections.abc import Iterator

import pytest

from bot.http.call import Call
from bot.http.table import ROUTES
from core.accounts.secrets import make_secret
from core.logging import configure_logging
from tests.bot.http.conftest import Caller

CANARIES = [make_secret("key") for _ in range(2)]
_PARAMETER = re.compile(r"\{[^}]+\}")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is logged from here on, as the product logs it."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    configure_logging(log_format="json", level="DEBUG")
    stream = io.StringIO()
    for handler in root.handlers:
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(stream)
    yield stream
    root.handlers, root.level = handlers, level


async def test_no_log_and_no_answer_holds_a_key(
    maya: Caller, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [await _answers(Caller(maya.user_id, key, maya.client)) for key in (maya.key, *CANARIES)]

    def broken(_: Call) -> None:
        raise RuntimeError(f"secret {CANARIES[0]} in an error of {maya.key}")

    monkeypatch.setattr(Call, "user_id", property(broken))
    response = await maya.call("GET", "/clients")
    assert response.status == 500
    told.append(await response.text())
    assert "request_failed" in log.getvalue()
    for key in (maya.key, *CANARIES):
        assert key not in log.getvalue()
        assert key[20:] not in log.getvalue()
        assert key not in "".join(told)


async def _answers(caller: Caller) -> str:
    """What every route says to a request full of keys."""
    told = []
    for route in ROUTES:
        path = _PARAMETER.sub(CANARIES[0], route.full_path.removeprefix("/api/v1"))
        options = {"json": {"name": 5, "user_message": CANARIES[1], "skill_id": CANARIES[1], CANARIES[0]: 1}}
        response = await caller.call(
            route.method, path, params={"cursor": CANARIES[0]}, headers={"Last-Event-ID": CANARIES[0]}, **options
        )
        assert 400 <= response.status < 500, (route.name, response.status)
        told.append(await response.text())
    return "".join(told)
