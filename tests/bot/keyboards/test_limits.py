"""Every button fits into Telegram's 64 bytes, and says what it stands for when it comes back."""

import inspect
from enum import StrEnum
from types import ModuleType
from typing import Any, Literal, get_args, get_origin
from uuid import UUID

import pytest
from aiogram.filters.callback_data import CallbackData

from bot.keyboards import (
    admin,
    browse,
    choices,
    deletion,
    documents,
    feedback_form,
    interview,
    outputs,
    proposals,
    runs,
    settings,
    usage,
    workflows,
)
from bot.keyboards.button import button

LARGEST = UUID(int=2**128 - 1)
MODULES = (
    admin,
    browse,
    choices,
    deletion,
    documents,
    feedback_form,
    interview,
    outputs,
    proposals,
    runs,
    settings,
    usage,
    workflows,
)


def _kinds(module: ModuleType) -> list[type[CallbackData]]:
    return [
        kind
        for _, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, CallbackData) and kind is not CallbackData and kind.__module__ == module.__name__
    ]


def _largest(kind: type[CallbackData]) -> CallbackData:
    values: dict[str, Any] = {}
    for name, field in kind.model_fields.items():
        if "UUID" in str(field.annotation):
            values[name] = LARGEST
        elif field.annotation is int:
            values[name] = 9999
        elif field.annotation is bool:
            values[name] = False
        elif name == "name":
            values[name] = "x" * 40
        elif get_origin(field.annotation) is Literal:
            values[name] = max(get_args(field.annotation), key=len)
        elif isinstance(field.annotation, type) and issubclass(field.annotation, StrEnum):
            values[name] = max(field.annotation.__members__.values(), key=len)
        else:
            values[name] = "clients"
    return kind(**values)


@pytest.mark.parametrize("kind", [kind for module in MODULES for kind in _kinds(module)])
def test_the_largest_value_fits_and_comes_back(kind: type[CallbackData]) -> None:
    data = _largest(kind)
    packed = data.pack()
    assert len(packed.encode()) <= 64
    assert kind.unpack(packed) == data


def test_prefixes_are_all_different() -> None:
    prefixes = [kind.__prefix__ for module in MODULES for kind in _kinds(module)]
    assert len(prefixes) == len(set(prefixes))


def test_a_long_label_is_cut_at_a_word() -> None:
    skill = browse.SkillButton(skill=LARGEST, category=0)
    shown = button("Onboarding and activation: Get new users to their first result", skill).text
    assert shown == "Onboarding and activation: Get new users to their first…"
