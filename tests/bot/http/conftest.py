"""The application on a test server, one for each module, and users with keys to speak to it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from bot.http.app import build_app
from bot.http.routing import PREFIX
from bot.inbox.intake import Intake
from core.accounts.keys import scopes_for
from core.channel import ChannelState, News, Place
from core.limits import LIMITS
from core.runtime import Runtime, open_runtime
from core.settings import Settings
from storage.models import Delivery
from tests.conftest import Servers

JOBS_SECRET = "whsec_dGhlIHNlY3JldCBvZiB0aGUgam9icyBmb3IgdGVzdHM="
PLENTY = dict.fromkeys(LIMITS, 1_000_000)


class Chats:
    """A channel that remembers what it was told."""

    def __init__(self) -> None:
        self.said: list[tuple[str, Any]] = []

    def pace(self, delivery: Delivery) -> float:  # noqa: ARG002 - as the protocol has it
        return 0.0

    async def show(self, delivery: Delivery, state: ChannelState) -> None:
        self.said.append((delivery.chat_id, state))

    async def announce(self, place: Place, news: News) -> int:
        self.said.append((place.chat_id, news))
        return len(self.said)


@dataclass(frozen=True)
class Caller:
    """A user, and their key."""

    user_id: UUID
    key: str
    client: "TestClient[Any, Any]"

    async def call(self, method: str, path: str, **options: Any) -> ClientResponse:
        headers = {"Authorization": f"Bearer {self.key}", **options.pop("headers", {})}
        return await self.client.request(method, PREFIX + path, headers=headers, **options)

    async def get(self, path: str, *, status: int = 200, **options: Any) -> Any:
        return await self.json("GET", path, status=status, **options)

    async def post(self, path: str, body: Any, *, status: int = 201, **options: Any) -> Any:
        return await self.json("POST", path, status=status, json=body, **options)

    async def json(self, method: str, path: str, *, status: int, **options: Any) -> Any:
        response = await self.call(method, path, **options)
        answer = await response.json(content_type=None) if response.status not in {204, 304} else None
        assert response.status == status, answer
        return answer


@dataclass(frozen=True)
class Api:
    """The application under test."""

    runtime: Runtime
    client: "TestClient[Any, Any]"
    chats: Chats

    async def user(self, name: str = "Maya", *, scopes: list[str] | None = None, role: str = "member") -> Caller:
        async with self.runtime.system_unit() as unit:
            user = await unit.accounts.create_user(name, role="admin" if role == "admin" else "member")
            _, key = await unit.keys.create(user.id, "test", scopes or scopes_for(role))
        return Caller(user.id, key, self.client)


@asynccontextmanager
async def open_api(
    servers: Servers, *, limits: dict[str, int] = PLENTY, redis_number: int = 3
) -> AsyncIterator[Api]:
    """An application on a database of its own."""
    environment = servers.environment(servers.fresh_database(), redis_number=redis_number)
    values = {name.lower(): value for name, value in environment.items()}
    settings = Settings.model_validate({**values, "database_pool_size": 5, "jobs_webhook_secret": JOBS_SECRET})
    async with open_runtime(settings) as runtime:
        await runtime.redis.flushdb()
        await runtime.catalogue.refresh()
        chats = Chats()
        app = build_app(runtime, Intake(runtime), channels={"telegram": chats}, limits=limits)
        async with TestClient(TestServer(app)) as client:
            yield Api(runtime, client, chats)


@pytest.fixture(scope="module")
async def api(servers: Servers) -> AsyncIterator[Api]:
    async with open_api(servers) as opened:
        yield opened


@pytest.fixture
async def maya(api: Api) -> Caller:
    return await api.user("Maya")


@pytest.fixture
async def sam(api: Api) -> Caller:
    return await api.user("Sam")
