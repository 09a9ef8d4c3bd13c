"""The words people read, from `bot/locales`: one function, and a file for each language (English so far)."""

from contextvars import ContextVar
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from fluent.runtime import FluentBundle, FluentResource

DEFAULT_LANGUAGE = "en"
_language: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


class UnknownWordsError(LookupError):
    """No words have this name, or a value they need was not given: a mistake in the code."""


def say(name: str, /, **values: Any) -> str:
    """The words called `name`, with `values` filled in; plural forms follow the language, and a Decimal is dollars.

    Raises:
        UnknownWordsError: there are no such words, or a value is missing.
    """
    language = _language.get()
    bundle = _bundle(language if _bundle(language).has_message(name) else DEFAULT_LANGUAGE)
    if not bundle.has_message(name):
        raise UnknownWordsError(name)
    pattern = bundle.get_message(name).value
    if pattern is None:
        raise UnknownWordsError(name)
    written = {key: dollars(value) if isinstance(value, Decimal) else value for key, value in values.items()}
    text, errors = bundle.format_pattern(pattern, written)
    if errors:
        raise UnknownWordsError(f"{name}: {errors[0]}")
    return str(text)


def has_words(name: str) -> bool:
    """Whether there are words of this name."""
    return bool(_bundle(DEFAULT_LANGUAGE).has_message(name))


def dollars(amount: Decimal) -> str:
    """US dollars without their sign: `0.42`, or with four digits where two would say nothing."""
    return f"{amount:.2f}" if amount >= Decimal("0.01") or not amount else f"{amount:.4f}"


def speak(language: str) -> None:
    """Say what follows, in this task, in a language; in English where there are no words of it."""
    _language.set(language if language in languages() else DEFAULT_LANGUAGE)


@cache
def languages() -> tuple[str, ...]:
    """The codes of the languages that there are words of."""
    files = (file.name for file in resources.files("bot.locales").iterdir())
    return tuple(sorted(name.removesuffix(".ftl") for name in files if name.endswith(".ftl")))


@cache
def _bundle(language: str) -> FluentBundle:
    source = resources.files("bot.locales").joinpath(f"{language}.ftl").read_text(encoding="utf-8")
    bundle = FluentBundle([language], use_isolating=False)
    bundle.add_resource(FluentResource(source))
    return bundle
