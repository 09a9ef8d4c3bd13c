"""Browsing skills in one message, and asking for one by name."""

from uuid import UUID

from aiogram import Bot, F, Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot import messages
from bot.desk import Desk, request_from
from bot.filters import Member, SkillCommand
from bot.keyboards.browse import CategoryButton, SkillButton, UseSkillButton
from bot.states import Asking
from bot.view import View
from bot.views import browse
from bot.words import say
from core.accounts.service import Account
from core.errors import SkillUnknownError, StaleButtonError
from core.runtime import Runtime

router = Router(name="skills")


@router.message(Command("skills"))
async def skills(message: Message, runtime: Runtime) -> None:
    """All categories; everything else happens by edits of this message."""
    view = browse.categories(runtime.catalogue.by_category())
    await message.answer(view.text, reply_markup=view.keyboard)


@router.callback_query(CategoryButton.filter())
async def open_category(
    callback: CallbackQuery, message: Message, callback_data: CategoryButton, bot: Bot, runtime: Runtime
) -> None:
    """One category's skills, or all categories."""
    shelves = list(runtime.catalogue.by_category().items())
    number = callback_data.number
    if number < 0:
        await _turn(callback, message, bot, browse.categories(dict(shelves)))
    elif number < len(shelves):
        name, shelf = shelves[number]
        await _turn(callback, message, bot, browse.category(name, shelf, number=number, page=callback_data.page))
    else:
        raise StaleButtonError


@router.callback_query(SkillButton.filter())
async def open_skill(
    callback: CallbackQuery, message: Message, callback_data: SkillButton, bot: Bot, runtime: Runtime
) -> None:
    """A skill's card."""
    skill = runtime.catalogue.by_id(callback_data.skill)
    card = browse.skill_card(skill, number=callback_data.category, page=callback_data.page)
    await _turn(callback, message, bot, card)


@router.callback_query(UseSkillButton.filter())
async def use_skill(
    callback: CallbackQuery, message: Message, callback_data: UseSkillButton, runtime: Runtime, state: FSMContext
) -> None:
    """Ask what is needed of this skill."""
    await callback.answer()
    await _ask_request(message, runtime, state, callback_data.skill)


@router.message(SkillCommand(), Member())
async def run_skill(
    message: Message,
    runtime: Runtime,
    desk: Desk,
    state: FSMContext,
    member: Account,
    origin: str,
    skill_name: str,
    skill_request: str,
) -> None:
    """`/copywriting` asks what is needed; `/copywriting homepage for …` does it."""
    if not skill_request:
        await _ask_request(message, runtime, state, runtime.catalogue.get(skill_name).id)
        return
    await state.clear()
    await desk.take(request_from(message, member, skill_request, origin=origin, skill=skill_name))


@router.message(Asking.request, F.text, ~F.text.startswith("/"), Member())
async def take_request(message: Message, desk: Desk, state: FSMContext, member: Account, origin: str) -> None:
    """The request for the skill that was chosen before."""
    skill = (await state.get_data()).get("skill")
    await state.clear()
    await desk.take(request_from(message, member, message.text or "", origin=origin, skill=skill))


async def _ask_request(message: Message, runtime: Runtime, state: FSMContext, skill_id: UUID) -> None:
    try:
        document = runtime.catalogue.by_id(skill_id).document
    except SkillUnknownError:
        raise StaleButtonError from None
    await state.set_state(Asking.request)
    await state.set_data({"skill": document.name})
    purpose = document.purpose[:1].lower() + document.purpose[1:]
    await message.answer(say("skill-ask", title=document.title, purpose=purpose))


async def _turn(callback: CallbackQuery, message: Message, bot: Bot, view: View) -> None:
    await callback.answer()
    await messages.edit(bot, message.chat.id, message.message_id, view)
