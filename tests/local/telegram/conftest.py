"""A stand-in of its own for each test, and a real aiogram bot that talks to it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer

from local.telegram.client import Admin, Person, Telegram
from local.telegram.server import serve
from local.telegram.standin import StandIn

TOKEN = "4242:secret-of-the-tests"


@pytest.fixture
async def standin(tmp_path: Path) -> StandIn:
    return StandIn.open(tmp_path, TOKEN, "marketing_agent_bot")


@pytest.fixture
async def url(standin: StandIn) -> AsyncIterator[str]:
    runner, url = await serve(standin, "127.0.0.1", 0)
    yield url
    await runner.cleanup()


@pytest.fixture
async def telegram(url: str) -> AsyncIterator[Telegram]:
    async with Telegram(url) as telegram:
        yield telegram


@pytest.fixture
async def maya(telegram: Telegram) -> Person:
    return await telegram.person("maya")


@pytest.fixture
def admin(telegram: Telegram) -> Admin:
    return telegram.admin


@pytest.fixture
async def bot(url: str) -> AsyncIterator[Bot]:
    session = AiohttpSession(api=TelegramAPIServer.from_base(url))
    yield Bot(TOKEN, session=session)
    await (await session.create_session()).close()  # aiogram's own close() waits for TLS, which is not used here


@pytest.fixture
async def chat(maya: Person, bot: Bot) -> int:
    """Maya's private chat, in which the bot may write."""
    await maya.start()
    updates = await bot.get_updates()
    await bot.get_updates(offset=updates[-1].update_id + 1)
    return maya.chat_id
