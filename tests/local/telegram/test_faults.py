"""What tests can break, and the budget that the bot has anyway."""

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import BufferedInputFile

from local.telegram.client import Admin, Person, Telegram


async def test_a_flood_fault_asks_for_a_pause_so_many_times(bot: Bot, admin: Admin, chat: int) -> None:
    await admin.fault("flood", "sendMessage", times=2, retry_after=7)
    for _ in range(2):
        with pytest.raises(TelegramRetryAfter) as caught:
            await bot.send_message(chat, "Hello")
        assert caught.value.retry_after == 7
    await bot.send_message(chat, "Hello")


async def test_a_lost_answer_takes_effect_all_the_same(bot: Bot, admin: Admin, maya: Person, chat: int) -> None:
    await admin.fault("lost", "sendMessage")
    with pytest.raises(TelegramNetworkError):
        await bot.send_message(chat, "Working…")
    assert (await maya.last()).text == "Working…"
    [call] = await admin.calls("sendMessage")
    assert call.status is None


async def test_errors_and_blocks_have_no_effect(bot: Bot, admin: Admin, maya: Person, chat: int) -> None:
    await admin.fault("error", code=502)
    with pytest.raises(TelegramServerError, match="Bad Gateway"):
        await bot.send_message(chat, "Hello")
    await admin.fault("blocked", "sendMessage", chat_id=chat)
    with pytest.raises(TelegramForbiddenError, match="blocked by the user"):
        await bot.send_message(chat, "Hello")
    assert [message for message in await maya.messages() if message.from_bot] == []


async def test_a_slow_call_times_out_at_the_bot(bot: Bot, admin: Admin, chat: int) -> None:
    await admin.fault("slow", "sendMessage", seconds=5)
    with pytest.raises(TelegramNetworkError, match="timeout"):
        await bot.send_message(chat, "Hello", request_timeout=1)
    await admin.fault("slow", "sendMessage", times=5, seconds=60)
    await admin.clear_faults()
    await bot.send_message(chat, "Hello")


async def test_edits_and_sends_share_a_budget_by_chat(
    bot: Bot, admin: Admin, telegram: Telegram, chat: int
) -> None:
    group = await telegram.group()
    sent = await bot.send_message(group.id, "0")
    for n in range(1, 20):
        await sent.edit_text(str(n))
    with pytest.raises(TelegramRetryAfter) as caught:
        await sent.edit_text("20")
    assert 1 <= caught.value.retry_after <= 3
    await bot.send_message(chat, "another chat has its own")
    await bot.send_chat_action(group.id, "typing")
    await admin.limits(group_burst=40)
    await sent.edit_text("20")


async def test_the_calls_of_the_bot_are_on_record(bot: Bot, admin: Admin, chat: int) -> None:
    await bot.send_message(chat, "[1]", message_thread_id=None, disable_notification=True)
    with pytest.raises(TelegramBadRequest):
        await bot.send_message(1, "Hello")
    good, bad = await admin.calls("sendMessage")
    assert good.params == {"chat_id": chat, "text": "[1]", "disable_notification": True}
    assert (good.status, bad.status, bad.description) == (200, 400, "Bad Request: chat not found")
    await admin.forget_calls()
    assert await admin.calls() == []


async def test_a_group_that_became_a_supergroup_says_where_it_went(bot: Bot, admin: Admin, maya: Person) -> None:
    old = await admin.add_group("Studio", ["maya"], supergroup=False)
    new = await admin.migrate(old)
    with pytest.raises(TelegramMigrateToChat) as caught:
        await bot.send_message(old.id, "Hello")
    assert caught.value.migrate_to_chat_id == new.id
    notes = [update.message for update in await bot.get_updates()]
    assert [note and (note.migrate_to_chat_id, note.migrate_from_chat_id) for note in notes] == [
        (new.id, None),
        (None, old.id),
    ]
    await bot.send_message(new.id, "Hello again")
    assert (await maya.within(new).last()).text == "Hello again"


async def test_documents_have_their_limits(bot: Bot, admin: Admin, maya: Person, chat: int) -> None:
    sent = await bot.send_document(chat, BufferedInputFile(b"# Copy", "home.md"), caption="Yours")
    assert sent.document is not None
    assert (sent.document.file_name, sent.document.mime_type) == ("home.md", "text/markdown")
    shown = await maya.last()
    assert await maya.download(shown) == b"# Copy"
    assert (await bot.send_document(chat, sent.document.file_id)).document == sent.document
    with pytest.raises(TelegramBadRequest, match="message caption is too long"):
        await bot.send_document(chat, sent.document.file_id, caption="x" * 1025)
    await admin.limits(upload_megabytes=0, download_megabytes=0)
    with pytest.raises(TelegramEntityTooLarge):
        await bot.send_document(chat, BufferedInputFile(b"# Copy", "home.md"))
    with pytest.raises(TelegramBadRequest, match="file is too big"):
        await bot.get_file(sent.document.file_id)
