"""Answers to the questions before a run: which skill, for which client."""

from typing import Literal, TypeVar
from uuid import UUID

from aiogram import Bot, Router
from aiogram.types import CallbackQuery

from bot import messages
from bot.desk import Desk
from bot.keyboards.choices import NONE, ClientChoice, SkillChoice
from bot.places import message_of
from bot.views import browse
from core.accounts.service import Account
from core.channel import Place
from core.errors import StaleButtonError
from core.runtime import Runtime

router = Router(name="questions")
T = TypeVar("T")


@router.callback_query(SkillChoice.filter())
async def choose_skill(
    callback: CallbackQuery,
    callback_data: SkillChoice,
    bot: Bot,
    runtime: Runtime,
    desk: Desk,
    account: Account | None,
    place: Place,
) -> None:
    """Go on with the skill that was tapped; with none of them, open the browser."""
    message = message_of(callback)
    if message is None or account is None:
        raise StaleButtonError
    if callback_data.number == NONE:
        await callback.answer()
        view = browse.categories(runtime.catalogue.by_category())
        await messages.edit(bot, message.chat.id, message.message_id, view)
        return
    async with runtime.unit(account.user_id) as unit:
        asked = await unit.pending.open(callback_data.pending, account, place)
        skill = _at(asked.skills, callback_data.number)
        request = await unit.pending.choose_skill(asked, skill)
    await callback.answer()
    await desk.take(request, on=message)


@router.callback_query(ClientChoice.filter())
async def choose_client(
    callback: CallbackQuery,
    callback_data: ClientChoice,
    runtime: Runtime,
    desk: Desk,
    account: Account | None,
    place: Place,
) -> None:
    """Go on for the client that was tapped, or without one."""
    message = message_of(callback)
    if message is None or account is None:
        raise StaleButtonError
    async with runtime.unit(account.user_id) as unit:
        asked = await unit.pending.open(callback_data.pending, account, place)
        client: UUID | Literal["none"] = (
            "none" if callback_data.number == NONE else _at(asked.clients, callback_data.number)
        )
        request = await unit.pending.choose_client(asked, client)
    await callback.answer()
    await desk.take(request, on=message)


def _at(options: tuple[T, ...], number: int) -> T:
    if not 0 <= number < len(options):
        raise StaleButtonError
    return options[number]
