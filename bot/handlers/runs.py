"""Runs on their way: /status, /stop, and the buttons Stop, Retry, Start again, Change client."""

from aiogram import Bot, F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot import messages
from bot.desk import Desk
from bot.filters import Member
from bot.keyboards.button import button, column, rows
from bot.keyboards.runs import ClientOfRunButton, RunButton, RunDeed
from bot.places import place_of, shown_at
from bot.views import browse
from bot.views.runs import progress
from bot.words import say
from core.accounts.service import Account
from core.channel import Progress
from core.errors import NotFoundError, StaleButtonError
from core.runs.service import Shown
from core.runtime import Runtime
from storage.deliveries import DeliveryRepository
from storage.models.base import utc_now

router = Router(name="runs")


@router.message(Command("status"), Member())
async def status(message: Message, runtime: Runtime, member: Account) -> None:
    """What is queued and running, each with Stop."""
    async with runtime.system_unit() as unit:
        active = await unit.runs.active(member.user_id)
        listed = [(run, client, await unit.runs.ahead_of(run)) for run, _, client in active]
    view = browse.status(listed, utc_now())
    await message.answer(view.text, reply_markup=view.keyboard)


@router.message(Command("stop"), Member())
async def stop_newest(message: Message, runtime: Runtime, desk: Desk, member: Account) -> None:
    """Stop the newest run of this chat; where there is none, its newest workflow."""
    async with runtime.unit(member.user_id) as unit:
        run_id = await unit.runs.newest_in(place_of(message))
        ended = await unit.runs.cancel(run_id) if run_id else None
        found = run_id is not None or await unit.workflows.stop_newest(place_of(message), member.person)
    await message.answer(say("stopping") if found else say("nothing-to-stop"))
    if run_id is not None and ended == "cancelled":
        await desk.show_stopped(member.user_id, run_id)


@router.callback_query(RunButton.filter(F.deed == RunDeed.STOP))
async def stop(
    callback: CallbackQuery,
    message: Message,
    callback_data: RunButton,
    runtime: Runtime,
    desk: Desk,
    account: Account | None,
) -> None:
    """Stop this run: at once while it waits, within two seconds while it is at work."""
    owner = await desk.owner_of(message, account)
    async with runtime.unit(owner) as unit:
        state = await unit.runs.cancel(callback_data.run)
    if state in {"completed", "failed"}:
        await callback.answer(say("error-stale-button"))
        await desk.refresh(owner, callback_data.run)
        return
    await callback.answer(say("stopping"))
    if state == "cancelled":
        await desk.show_stopped(owner, callback_data.run)


@router.callback_query(RunButton.filter(F.deed == RunDeed.AGAIN))
async def again(
    callback: CallbackQuery,
    message: Message,
    callback_data: RunButton,
    bot: Bot,
    runtime: Runtime,
    desk: Desk,
    account: Account | None,
    origin: str,
) -> None:
    """Retry, or start again, on the same message."""
    owner = await desk.owner_of(message, account)
    async with runtime.unit(owner) as unit:
        started = await unit.runs.again(callback_data.run, shown_at(message), origin_key=origin)
    await callback.answer()
    if started.fresh:
        view = progress(Progress(started.subject, "queued"))
        await messages.edit(bot, message.chat.id, message.message_id, view)


@router.callback_query(RunButton.filter(F.deed == RunDeed.CHANGE_CLIENT), Member())
async def offer_clients(
    callback: CallbackQuery, message: Message, callback_data: RunButton, runtime: Runtime, member: Account
) -> None:
    """Ask for which client instead, in a message of its own, since the run's message has its writer."""
    async with runtime.unit(member.user_id) as unit:
        clients = await unit.clients.all(member.user_id)
    await callback.answer()
    buttons = [
        button(client.name, ClientOfRunButton(run=callback_data.run, number=number))
        for number, client in enumerate(clients)
    ]
    await message.reply(say("choose-client", count=len(clients)), reply_markup=rows(*column(buttons)))


@router.callback_query(ClientOfRunButton.filter(), Member())
async def change_client(
    callback: CallbackQuery,
    message: Message,
    callback_data: ClientOfRunButton,
    bot: Bot,
    runtime: Runtime,
    member: Account,
    origin: str,
) -> None:
    """Cancel the run and start it for the other client, on the run's own message."""
    async with runtime.unit(member.user_id) as unit:
        clients = await unit.clients.all(member.user_id)
        if callback_data.number >= len(clients):
            raise StaleButtonError
        deliveries = await DeliveryRepository(unit.session).working(callback_data.run)
        if not deliveries:
            raise StaleButtonError
        shown = Shown(place_of(message), deliveries[0].message_id)
        client = clients[callback_data.number]
        try:
            started = await unit.runs.change_client(callback_data.run, client.id, shown, origin_key=origin)
        except NotFoundError:
            raise StaleButtonError from None
    await callback.answer()
    if started.fresh:
        view = progress(Progress(started.subject, "queued"))
        await messages.edit(bot, message.chat.id, shown.message_id, view)
        await bot.delete_message(message.chat.id, message.message_id)
