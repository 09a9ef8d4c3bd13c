"""/settings: switches and API keys, all in one message by edits, where nobody else reads along."""

from contextlib import suppress

from aiogram import Bot, F, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot import messages
from bot.filters import Member, Private
from bot.keyboards.settings import (
    HaveKeyButton,
    KeyButton,
    KeyDeed,
    KeysButton,
    LanguageButton,
    NewKeyButton,
    SettingsButton,
    SwitchButton,
)
from bot.view import View
from bot.views import settings as views
from bot.words import languages, say, speak
from core.accounts.keys import scopes_for
from core.accounts.service import Account
from core.channel import Place
from core.errors import StaleButtonError
from core.runtime import Runtime

router = Router(name="settings")


@router.message(Command("settings"), Private(), Member())
async def settings(message: Message, member: Account) -> None:
    """Everything that can be set."""
    view = views.settings(member)
    await message.answer(view.text, reply_markup=view.keyboard)


@router.callback_query(SettingsButton.filter(), Private(), Member())
async def back_to_settings(callback: CallbackQuery, message: Message, bot: Bot, member: Account) -> None:
    """The same, in the same message."""
    await callback.answer()
    await messages.edit(bot, message.chat.id, message.message_id, views.settings(member))


@router.callback_query(SwitchButton.filter(), Private(), Member())
async def switch(
    callback: CallbackQuery,
    message: Message,
    callback_data: SwitchButton,
    bot: Bot,
    runtime: Runtime,
    member: Account,
) -> None:
    """Set a switch."""
    async with runtime.unit(member.user_id) as unit:
        member = await unit.accounts.prefer(member, callback_data.switch, callback_data.on)
    await callback.answer(say("saved"))
    await messages.edit(bot, message.chat.id, message.message_id, views.settings(member))


@router.callback_query(LanguageButton.filter(), Private(), Member())
async def choose_language(
    callback: CallbackQuery,
    message: Message,
    callback_data: LanguageButton,
    bot: Bot,
    runtime: Runtime,
    member: Account,
) -> None:
    """Speak another language from now on."""
    if callback_data.code not in languages():
        raise StaleButtonError
    async with runtime.unit(member.user_id) as unit:
        member = await unit.accounts.prefer(member, "language", callback_data.code)
    speak(member.language)
    await callback.answer(say("saved"))
    await messages.edit(bot, message.chat.id, message.message_id, views.settings(member))


@router.callback_query(KeysButton.filter(), Private(), Member())
async def keys(callback: CallbackQuery, message: Message, bot: Bot, runtime: Runtime, member: Account) -> None:
    """The keys that work."""
    await callback.answer()
    await _list_keys(message, bot, runtime, member)


@router.callback_query(KeyButton.filter(F.deed.in_({KeyDeed.OPEN, KeyDeed.ASK_REVOKE})), Private(), Member())
async def open_key(
    callback: CallbackQuery,
    message: Message,
    callback_data: KeyButton,
    bot: Bot,
    runtime: Runtime,
    member: Account,
) -> None:
    """A key's card, or the question whether it is to go."""
    async with runtime.unit(member.user_id) as unit:
        key = await unit.keys.get(member.user_id, callback_data.key)
    await callback.answer()
    view = views.key_card(key) if callback_data.deed == KeyDeed.OPEN else views.revoke(key)
    await messages.edit(bot, message.chat.id, message.message_id, view)


@router.callback_query(NewKeyButton.filter(), Private(), Member())
async def make_key(
    callback: CallbackQuery, message: Message, bot: Bot, runtime: Runtime, member: Account, place: Place
) -> None:
    """A new key, shown once in a message of its own."""
    async with runtime.unit(member.user_id) as unit:
        _, secret = await unit.keys.create(member.user_id, say("key-name"), scopes_for(member.role))
    await callback.answer()
    await messages.send(bot, place, views.shown_once(secret))
    await _list_keys(message, bot, runtime, member)


@router.callback_query(KeyButton.filter(F.deed == KeyDeed.ROTATE), Private(), Member())
async def rotate_key(
    callback: CallbackQuery,
    message: Message,
    callback_data: KeyButton,
    bot: Bot,
    runtime: Runtime,
    member: Account,
    place: Place,
) -> None:
    """A key in place of another, which works on for a while."""
    async with runtime.unit(member.user_id) as unit:
        _, secret = await unit.keys.rotate(member.user_id, callback_data.key)
        old = await unit.keys.get(member.user_id, callback_data.key)
    await callback.answer()
    await messages.send(bot, place, views.shown_once(secret, replaced=old))
    await _list_keys(message, bot, runtime, member)


@router.callback_query(KeyButton.filter(F.deed == KeyDeed.REVOKE), Private(), Member())
async def revoke_key(
    callback: CallbackQuery,
    message: Message,
    callback_data: KeyButton,
    bot: Bot,
    runtime: Runtime,
    member: Account,
) -> None:
    """Let a key work no more, at once."""
    async with runtime.unit(member.user_id) as unit:
        await unit.keys.revoke(member.user_id, callback_data.key)
    await callback.answer(say("key-revoked"))
    await _list_keys(message, bot, runtime, member)


@router.callback_query(HaveKeyButton.filter())
async def have_key(callback: CallbackQuery, message: Message, bot: Bot) -> None:
    """The message that shows a key goes; where Telegram keeps it (after 48 hours), its words go."""
    await callback.answer()
    with suppress(TelegramBadRequest):
        await message.delete()
        return
    await messages.edit(bot, message.chat.id, message.message_id, View(say("key-was-here")))


async def _list_keys(message: Message, bot: Bot, runtime: Runtime, member: Account) -> None:
    async with runtime.unit(member.user_id) as unit:
        listed = await unit.keys.working(member.user_id)
    await messages.edit(bot, message.chat.id, message.message_id, views.keys(listed))
