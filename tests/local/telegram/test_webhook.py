"""Delivery to a webhook: order, redelivery, secret, and methods in the reply."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramConflictError
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from aiohttp import web

from local.telegram.client import Admin, Person, Telegram
from local.telegram.standin import StandIn
from local.telegram.wire import Json

KEYBOARD = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Go", callback_data="go")]])


@dataclass
class Receiver:
    """A bot's endpoint that notes what comes, and answers with what `answers` holds, then with 200."""

    url: str = ""
    answers: list[web.Response] = field(default_factory=list)
    got: asyncio.Queue[Json] = field(default_factory=asyncio.Queue)
    secrets: list[str | None] = field(default_factory=list)

    async def handle(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.got.put_nowait(await request.json())
        return self.answers.pop(0) if self.answers else web.Response()

    async def next(self) -> Json:
        return await asyncio.wait_for(self.got.get(), 10)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    receiver = Receiver()
    app = web.Application()
    app.router.add_post("/hook", receiver.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield receiver
    await runner.cleanup()


async def test_updates_are_posted_with_the_secret(bot: Bot, maya: Person, receiver: Receiver) -> None:
    await maya.send("before there was a webhook")
    await bot.set_webhook(receiver.url, secret_token="s3cret_-")
    assert (await receiver.next())["message"]["text"] == "before there was a webhook"
    await maya.send("after")
    assert (await receiver.next())["message"]["text"] == "after"
    assert receiver.secrets == ["s3cret_-", "s3cret_-"]


async def test_polling_and_a_webhook_exclude_each_other(bot: Bot, receiver: Receiver) -> None:
    await bot.set_webhook(receiver.url)
    with pytest.raises(TelegramConflictError, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    assert (await bot.get_webhook_info()).url == receiver.url
    await bot.delete_webhook()
    assert await bot.get_updates() == []


async def test_a_secret_of_other_characters_is_refused(bot: Bot, receiver: Receiver) -> None:
    with pytest.raises(TelegramBadRequest, match="secret token contains unallowed characters"):
        await bot.set_webhook(receiver.url, secret_token="geheim!")


async def test_what_was_refused_comes_again_and_holds_up_its_chat_only(
    standin: StandIn, bot: Bot, telegram: Telegram, maya: Person, receiver: Receiver
) -> None:
    standin.webhook.first_pause = 0.2
    sam = await telegram.person("sam")
    await maya.start()
    message = await bot.send_message(maya.chat_id, "Tap", reply_markup=KEYBOARD)
    await bot.delete_webhook(drop_pending_updates=True)
    await bot.set_webhook(receiver.url)
    receiver.answers = [web.Response(status=503), web.Response(status=500)]

    await maya.send("first")
    refused = await receiver.next()
    await maya.send("second")
    again = await receiver.next()
    assert refused == again
    await maya.tap(await maya.last(), "Go")
    await sam.send("from Sam")
    overtaking = [await receiver.next(), await receiver.next()]
    assert {update.get("message", {}).get("text") for update in overtaking} == {"from Sam", None}
    assert message.message_id in {
        u["callback_query"]["message"]["message_id"] for u in overtaking if "callback_query" in u
    }
    assert [(await receiver.next())["message"]["text"] for _ in range(2)] == ["first", "second"]


async def test_retry_after_is_honoured(bot: Bot, maya: Person, receiver: Receiver) -> None:
    await bot.set_webhook(receiver.url)
    receiver.answers = [web.Response(status=503, headers={"Retry-After": "2"})]
    loop = asyncio.get_running_loop()
    await maya.send("Hello")
    await receiver.next()
    refused_at = loop.time()
    await receiver.next()
    assert 1.9 < loop.time() - refused_at < 4
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 503 Service Unavailable"


async def test_a_method_in_the_reply_is_carried_out(
    bot: Bot, maya: Person, admin: Admin, receiver: Receiver
) -> None:
    await bot.set_webhook(receiver.url)
    receiver.answers = [web.json_response({"method": "sendMessage", "chat_id": maya.chat_id, "text": "At once"})]
    await maya.send("Hello")
    assert (await maya.wait_for()).text == "At once"
    assert (await admin.wait_for_call("sendMessage")).via == "webhook"


async def test_a_dead_webhook_keeps_its_updates(
    standin: StandIn, bot: Bot, maya: Person, admin: Admin, receiver: Receiver
) -> None:
    standin.webhook.first_pause = 0.2
    receiver.answers = [web.Response(status=500)]
    await bot.set_webhook(receiver.url)
    await maya.send("Hello")
    await receiver.next()
    assert len(await admin.pending_updates()) == 1
    await receiver.next()
