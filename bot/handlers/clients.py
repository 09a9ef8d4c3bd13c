"""Clients: listed, opened, made active in a chat."""

from aiogram import Bot, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from bot import messages
from bot.filters import Member
from bot.keyboards.browse import ActivateButton, ClientButton, ClientsButton
from bot.places import is_private, place_of
from bot.views import browse
from bot.words import say
from core.accounts.service import Account
from core.clients.example import NAME as EXAMPLE_CLIENT
from core.runtime import Runtime
from core.usage.months import Month

router = Router(name="clients")


@router.message(Command("clients"), Member())
async def clients(message: Message, runtime: Runtime, member: Account) -> None:
    """All clients of a person."""
    async with runtime.unit(member.user_id) as unit:
        listed = await unit.clients.all(member.user_id)
        active = await unit.clients.active_in(place_of(message))
    view = browse.clients(listed, active)
    await message.answer(view.text, reply_markup=view.keyboard)


@router.message(Command("client"), Member())
async def choose_client(message: Message, runtime: Runtime, command: CommandObject, member: Account) -> None:
    """`/client yaz` makes it active here; `/client none` clears that."""
    wanted = (command.args or "").strip()
    if not wanted:
        await message.answer(say("client-usage", example=EXAMPLE_CLIENT))
        return
    async with runtime.unit(member.user_id) as unit:
        client = None if wanted.lower() == "none" else await unit.clients.find(member.user_id, wanted)
        await unit.clients.set_active(member.user_id, place_of(message), client.id if client else None)
    await message.answer(say("client-active", name=client.name) if client else say("client-cleared"))


@router.callback_query(ClientsButton.filter(), Member())
async def back_to_clients(
    callback: CallbackQuery, message: Message, bot: Bot, runtime: Runtime, member: Account
) -> None:
    """The list again, in the same message."""
    async with runtime.unit(member.user_id) as unit:
        listed = await unit.clients.all(member.user_id)
        active = await unit.clients.active_in(place_of(message))
    await callback.answer()
    await messages.edit(bot, message.chat.id, message.message_id, browse.clients(listed, active))


@router.callback_query(ClientButton.filter(), Member())
@router.callback_query(ActivateButton.filter(), Member())
async def open_client(
    callback: CallbackQuery,
    message: Message,
    callback_data: ClientButton | ActivateButton,
    bot: Bot,
    runtime: Runtime,
    member: Account,
) -> None:
    """A client's card; with the other button it becomes the active one first."""
    activate = isinstance(callback_data, ActivateButton)
    async with runtime.unit(member.user_id) as unit:
        client = await unit.clients.get(member.user_id, callback_data.client)
        if activate:
            await unit.clients.set_active(member.user_id, place_of(message), client.id)
        active = await unit.clients.active_in(place_of(message))
        paths = [file.path for file in await unit.clients.files(client.id)]
        own = is_private(message)
        spent = await unit.usage.spent_for(member.user_id, client.id, Month.now()) if own else None
    await callback.answer(say("client-active", name=client.name) if activate else None)
    view = browse.client_card(client, paths, active=active == client.id, spent=spent)
    await messages.edit(bot, message.chat.id, message.message_id, view)
