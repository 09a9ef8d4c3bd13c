"""Money: /usage, Go and Cancel where something costs much, and what a client may cost in a month."""

from uuid import UUID

from aiogram import Bot, F, Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot import messages
from bot.desk import Desk
from bot.filters import Member
from bot.keyboards.usage import BudgetButton, CostChoice
from bot.places import is_private
from bot.states import Asking
from bot.view import View
from bot.views import usage as views
from bot.words import say
from core.accounts.service import Account
from core.channel import Place
from core.errors import NotFoundError, StaleButtonError
from core.runtime import Runtime
from core.usage.budgets import read_limit
from core.usage.months import Month

router = Router(name="usage")


@router.message(Command("usage"), Member())
async def usage(message: Message, runtime: Runtime, member: Account) -> None:
    """Runs, tokens and cost of this month against the limit; never in a group, where they are the owner's."""
    if not is_private(message):
        await message.answer(say("usage-private"))
        return
    async with runtime.unit(member.user_id) as unit:
        seen = await unit.usage.monthly(member.user_id, Month.now())
    await message.answer(views.usage(seen).text)


@router.callback_query(CostChoice.filter(F.go), Member())
async def go(
    callback: CallbackQuery,
    message: Message,
    callback_data: CostChoice,
    runtime: Runtime,
    desk: Desk,
    member: Account,
    place: Place,
) -> None:
    """Begin: it may cost what it is expected to."""
    async with runtime.unit(member.user_id) as unit:
        asked = await unit.pending.open(callback_data.pending, member, place)
        request = await unit.pending.confirm_cost(asked)
    await callback.answer()
    await desk.go_on(request, message)


@router.callback_query(CostChoice.filter(), Member())
async def leave(
    callback: CallbackQuery,
    message: Message,
    callback_data: CostChoice,
    bot: Bot,
    runtime: Runtime,
    member: Account,
    place: Place,
) -> None:
    """Begin nothing."""
    async with runtime.unit(member.user_id) as unit:
        await unit.pending.drop(await unit.pending.open(callback_data.pending, member, place))
    await callback.answer()
    await messages.edit(bot, message.chat.id, message.message_id, View(say("cost-declined")))


@router.callback_query(BudgetButton.filter(), Member())
async def ask_budget(
    callback: CallbackQuery,
    message: Message,
    callback_data: BudgetButton,
    runtime: Runtime,
    state: FSMContext,
    member: Account,
) -> None:
    """Ask what a client may cost in a month. Only its owner may say, in their own chat."""
    if not is_private(message):
        raise StaleButtonError
    try:
        async with runtime.unit(member.user_id) as unit:
            client = await unit.clients.get(member.user_id, callback_data.client)
    except NotFoundError:
        raise StaleButtonError from None
    await callback.answer()
    await state.set_state(Asking.budget)
    await state.set_data({"client": str(client.id)})
    await message.answer(say("budget-ask", client=client.name))


@router.message(Asking.budget, F.text, ~F.text.startswith("/"), Member())
async def take_budget(message: Message, runtime: Runtime, state: FSMContext, member: Account) -> None:
    """The number of dollars; what can't be read is asked for again."""
    try:
        limit = read_limit(message.text or "")
    except ValueError:
        await message.answer(say("budget-unreadable"))
        return
    client_id = UUID((await state.get_data())["client"])
    await state.clear()
    async with runtime.unit(member.user_id) as unit:
        client = await unit.clients.get(member.user_id, client_id)
        await unit.clients.change(client, {"monthly_budget_usd": limit})
        spent = await unit.usage.spent_for(member.user_id, client_id, Month.now())
    await message.answer(views.budget_kept(client.name, limit, spent).text)
