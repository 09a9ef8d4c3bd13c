"""Clients: listed, opened, made active in a chat."""

from aiogram import Bot, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot import messages
from bot.keyboards.browse import ActivateButton, ClientButton, ClientsButton
from bot.places import message_of, place_of
from bot.views import browse
from bot.words import say
from core.accounts.service import Account
from core.clients.example import NAME as EXAMPLE_CLIENT
from core.errors import NotLinkedError, StaleButtonError
from core.runtime import Runtime

router = Router(name="clients")


@router.message(Command("clients"))
async def clients(message: Message, runtime: Runtime, account: Account | None) -> None:
    """All clients of a person."""
    if account is None:
        raise NotLinkedError
    async with runtime.unit(account.user_id) as unit:
        listed = await unit.clients.all(account.user_id)
        active = await unit.clients.active_in(place_of(message))
    view = browse.clients(listed, active)
    await message.answer(view.text, reply_markup=view.keyboard)


@router.message(Command("client"))
async def choose_client(
    message: Message, runtime: Runtime, command: CommandObject, account: Account | None
) -> None:
    """`/client yaz` makes it active here; `/client none` clears that."""
    if account is None:
        raise NotLinkedError
    wanted = (command.args or "").strip()
    if not wanted:
        await message.answer(say("client-usage", example=EXAMPLE_CLIENT))
        return
    async with runtime.unit(account.user_id) as unit:
        client = None if wanted.lower() == "none" else await unit.clients.find(account.user_id, wanted)
        await unit.clients.set_active(account.user_id, place_of(message), client.id if client else None)
    await message.answer(say("client-active", name=client.name) if client else say("client-cleared"))


@router.callback_query(ClientsButton.filter())
async def back_to_clients(callback: CallbackQuery, bot: Bot, runtime: Runtime, account: Account | None) -> None:
    """The list again, in the same message."""
    message = message_of(callback)
    if message is None or account is None:
        raise StaleButtonError
    async with runtime.unit(account.user_id) as unit:
        listed = await unit.clients.all(account.user_id)
        active = await unit.clients.active_in(place_of(message))
    await callback.answer()
    await messages.edit(bot, message.chat.id, message.message_id, browse.clients(listed, active))


@router.callback_query(ClientButton.filter())
@router.callback_query(ActivateButton.filter())
async def open_client(
    callback: CallbackQuery,
    callback_data: ClientButton | ActivateButton,
    bot: Bot,
    runtime: Runtime,
    account: Account | None,
) -> None:
    """A client's card; with the other button it becomes the active one first."""
    message = message_of(callback)
    if message is None or account is None:
        raise StaleButtonError
    activate = isinstance(callback_data, ActivateButton)
    async with runtime.unit(account.user_id) as unit:
        client = await unit.clients.get(account.user_id, callback_data.client)
        if activate:
            await unit.clients.set_active(account.user_id, place_of(message), client.id)
        active = await unit.clients.active_in(place_of(message))
        paths = [file.path for file in await unit.clients.files(client.id)]
    await callback.answer(say("client-active", name=client.name) if activate else None)
    view = browse.client_card(client, paths, active=active == client.id)
    await messages.edit(bot, message.chat.id, message.message_id, view)
