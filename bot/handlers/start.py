"""Coming and going: /start, /help, /privacy, /link, /unlink, and the buttons of the welcome."""

from contextlib import suppress

from aiogram import Bot, Router
from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import CallbackQuery, Message

from bot import messages
from bot.desk import Desk, request_from
from bot.filters import Member, Private
from bot.keyboards.browse import MenuButton, menu
from bot.menu import offer_desk, withdraw_desk
from bot.places import place_of
from bot.telegram import CHANNEL
from bot.views import browse, settings
from bot.words import say
from core.accounts.keys import scopes_for
from core.accounts.service import Account
from core.clients.example import NAME as EXAMPLE_CLIENT
from core.clients.example import give_example_client
from core.errors import KeyInvalidError, NotLinkedError
from core.runtime import Runtime, Unit

router = Router(name="start")


@router.message(CommandStart())
async def start(message: Message, runtime: Runtime, account: Account | None, secrets: list[str]) -> None:
    """Greet; let somebody in who was invited, or anybody where registration is open."""
    if account is not None:
        await message.answer(say("welcome-back", name=account.name), reply_markup=menu())
        return
    user = message.from_user
    if user is None or not (secrets or runtime.settings.registration == "open"):
        await message.answer(say("welcome-stranger"))
        return
    async with runtime.system_unit() as unit:
        if secrets:
            account = await unit.accounts.accept_invite(secrets[0], user.first_name, CHANNEL, str(user.id))
        else:
            account = await unit.accounts.register(user.first_name, CHANNEL, str(user.id))
    await give_example_client(runtime, account.user_id)
    text = say("welcome-new", name=account.name, client=EXAMPLE_CLIENT)
    await message.answer(text, reply_markup=menu())


@router.message(Command("help"))
async def help_(message: Message) -> None:
    """What it can do, by example."""
    await message.answer(say("help"))


@router.message(Command("privacy"))
async def privacy(message: Message) -> None:
    """What is stored."""
    await message.answer(say("privacy"))


@router.message(Command("link"))
async def link(
    message: Message,
    bot: Bot,
    runtime: Runtime,
    command: CommandObject,
    secrets: list[str],
    account: Account | None,
) -> None:
    """Tie this identity to the account of an API key; the message that shows the key goes at once."""
    if not secrets or message.from_user is None:
        if command.args:
            raise KeyInvalidError
        await message.answer(say("link-usage"))
        return
    deleted = await _delete(message)
    async with runtime.system_unit() as unit:
        linked, key_id = await unit.accounts.link_by_key(secrets[0], CHANNEL, str(message.from_user.id))
        if not deleted:
            await unit.accounts.revoke_key(key_id)
        left = account if account is not None and account.user_id != linked.user_id else None
        secret = await _way_back(unit, message, left) if left else None
    if linked.role == "admin":
        await offer_desk(bot, message.from_user.id)
    lines = [say("linked", name=linked.name), say("link-key-deleted") if deleted else say("link-key-visible")]
    lines += [say("link-left", name=left.name)] if left else []
    await message.answer("\n".join(lines))
    await _hand_over(bot, message, secret)


@router.message(Command("unlink"), Member())
async def unlink(message: Message, bot: Bot, runtime: Runtime, member: Account) -> None:
    """Sever this identity from its member."""
    if member is None or message.from_user is None:
        raise NotLinkedError
    async with runtime.system_unit() as unit:
        await unit.accounts.unlink(CHANNEL, str(message.from_user.id))
        secret = await _way_back(unit, message, member)
    await withdraw_desk(bot, message.from_user.id)
    await message.answer(say("unlinked"))
    await _hand_over(bot, message, secret)


@router.callback_query(MenuButton.filter(), Member())
async def follow_menu(
    callback: CallbackQuery,
    message: Message,
    callback_data: MenuButton,
    runtime: Runtime,
    desk: Desk,
    member: Account,
    origin: str,
) -> None:
    """Try an example, My clients, Skills."""
    await callback.answer()
    if callback_data.place == "try":
        text = say("example-request", client=EXAMPLE_CLIENT)
        await message.answer(say("chosen", text=text))
        await desk.take(request_from(message, member, text, origin=origin))
    elif callback_data.place == "clients":
        async with runtime.unit(member.user_id) as unit:
            clients = await unit.clients.all(member.user_id)
            active = await unit.clients.active_in(place_of(message))
        view = browse.clients(clients, active)
        await message.answer(view.text, reply_markup=view.keyboard)
    else:
        view = browse.categories(runtime.catalogue.by_category())
        await message.answer(view.text, reply_markup=view.keyboard)


async def _way_back(unit: Unit, message: Message, left: Account) -> str | None:
    """A key to an account that a chat has left, if nothing else leads there.

    Raises:
        PrivateChatError: others would read it; the chat has not left then.
    """
    secret = await unit.keys.way_back(left.user_id, say("key-name"), scopes_for(left.role))
    if secret is not None:
        await Private()(message)
    return secret


async def _hand_over(bot: Bot, message: Message, secret: str | None) -> None:
    if secret is not None:
        await messages.send(bot, place_of(message), settings.way_back(secret))


async def _delete(message: Message) -> bool:
    """Delete a message that shows a secret; in a group it may not be allowed to."""
    with suppress(TelegramBadRequest):
        return await message.delete()
    return False
