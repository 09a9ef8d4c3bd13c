"""/admin: proposals, skills, people, money and health, in one message that is edited as one goes about in it."""

from datetime import timedelta

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
from core.accounts.service import Account
from core.health import look
from core.learning.cards import card_of
from core.learning.chart import chart_of
from core.runtime import Runtime
from core.skills.catalogue import LoadedSkill
from core.usage.months import Month
from storage.overview import linked, skill_scores, user_page
from storage.rules import ProposalRepository, RuleVersionRepository, Scope
from storage.scores import scores_by_version
from storage.usage import Sum

router = Router(name="admin")
_PERIOD = timedelta(days=30)
_MOST_SKILLS = 8


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
            async with runtime.system_unit() as unit:
                scores = await skill_scores(unit.session, period=_PERIOD)
            view = views.skills(runtime.catalogue.all(), scores, callback_data.number)
        case AdminPage.USAGE:
            view = await _usage(runtime)
        case AdminPage.HEALTH:
            view = views.health(await look(runtime))
    await _turn(callback, message, bot, view)


@router.callback_query(ProposalsButton.filter(), Admin())
async def list_proposals(
    callback: CallbackQuery, message: Message, callback_data: ProposalsButton, bot: Bot, runtime: Runtime
) -> None:
    """A page of proposals; a tap opens the card in this message."""
    async with runtime.system_unit() as unit:
        page = await unit.proposals.page(after=callback_data.after, limit=views.PAGE)
        cards = [await card_of(runtime, unit, proposal) for proposal in page.items]
    view = views.proposals(cards, first=callback_data.after is None, after=page.next_after)
    await _turn(callback, message, bot, view)


@router.callback_query(AdminSkillButton.filter(F.deed == SkillDeed.CARD), Admin())
async def open_skill(
    callback: CallbackQuery, message: Message, callback_data: AdminSkillButton, bot: Bot, runtime: Runtime
) -> None:
    """How a skill is rated, and which rules it has."""
    loaded = runtime.catalogue.by_id(callback_data.skill)
    async with runtime.system_unit() as unit:
        score = (await skill_scores(unit.session, period=_PERIOD)).get(loaded.id)
        newest = await RuleVersionRepository(unit.session).newest(_scope(loaded))
        names = await unit.accounts.names_of([newest.made_by] if newest else [])
    await _turn(callback, message, bot, views.skill(loaded, score, newest, names, callback_data.number))


@router.callback_query(AdminSkillButton.filter(F.deed == SkillDeed.VERSIONS), Admin())
async def list_versions(
    callback: CallbackQuery, message: Message, callback_data: AdminSkillButton, bot: Bot, runtime: Runtime
) -> None:
    """The versions of a skill's rules; the newest can be rolled back."""
    loaded = runtime.catalogue.by_id(callback_data.skill)
    async with runtime.system_unit() as unit:
        history = await RuleVersionRepository(unit.session).history(_scope(loaded))
        scores = await scores_by_version(unit.session, _scope(loaded))
        names = await unit.accounts.names_of(version.made_by for version in history)
    await _turn(callback, message, bot, views.versions(loaded, history, scores, names, callback_data.number))


@router.callback_query(AdminSkillButton.filter(F.deed == SkillDeed.CHART), Admin())
async def send_chart(
    callback: CallbackQuery, message: Message, callback_data: AdminSkillButton, bot: Bot, runtime: Runtime
) -> None:
    """The chart, in a message of its own: a text can't be edited into a picture and back."""
    loaded = runtime.catalogue.by_id(callback_data.skill)
    await callback.answer()
    chart = await chart_of(runtime, _scope(loaded), loaded.document.title)
    caption = View(say("chart-caption", title=loaded.document.title))
    await messages.send(bot, place_of(message), caption, reply_to=message.message_id, picture=chart)


@router.callback_query(UsersButton.filter(), Admin())
async def list_users(
    callback: CallbackQuery, message: Message, callback_data: UsersButton, bot: Bot, runtime: Runtime
) -> None:
    """Who uses the bot, and what that costs."""
    month = Month.now()
    async with runtime.system_unit() as unit:
        page = await user_page(unit.session, after=callback_data.after, limit=views.PAGE)
        sums = await unit.usage.by_user(month)
        reachable = await linked(unit.session, [user.id for user in page.items])
    view = views.users(page, sums, reachable, month, first=callback_data.after is None)
    await _turn(callback, message, bot, view)


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
        count = await ProposalRepository(unit.session).count_open()
    return views.home(admin.name, count)


async def _usage(runtime: Runtime) -> View:
    month = Month.now()
    async with runtime.system_unit() as unit:
        sums = await unit.usage.by_user(month)
        before = sum((await unit.usage.by_user(month.before)).values(), Sum())
        by_skill = await unit.usage.by_skill(None, month)
        learning_usd = await unit.usage.of_learning(month.first, month.last)
    titles = {skill.id: skill.document.title for skill in runtime.catalogue.all()}
    named = [(titles[skill_id], amount) for skill_id, amount in by_skill.items() if skill_id in titles]
    named.sort(key=lambda it: it[1].cost_usd, reverse=True)
    return views.usage(sums, before, named[:_MOST_SKILLS], learning_usd, month)


def _scope(loaded: LoadedSkill) -> Scope:
    return Scope("skill", skill_id=loaded.id)


async def _turn(callback: CallbackQuery, message: Message, bot: Bot, view: View) -> None:
    await callback.answer()
    await messages.edit(bot, message.chat.id, message.message_id, view)
