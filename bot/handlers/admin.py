"""/admin: proposals, skills, people, money and health, in one message that is edited as one goes about in it."""

from aiogram import Bot, F, Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from bot import messages
from bot.filters import Admin
from bot.keyboards.admin import (
    AdminButton,
    AdminPage,
    AdminSkillButton,
    InviteButton,
    SkillDeed,
    UsersButton,
)
from bot.keyboards.proposals import ProposalsButton
from bot.places import place_of
from bot.view import View
from bot.views import admin as views
from bot.words import say
from core import administration
from core.accounts.service import Account
from core.health import look
from core.learning.chart import chart_of
from core.runtime import Runtime
from storage.rules import Scope

router = Router(name="admin")


@router.message(Command("admin"), Admin())
async def admin_desk(message: Message, bot: Bot, runtime: Runtime, admin: Account) -> None:
    """All rooms; everything else happens by edits of this message."""
    await messages.send(bot, place_of(message), await _home(runtime, admin))


@router.callback_query(AdminButton.filter(), Admin())
async def open_room(
    callback: CallbackQuery,
    message: Message,
    callback_data: AdminButton,
    bot: Bot,
    runtime: Runtime,
    admin: Account,
) -> None:
    """A room, as it is now."""
    match callback_data.page:
        case AdminPage.HOME:
            view = await _home(runtime, admin)
        case AdminPage.SKILLS:
            scores = await administration.rated_skills(runtime)
            view = views.skills(runtime.catalogue.all(), scores, callback_data.number)
        case AdminPage.USAGE:
            view = views.usage(await administration.spending(runtime), runtime.catalogue.all())
        case AdminPage.HEALTH:
            view = views.health(await look(runtime))
    await _turn(callback, message, bot, view)


@router.callback_query(ProposalsButton.filter(), Admin())
async def list_proposals(
    callback: CallbackQuery, message: Message, callback_data: ProposalsButton, bot: Bot, runtime: Runtime
) -> None:
    """A page of proposals; a tap opens the card in this message."""
    page = await administration.proposal_page(runtime, after=callback_data.after, limit=views.PAGE)
    view = views.proposals(page.items, first=callback_data.after is None, after=page.next_after)
    await _turn(callback, message, bot, view)


@router.callback_query(AdminSkillButton.filter(F.deed == SkillDeed.CARD), Admin())
async def open_skill(
    callback: CallbackQuery, message: Message, callback_data: AdminSkillButton, bot: Bot, runtime: Runtime
) -> None:
    """How a skill is rated, and which rules it has."""
    loaded = runtime.catalogue.by_id(callback_data.skill)
    state = await administration.skill_state(runtime, loaded.id)
    await _turn(callback, message, bot, views.skill(loaded, state, callback_data.number))


@router.callback_query(AdminSkillButton.filter(F.deed == SkillDeed.VERSIONS), Admin())
async def list_versions(
    callback: CallbackQuery, message: Message, callback_data: AdminSkillButton, bot: Bot, runtime: Runtime
) -> None:
    """The versions of a skill's rules; the newest can be rolled back."""
    loaded = runtime.catalogue.by_id(callback_data.skill)
    history = await administration.rule_history(runtime, loaded.id)
    await _turn(callback, message, bot, views.versions(loaded, history, callback_data.number))


@router.callback_query(AdminSkillButton.filter(F.deed == SkillDeed.CHART), Admin())
async def send_chart(
    callback: CallbackQuery, message: Message, callback_data: AdminSkillButton, bot: Bot, runtime: Runtime
) -> None:
    """The chart, in a message of its own: a text can't be edited into a picture and back."""
    loaded = runtime.catalogue.by_id(callback_data.skill)
    await callback.answer()
    chart = await chart_of(runtime, Scope("skill", skill_id=loaded.id), loaded.document.title)
    caption = View(say("chart-caption", title=loaded.document.title))
    await messages.send(bot, place_of(message), caption, reply_to=message.message_id, picture=chart)


@router.callback_query(UsersButton.filter(), Admin())
async def list_users(
    callback: CallbackQuery, message: Message, callback_data: UsersButton, bot: Bot, runtime: Runtime
) -> None:
    """Who uses the bot, and what that costs."""
    people = await administration.people(runtime, after=callback_data.after, limit=views.PAGE)
    await _turn(callback, message, bot, views.users(people, first=callback_data.after is None))


@router.callback_query(InviteButton.filter(), Admin())
async def create_invite(
    callback: CallbackQuery, message: Message, bot: Bot, runtime: Runtime, admin: Account
) -> None:
    """A link that lets one person in, shown this once."""
    async with runtime.system_unit() as unit:
        code = await unit.accounts.create_invite(admin.user_id)
    await callback.answer()
    username = (await bot.me()).username or ""
    await message.reply(say("invite-link", link=f"https://t.me/{username}?start={code}"))


async def _home(runtime: Runtime, admin: Account) -> View:
    async with runtime.system_unit() as unit:
        count = await unit.proposals.count_open()
    return views.home(admin.name, count)


async def _turn(callback: CallbackQuery, message: Message, bot: Bot, view: View) -> None:
    await callback.answer()
    await messages.edit(bot, message.chat.id, message.message_id, view)
