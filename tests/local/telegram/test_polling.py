"""getUpdates: what comes, in which order, and when it is forgotten."""

import asyncio

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramConflictError
from aiogram.types import Update

from local.telegram.client import Admin, Person, Telegram


async def updates_after(bot: Bot, update_id: int = 0) -> list[Update]:
    return await bot.get_updates(offset=update_id + 1, timeout=5)


async def test_a_message_arrives_whole(bot: Bot, maya: Person) -> None:
    await maya.send("/email_sequence for Yaz")
    [update] = await updates_after(bot)
    message = update.message
    assert message is not None
    assert message.from_user is not None
    assert (message.from_user.id, message.from_user.first_name) == (maya.id, "Maya")
    assert (message.chat.id, message.chat.type) == (maya.id, "private")
    assert message.entities is not None
    assert (message.entities[0].type, message.entities[0].length) == ("bot_command", len("/email_sequence"))


async def test_a_waiting_poll_ends_when_something_comes(bot: Bot, maya: Person) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=30))
    await maya.send("Hello")
    [update] = await poll
    assert update.message is not None
    assert update.message.text == "Hello"


async def test_updates_come_again_until_they_are_confirmed(bot: Bot, maya: Person, admin: Admin) -> None:
    for text in ("one", "two", "three"):
        await maya.send(text)
    first = await bot.get_updates()
    assert await bot.get_updates() == first
    rest = await bot.get_updates(offset=first[0].update_id + 1)
    assert [update.message and update.message.text for update in rest] == ["two", "three"]
    assert len(await bot.get_updates(offset=-1)) == 1
    assert len(await admin.pending_updates()) == 1


async def test_the_newer_of_two_pollers_wins(bot: Bot, maya: Person) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=30))
    await asyncio.sleep(0)
    newer = asyncio.create_task(bot.get_updates(timeout=30))
    done, _ = await asyncio.wait([older, newer], return_when=asyncio.FIRST_COMPLETED, timeout=5)
    [loser] = done
    with pytest.raises(TelegramConflictError, match="terminated by other getUpdates request"):
        await loser
    await maya.send("Hello")
    assert len(await ({older, newer} - done).pop()) == 1


async def test_only_the_types_asked_for_come(bot: Bot, maya: Person) -> None:
    await bot.get_updates(allowed_updates=["callback_query"])
    await maya.send("Hello")
    assert await bot.get_updates() == []
    await bot.get_updates(allowed_updates=["message", "message_reaction"])
    said = await maya.send("Hello")
    await maya.react(said, "👍")
    found = await bot.get_updates()
    assert [update.event_type for update in found] == ["message", "message_reaction"]


async def test_every_kind_of_act_is_a_valid_update(bot: Bot, maya: Person) -> None:
    said = await maya.send("Hello")
    await maya.edit(said, "Hello, bot")
    await maya.upload(b"# Brief", name="brief.md", caption="Write from this")
    await maya.voice(4)
    await maya.sticker("🎉")
    await maya.start("invite_Ab-1")
    await maya.block()
    await maya.unblock()
    found = await bot.get_updates()
    assert [update.event_type for update in found] == [
        "message", "edited_message", "message", "message", "message", "message", "my_chat_member", "my_chat_member",
    ]  # fmt: skip
    document, voice, sticker, start = (update.message for update in found[2:6])
    assert document is not None
    assert document.document is not None
    assert (document.caption, document.document.file_name) == ("Write from this", "brief.md")
    content = await bot.download(document.document)
    assert content is not None
    assert content.read() == b"# Brief"
    assert voice is not None
    assert voice.voice is not None
    assert voice.voice.duration == 4
    assert sticker is not None
    assert sticker.sticker is not None
    assert sticker.sticker.emoji == "🎉"
    assert start is not None
    assert start.text == "/start invite_Ab-1"
    member = found[6].my_chat_member
    assert member is not None
    assert (member.old_chat_member.status, member.new_chat_member.status) == ("member", "kicked")


async def test_a_reply_carries_the_message_it_replies_to(bot: Bot, maya: Person, chat: int) -> None:
    await bot.send_message(chat, "What worked well?")
    await maya.reply(await maya.last(), "The headline")
    [update] = await updates_after(bot)
    assert update.message is not None
    assert update.message.reply_to_message is not None
    assert update.message.reply_to_message.text == "What worked well?"


async def test_in_a_group_the_bot_hears_what_is_meant_for_it(bot: Bot, telegram: Telegram, maya: Person) -> None:
    here = maya.within(await telegram.group(), "Yaz Automate")
    await here.send("Good morning, everyone")
    await here.send("@marketing_agent_bot write a headline")
    await here.send("/status@marketing_agent_bot")
    await here.send("/status@another_bot")
    found = [update.message for update in await bot.get_updates()]
    assert [message and message.text for message in found] == [
        "@marketing_agent_bot write a headline",
        "/status@marketing_agent_bot",
    ]
    assert found[0] is not None
    assert found[0].is_topic_message
    assert found[0].message_thread_id == here.thread_id
    began = found[0].reply_to_message  # as in Telegram, where all in a topic hangs on the note that it was created
    assert began is not None
    assert began.forum_topic_created is not None
    assert began.forum_topic_created.name == "Yaz Automate"
    await bot.send_message(here.chat_id, "Here it is", message_thread_id=here.thread_id)
    answer = await here.wait_for(lambda m: m.text == "Here it is")
    await here.reply(answer, "Shorter, please")
    [update] = await updates_after(bot, (await bot.get_updates())[-2].update_id)
    assert update.message is not None
    assert update.message.text == "Shorter, please"


async def test_as_an_administrator_it_hears_everything(bot: Bot, telegram: Telegram, maya: Person) -> None:
    group = await telegram.group()
    await telegram.admin.set_bot_status(group, "administrator")
    here = maya.within(group)
    said = await here.send("Good morning, everyone")
    assert len(await bot.get_updates()) == 1
    await bot.delete_message(group.id, said.id)
    assert await here.messages() == []
