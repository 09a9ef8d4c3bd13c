"""Buttons of /admin: one message, moved about in by edits."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.keyboards.button import button, column, rows
from bot.keyboards.proposals import ProposalButton, ProposalDeed, ProposalsButton, RollBackButton
from bot.words import say


class AdminPage(StrEnum):
    """The rooms of the desk."""

    HOME = "home"
    SKILLS = "skills"
    USAGE = "usage"
    HEALTH = "health"


class AdminButton(CallbackData, prefix="adm"):
    """A room of the desk; lists that are cut into pages begin at `page`."""

    page: AdminPage
    number: int = 0


class SkillDeed(StrEnum):
    """What can be looked at of a skill."""

    CARD = "card"
    CHART = "chart"
    VERSIONS = "versions"


class AdminSkillButton(CallbackData, prefix="ads"):
    """A skill as admins see it; `number` is the page of the list to go back to."""

    deed: SkillDeed
    skill: UUID
    number: int = 0


class UsersButton(CallbackData, prefix="adu"):
    """The page of users after a user; no `after` is the first page."""

    after: UUID | None = None


class InviteButton(CallbackData, prefix="inv"):
    """Make a link that lets one person in."""


def home(open_proposals: int) -> InlineKeyboardMarkup:
    """All rooms; how many proposals wait stands on their button."""
    return rows(
        [button(say("button-admin-proposals", count=open_proposals), ProposalsButton())],
        [_room(AdminPage.SKILLS), button(say("button-admin-users"), UsersButton())],
        [_room(AdminPage.USAGE), _room(AdminPage.HEALTH)],
    )


def back_home() -> InlineKeyboardButton:
    """Back to all rooms."""
    return button(say("button-back"), AdminButton(page=AdminPage.HOME))


def room(page: AdminPage) -> InlineKeyboardMarkup:
    """A room that only has facts: look again, and back."""
    return rows([button(say("button-refresh"), AdminButton(page=page)), back_home()])


def proposals(listed: Sequence[tuple[UUID, int, str]], *, first: bool, after: UUID | None) -> InlineKeyboardMarkup:
    """One button for each proposal (id, revision, label), the ways to the other pages, and back."""
    lines = [
        button(label, ProposalButton(deed=ProposalDeed.CARD, proposal=one, revision=revision, listed=True))
        for one, revision, label in listed
    ]
    first_page = [] if first else [button(say("button-first-page"), ProposalsButton())]
    next_page = [button(say("button-next"), ProposalsButton(after=after))] if after else []
    return rows(*column(lines), [*first_page, *next_page], [back_home()])


def skills(listed: Sequence[tuple[UUID, str]], *, number: int, pages: int) -> InlineKeyboardMarkup:
    """The skills of a page, the ways to the other pages, and back."""
    lines = [
        button(label, AdminSkillButton(deed=SkillDeed.CARD, skill=skill, number=number)) for skill, label in listed
    ]
    return rows(*column(lines), _ways(AdminPage.SKILLS, number, pages), [back_home()])


def skill(skill_id: UUID, *, number: int, has_scores: bool) -> InlineKeyboardMarkup:
    """Chart, versions, and back to the list."""
    look = [
        button(say("button-versions"), AdminSkillButton(deed=SkillDeed.VERSIONS, skill=skill_id, number=number))
    ]
    if has_scores:
        chart = AdminSkillButton(deed=SkillDeed.CHART, skill=skill_id, number=number)
        look.insert(0, button(say("button-chart"), chart))
    return rows(look, [button(say("button-back"), AdminButton(page=AdminPage.SKILLS, number=number))])


def versions(skill_id: UUID, *, number: int, newest: UUID | None) -> InlineKeyboardMarkup:
    """Roll back, on the newest version if it can be, and back to the skill."""
    undo = (
        [button(say("button-roll-back-newest"), RollBackButton(version=newest), style="danger")] if newest else []
    )
    back = AdminSkillButton(deed=SkillDeed.CARD, skill=skill_id, number=number)
    return rows(undo, [button(say("button-back"), back)])


def users(*, first: bool, after: UUID | None) -> InlineKeyboardMarkup:
    """Create an invite link, the ways to the other pages, and back."""
    first_page = [] if first else [button(say("button-first-page"), UsersButton())]
    next_page = [button(say("button-next"), UsersButton(after=after))] if after else []
    return rows([button(say("button-invite"), InviteButton())], [*first_page, *next_page], [back_home()])


def _room(page: AdminPage) -> InlineKeyboardButton:
    return button(say(f"button-admin-{page}"), AdminButton(page=page))


def _ways(page: AdminPage, number: int, pages: int) -> list[InlineKeyboardButton]:
    ways: list[InlineKeyboardButton] = []
    if number > 0:
        ways.append(button(say("button-previous"), AdminButton(page=page, number=number - 1)))
    if number + 1 < pages:
        ways.append(button(say("button-next"), AdminButton(page=page, number=number + 1)))
    return ways
