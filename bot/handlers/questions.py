"""Answers to the questions before a run: which skill, for which client."""

from typing import Literal, TypeVar
from uuid import UUID

from aiogram import Bot, Router
from aiogram.types import CallbackQuery, Message

from bot import messages
from bot.desk import Desk
from bot.filters import Member
from bot.keyboards.choices import NONE, ClientChoice, SkillChoice
from bot.views import browse
from core.accounts.service import Account
from core.channel import Place
from core.errors import StaleButtonError
from core.runtime import Runtime

router = Router(name="questions")
T = TypeVar("T")


@router.callback_query(SkillChoice.filter(), Member())
async def choose_skill(
    callback: CallbackQuery,
    message: Message,
    callback_data: SkillChoice,
    bot: Bot,
    runtime: Runtime,
    desk: Desk,
    member: Account,
    place: Place,
) -> None:
    """Go on with the skill that was tapped; with none of them, open the browser."""
    if callback_data.number == NONE:
        await callback.answer()
        view = browse.categories(runtime.catalogue.by_category())
        await messages.edit(bot, message.chat.id, message.message_id, view)
        return
    async with runtime.unit(member.user_id) as unit:
        asked = await unit.pending.open(callback_data.pending, member, place)
        skill = _at(asked.skills, callback_data.number)
        request = await unit.pending.choose_skill(asked, skill)
    await callback.answer()
    await desk.take(request, on=message)


@router.callback_query(ClientChoice.filter(), Member())
async def choose_client(
    callback: CallbackQuery,
    message: Message,
    callback_data: ClientChoice,
    runtime: Runtime,
    desk: Desk,
    member: Account,
    place: Place,
) -> None:
    """Go on for the client that was tapped, or without one."""
    async with runtime.unit(member.user_id) as unit:
        asked = await unit.pending.open(callback_data.pending, member, place)
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
