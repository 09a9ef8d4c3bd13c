"""The words people read, from `bot/locales`: one function, one language so far."""

from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from fluent.runtime import FluentBundle, FluentResource


class UnknownWordsError(LookupError):
    """No words have this name, or a value they need was not given: a mistake in the code."""


def say(name: str, /, **values: Any) -> str:
    """The words called `name`, with `values` filled in; plural forms follow the language.

    Raises:
        UnknownWordsError: there are no such words, or a value is missing.
    """
    bundle = _bundle()
    if not bundle.has_message(name):
        raise UnknownWordsError(name)
    pattern = bundle.get_message(name).value
    if pattern is None:
        raise UnknownWordsError(name)
    text, errors = bundle.format_pattern(pattern, values)
    if errors:
        raise UnknownWordsError(f"{name}: {errors[0]}")
    return str(text)


def has_words(name: str) -> bool:
    """Whether there are words of this name."""
    return bool(_bundle().has_message(name))


def dollars(amount: Decimal) -> str:
    """US dollars without their sign: `0.42`, or with four digits where two would say nothing."""
    return f"{amount:.2f}" if amount >= Decimal("0.01") or not amount else f"{amount:.4f}"


@cache
def _bundle() -> FluentBundle:
    source = resources.files("bot.locales").joinpath("en.ftl").read_text(encoding="utf-8")
    bundle = FluentBundle(["en"], use_isolating=False)
    bundle.add_resource(FluentResource(source))
    return bundle
