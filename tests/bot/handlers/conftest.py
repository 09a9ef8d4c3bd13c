"""The bot in this process, on the shared Runtime: people speak to it through the Telegram stand-in.

No worker runs, so that what is asked for stays in line.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from uuid import UUID

import pytest

from bot.channel import TelegramChannel
from bot.dispatcher import build_dispatcher
from bot.inbox.intake import Intake
from bot.inbox.poller import poll
from bot.inbox.worker import InboxWorker
from bot.telegram import CHANNEL, make_bot
from core.accounts.service import Account
from core.clients.example import give_example_client
from core.runtime import Runtime
from local.telegram.client import Person, Telegram
from local.telegram.server import serve
from local.telegram.standin import StandIn

_people = count(1)


@dataclass(frozen=True)
class Speaking:
    """A bot that hears and answers, and the world that it speaks in."""

    runtime: Runtime
    telegram: Telegram
    channel: TelegramChannel
    inbox: InboxWorker

    async def handled(self) -> None:
        """Wait until everything that came in is handled to its end."""
        while self.inbox._held:
            await asyncio.wait(self.inbox._held.values())

    async def stranger(self, name: str = "Maya") -> Person:
        """Somebody whom the bot has never seen."""
        return await self.telegram.admin.add_person(f"person{next(_people)}", name)

    async def member(self, *clients: str, name: str = "Maya") -> "Member":
        """Somebody with an account and these example clients."""
        person = await self.stranger(name)
        async with self.runtime.system_unit() as unit:
            account = await unit.accounts.register(name, CHANNEL, str(person.id))
        for slug in clients:
            await give_example_client(self.runtime, account.user_id, slug)
        await person.start()
        await person.wait_for(lambda m: "Good to see you" in m.text)
        return Member(person, account)


@dataclass(frozen=True)
class Member:
    """A person and their account."""

    person: Person
    account: Account

    @property
    def user_id(self) -> UUID:
        """The account's id."""
        return self.account.user_id


@asynccontextmanager
async def speaking(runtime: Runtime, folder: Path) -> AsyncIterator[Speaking]:
    """A bot on this Runtime and a stand-in of its own."""
    token = runtime.settings.telegram_bot_token.get_secret_value()
    async with AsyncExitStack() as stack:
        runner, url = await serve(StandIn.open(folder, token, "marketing_agent_bot"), "127.0.0.1", 0)
        stack.push_async_callback(runner.cleanup)
        bot = await stack.enter_async_context(
            make_bot(runtime.settings.model_copy(update={"telegram_api_url": url}))
        )
        telegram = await stack.enter_async_context(Telegram(url))
        intake = Intake(runtime)
        inbox = InboxWorker(runtime, bot, build_dispatcher(bot, runtime), intake)
        tasks = [asyncio.create_task(inbox.run()), asyncio.create_task(poll(runtime, bot, intake))]
        try:
            yield Speaking(runtime, telegram, TelegramChannel(bot, runtime), inbox)
        finally:
            await inbox.drain(2)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture(scope="session")
async def bot(runtime: Runtime, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Speaking]:
    """The bot of all tests here; each speaks as a person of its own."""
    async with speaking(runtime, tmp_path_factory.mktemp("telegram")) as opened:
        yield opened
