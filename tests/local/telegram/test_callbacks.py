"""Taps on buttons, and their answers."""

import asyncio

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery, InaccessibleMessage, InlineKeyboardButton, InlineKeyboardMarkup, Message

from local.telegram.client import Admin, Person, Refused

STARS = InlineKeyboardMarkup(
    inline_keyboard=[
        [InlineKeyboardButton(text=str(n), callback_data=f"rate:{n}") for n in range(1, 6)],
        [
            InlineKeyboardButton(text="Show all", callback_data="all"),
            InlineKeyboardButton(text="Site", url="https://a.b"),
        ],
    ]
)


async def query_of(bot: Bot) -> CallbackQuery:
    updates = await bot.get_updates(timeout=5)
    await bot.get_updates(offset=updates[-1].update_id + 1)
    query = updates[-1].callback_query
    assert query is not None
    return query


@pytest.mark.parametrize(("button", "data"), [("4", "rate:4"), (0, "rate:1"), ("show", "all")])
async def test_a_tap_reaches_the_bot_and_its_answer_the_person(
    bot: Bot, maya: Person, chat: int, button: int | str, data: str
) -> None:
    sent = await bot.send_message(chat, "Rate this output:", reply_markup=STARS)
    tap = await maya.tap(await maya.last(), button)
    query = await query_of(bot)
    assert (query.data, query.from_user.id) == (data, maya.id)
    assert isinstance(query.message, Message)
    assert query.message.message_id == sent.message_id
    await bot.answer_callback_query(query.id, "Thanks!", show_alert=True)
    answer = await maya.answer_to(tap)
    assert (answer.text, answer.show_alert) == ("Thanks!", True)


async def test_a_link_is_opened_without_the_bot(bot: Bot, maya: Person, chat: int) -> None:
    await bot.send_message(chat, "Rate", reply_markup=STARS)
    assert (await maya.tap(await maya.last(), "Site")).url == "https://a.b"
    assert await bot.get_updates() == []


async def test_an_answer_comes_once_and_in_time(bot: Bot, maya: Person, admin: Admin, chat: int) -> None:
    await bot.send_message(chat, "Rate", reply_markup=STARS)
    await maya.tap(await maya.last(), "1")
    query = await query_of(bot)
    await bot.answer_callback_query(query.id)
    with pytest.raises(
        TelegramBadRequest, match="query is too old and response timeout expired or query ID is invalid"
    ):
        await bot.answer_callback_query(query.id)
    await admin.limits(query_seconds=0.0)
    await maya.tap(await maya.last(), "1")
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_callback_query((await query_of(bot)).id)


async def test_a_button_of_a_deleted_message_still_taps(bot: Bot, maya: Person, chat: int) -> None:
    sent = await bot.send_message(chat, "Rate", reply_markup=STARS)
    shown = await maya.last()
    await sent.delete()
    await maya.tap(shown, "1")
    assert isinstance((await query_of(bot)).message, InaccessibleMessage)


async def test_a_button_that_is_not_there_is_named(bot: Bot, maya: Person, chat: int) -> None:
    await bot.send_message(chat, "Rate", reply_markup=STARS)
    with pytest.raises(Refused, match=r"there is no button 'Stop' on this message; its buttons: '1', '2', '3'"):
        await maya.tap(await maya.last(), "Stop")


async def test_waiting_sees_what_came_before_the_waiting_began(bot: Bot, maya: Person, chat: int) -> None:
    await bot.send_message(chat, "an older Ready!")
    await maya.send("again")
    await bot.send_message(chat, "Ready!")
    assert (await maya.wait_for(lambda m: "Ready!" in m.text)).text == "Ready!"
    waiting = asyncio.create_task(maya.wait_for(lambda m: "Done" in m.text))
    await bot.send_message(chat, "Done")
    assert (await waiting).text == "Done"
    with pytest.raises(TimeoutError, match="the bot wrote:\n  'Ready!'"):
        await maya.wait_for(lambda m: "never" in m.text, timeout=0.05)
