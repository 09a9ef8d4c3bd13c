"""Menus, members, reactions; and that a restart finds everything as it was."""

from pathlib import Path

import pytest
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import (
    BotCommand,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    ChatMemberMember,
    ReactionTypeEmoji,
)

from local.telegram.client import Admin, Person, Telegram
from local.telegram.server import serve
from local.telegram.standin import StandIn
from tests.local.telegram.conftest import TOKEN


async def test_each_chat_sees_the_menu_of_its_narrowest_scope(bot: Bot, telegram: Telegram, maya: Person) -> None:
    def menu(name: str) -> list[BotCommand]:
        return [BotCommand(command=name, description=f"The menu of {name}")]

    await bot.set_my_commands(menu("anywhere"))
    assert list(await maya.commands()) == ["anywhere"]
    await bot.set_my_commands(menu("private"), scope=BotCommandScopeAllPrivateChats())
    await bot.set_my_commands(menu("groups"), scope=BotCommandScopeAllGroupChats())
    await bot.set_my_commands(menu("admins"), scope=BotCommandScopeAllChatAdministrators())
    group = await telegram.group()
    assert await maya.commands() == {"private": "The menu of private"}
    assert list(await maya.within(group).commands()) == ["admins"]
    assert list(await (await telegram.person("sam")).within(group).commands()) == ["groups"]
    assert [each.command for each in await bot.get_my_commands(scope=BotCommandScopeAllGroupChats())] == ["groups"]
    await bot.delete_my_commands(scope=BotCommandScopeAllPrivateChats())
    assert list(await maya.commands()) == ["anywhere"]
    with pytest.raises(TelegramBadRequest, match="BOT_COMMAND_INVALID"):
        await bot.set_my_commands(menu("email-sequence"))


async def test_who_is_in_a_chat(bot: Bot, telegram: Telegram, maya: Person) -> None:
    group = await telegram.group()
    me = await bot.get_me()
    assert (me.id, me.username) == (4242, "marketing_agent_bot")
    assert (await bot.get_chat_member(group.id, maya.id)).status == "creator"
    assert isinstance(await bot.get_chat_member(group.id, (await telegram.person("sam")).id), ChatMemberMember)
    assert (await bot.get_chat_member(group.id, me.id)).status == "member"
    assert [admin.user.id for admin in await bot.get_chat_administrators(group.id)] == [maya.id]
    full = await bot.get_chat(group.id)
    assert (full.type, full.is_forum) == ("supergroup", True)


async def test_the_bot_reacts_and_pins(bot: Bot, maya: Person, chat: int) -> None:
    said = await maya.send("Thanks!")
    await bot.set_message_reaction(chat, said.id, [ReactionTypeEmoji(emoji="❤")])
    await bot.pin_chat_message(chat, said.id)
    assert [message.reactions for message in await maya.messages() if message.id == said.id] == [("❤",)]
    pinned = (await bot.get_chat(chat)).pinned_message
    assert pinned is not None
    assert pinned.message_id == said.id


async def test_typing_is_seen(bot: Bot, maya: Person, chat: int) -> None:
    await bot.send_chat_action(chat, "typing")
    event = await maya.wait_for_event(lambda e: e["type"] == "action")
    assert event["action"] == "typing"


async def test_people_and_groups_to_order(bot: Bot, admin: Admin) -> None:
    ada = await admin.add_person("ada", "Ada")
    await ada.send("Hello")
    assert (await bot.get_updates())[-1].message is not None
    group = await admin.add_group("Launch", ["ada", "sam"], topics=["Press", "Site"])
    await ada.within(group, "Press").send("@marketing_agent_bot hello")
    update = (await bot.get_updates())[-1]
    assert update.message is not None
    assert update.message.message_thread_id == group.topics["Press"]


async def test_a_reset_forgets_but_never_gives_an_id_twice(bot: Bot, admin: Admin, maya: Person, chat: int) -> None:
    before = await bot.send_message(chat, "Hello")
    await admin.reset()
    assert await maya.messages() == []
    assert await bot.get_updates() == []
    await maya.start()
    assert (await bot.send_message(chat, "Hello")).message_id > before.message_id


async def test_a_restart_loses_nothing(tmp_path: Path) -> None:
    async def visit(*, first: bool) -> tuple[object, ...]:
        runner, url = await serve(StandIn.open(tmp_path, TOKEN, "marketing_agent_bot"), "127.0.0.1", 0)
        session = AiohttpSession(api=TelegramAPIServer.from_base(url))
        bot = Bot(TOKEN, session=session)
        async with Telegram(url) as telegram:
            maya = await telegram.person("maya")
            if first:
                await maya.upload(b"# Brief", name="brief.md")
                sent = await bot.send_message(maya.chat_id, "Working…")
                await sent.edit_text("Ready!")
                await bot.set_my_commands([BotCommand(command="start", description="Begin")])
                await bot.set_webhook("http://127.0.0.1:9/hook", allowed_updates=["message"])
                await maya.send("after the webhook")
            last = await maya.last()
            seen = (
                await maya.messages(),
                await maya.history(last),
                await maya.download((await maya.messages())[0]),
                await maya.commands(),
                await telegram.admin.pending_updates(),
                (await bot.get_webhook_info()).url,
            )
        await (await session.create_session()).close()
        await runner.cleanup()
        return seen

    assert await visit(first=True) == await visit(first=False)
