"""Buttons for looking around: skills by category, clients, pieces, what is under way."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup

from bot.keyboards.button import button, column, rows
from bot.keyboards.interview import NewClientButton
from bot.keyboards.runs import RunButton, RunDeed
from bot.keyboards.usage import BudgetButton
from bot.words import say

PAGE = 8
MenuPlace = Literal["try", "clients", "skills"]


class MenuButton(CallbackData, prefix="menu"):
    """Where the welcome leads."""

    place: str


class CategoryButton(CallbackData, prefix="cat"):
    """The `number`th category, at `page`; -1 is the list of categories."""

    number: int
    page: int = 0


class SkillButton(CallbackData, prefix="sk"):
    """A skill's card; `category` and `page` are the way back."""

    skill: UUID
    category: int
    page: int = 0


class UseSkillButton(CallbackData, prefix="use"):
    """Ask for a request for this skill."""

    skill: UUID


class ClientButton(CallbackData, prefix="cl"):
    """A client's card."""

    client: UUID


class ActivateButton(CallbackData, prefix="act"):
    """Let this chat work for a client."""

    client: UUID


class ClientsButton(CallbackData, prefix="cls"):
    """Back to the list of clients."""


class HistoryButton(CallbackData, prefix="his"):
    """The page of pieces after a piece; no `after` is the first page."""

    after: UUID | None = None


def menu() -> InlineKeyboardMarkup:
    """Try an example, My clients, Skills."""
    places: tuple[MenuPlace, ...] = ("try", "clients", "skills")
    return rows(*column(button(say(f"button-{place}"), MenuButton(place=place)) for place in places))


def categories(names: Sequence[tuple[str, int]]) -> InlineKeyboardMarkup:
    """One button for each category, with how many skills it holds."""
    return rows(
        *column(
            button(f"{name} · {count}", CategoryButton(number=number)) for number, (name, count) in enumerate(names)
        )
    )


def shelf(skills: Sequence[tuple[UUID, str]], *, category: int, page: int, pages: int) -> InlineKeyboardMarkup:
    """The skills of one page of a category, the ways to the other pages, and back."""
    ways: list[InlineKeyboardButton] = []
    if page > 0:
        ways.append(button(say("button-previous"), CategoryButton(number=category, page=page - 1)))
    if page + 1 < pages:
        ways.append(button(say("button-next"), CategoryButton(number=category, page=page + 1)))
    back = button(say("button-back"), CategoryButton(number=-1))
    listed = (button(label, SkillButton(skill=skill, category=category, page=page)) for skill, label in skills)
    return rows(*column(listed), ways, [back])


def skill_card(skill: UUID, *, category: int, page: int) -> InlineKeyboardMarkup:
    """Use, and back."""
    return rows(
        [button(say("button-use"), UseSkillButton(skill=skill))],
        [button(say("button-back"), CategoryButton(number=category, page=page))],
    )


def clients(listed: Sequence[tuple[UUID, str]]) -> InlineKeyboardMarkup:
    """One button for each client, and New client."""
    known = (button(label, ClientButton(client=client)) for client, label in listed)
    return rows(*column(known), [button(say("button-new-client"), NewClientButton())])


def client_card(client: UUID, *, active: bool, budget: bool) -> InlineKeyboardMarkup:
    """Work for this client, its budget, and back."""
    label = say("button-active") if active else say("button-make-active")
    return rows(
        [button(label, ActivateButton(client=client))],
        [button(say("button-budget"), BudgetButton(client=client))] if budget else [],
        [button(say("button-back"), ClientsButton())],
    )


def status(under_way: Sequence[tuple[UUID, str]]) -> InlineKeyboardMarkup:
    """Stop for each run."""
    return rows(
        *column(
            button(say("button-stop-one", label=label), RunButton(deed=RunDeed.STOP, run=run))
            for run, label in under_way
        )
    )


def history(*, first: bool, after: UUID | None) -> InlineKeyboardMarkup:
    """To the first page, and on."""
    line: list[InlineKeyboardButton] = []
    if not first:
        line.append(button(say("button-back"), HistoryButton()))
    if after is not None:
        line.append(button(say("button-next"), HistoryButton(after=after)))
    return rows(line)
