"""Buttons about money: whether something may cost what it will, and a client's monthly limit."""

from uuid import UUID

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.keyboards.button import button, rows
from bot.words import say


class CostChoice(CallbackData, prefix="cost"):
    """Go, or leave it, for a pending request."""

    pending: UUID
    go: bool


class BudgetButton(CallbackData, prefix="bud"):
    """Ask what a client may cost in a month."""

    client: UUID


def confirm_cost(pending: UUID) -> InlineKeyboardMarkup:
    """Go and Cancel."""
    go = button(say("button-go"), CostChoice(pending=pending, go=True))
    return rows([go, button(say("button-cancel"), CostChoice(pending=pending, go=False))])
