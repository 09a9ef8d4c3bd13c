"""Buttons of the settings: switches, the language where there are several, and API keys."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Literal
from uuid import UUID

from aiogram.filters.callback_data import CallbackData
from aiogram.types import InlineKeyboardMarkup

from bot.keyboards.button import button, column, rows
from bot.words import say
from core.accounts.service import Account

Switch = Literal["notify", "confirm_client"]


class SettingsButton(CallbackData, prefix="set"):
    """Back to the settings."""


class SwitchButton(CallbackData, prefix="sw"):
    """Set a switch to a value, whatever it is now."""

    switch: Switch
    on: bool


class LanguageButton(CallbackData, prefix="lang"):
    """Speak this language."""

    code: str


class KeysButton(CallbackData, prefix="keys"):
    """The list of API keys."""


class NewKeyButton(CallbackData, prefix="nk"):
    """Make an API key."""


class KeyDeed(StrEnum):
    """What can be done with an API key."""

    OPEN = "open"
    ROTATE = "rotate"
    ASK_REVOKE = "ask"
    REVOKE = "revoke"


class KeyButton(CallbackData, prefix="key"):
    """`key` is the key's id, never the key."""

    deed: KeyDeed
    key: UUID


class HaveKeyButton(CallbackData, prefix="have"):
    """The message that shows a key may go."""


def settings(account: Account, languages: Sequence[str]) -> InlineKeyboardMarkup:
    """The switches, the languages where there is a choice, and the keys."""
    values: dict[Switch, bool] = {"notify": account.notify, "confirm_client": account.confirm_client}
    switches = []
    for switch, on in values.items():
        label = say(f"button-switch-{switch.replace('_', '-')}", state=say("state-on" if on else "state-off"))
        switches.append(button(label, SwitchButton(switch=switch, on=not on)))
    choices = [button(say("button-language", code=code), LanguageButton(code=code)) for code in languages]
    return rows(
        *column(switches),
        choices if len(choices) > 1 else [],
        [button(say("button-api-keys"), KeysButton())],
    )


def keys(listed: Sequence[tuple[UUID, str]]) -> InlineKeyboardMarkup:
    """One button for each key; New key, and back."""
    known = (button(label, KeyButton(deed=KeyDeed.OPEN, key=key)) for key, label in listed)
    back = button(say("button-back"), SettingsButton())
    return rows(*column(known), [button(say("button-new-key"), NewKeyButton())], [back])


def key_card(key: UUID) -> InlineKeyboardMarkup:
    """Replace, revoke, back."""
    return rows(
        [
            button(say("button-rotate-key"), KeyButton(deed=KeyDeed.ROTATE, key=key)),
            button(say("button-revoke-key"), KeyButton(deed=KeyDeed.ASK_REVOKE, key=key)),
        ],
        [button(say("button-back"), KeysButton())],
    )


def revoke(key: UUID) -> InlineKeyboardMarkup:
    """Yes, or back to the key."""
    return rows(
        [button(say("button-revoke-yes"), KeyButton(deed=KeyDeed.REVOKE, key=key))],
        [button(say("button-back"), KeyButton(deed=KeyDeed.OPEN, key=key))],
    )


def have_key() -> InlineKeyboardMarkup:
    """I have it."""
    return rows([button(say("button-have-key"), HaveKeyButton())])
