"""The words: each that the code says exists, is said with what it needs, and counts rightly."""

import re
from collections.abc import Iterator
from decimal import Decimal

import pytest

from bot.words import UnknownWordsError, dollars, has_words, languages, say, speak
from core.errors import MarketingAgentError
from tests.conftest import ROOT

_SAID = re.compile(r"\bsay\(\s*\"([a-z0-9_-]+)\"")


def _sources() -> Iterator[tuple[str, str]]:
    for path in (ROOT / "bot").rglob("*.py"):
        for name in _SAID.findall(path.read_text()):
            yield path.name, name


def _errors(kind: type[MarketingAgentError] = MarketingAgentError) -> Iterator[type[MarketingAgentError]]:
    for one in kind.__subclasses__():
        yield one
        yield from _errors(one)


def test_every_name_that_the_code_says_has_words() -> None:
    said = list(_sources())
    assert len(said) > 60
    assert [(file, name) for file, name in said if not has_words(name)] == []


def test_every_error_that_people_may_see_has_words() -> None:
    import core.agent.failures

    assert core.agent.failures
    edges = ("error", "problem")  # the chat's words, and those of the HTTP surface
    without = {error.code for error in _errors() if not any(has_words(f"{edge}-{error.code}") for edge in edges)}
    assert without == set()


def test_every_word_that_is_written_is_said_by_something() -> None:
    written = re.findall(r"^([a-z0-9_-]+) =", (ROOT / "bot/locales/en.ftl").read_text(), re.MULTILINE)
    code = "\n".join(path.read_text() for folder in ("bot", "core") for path in (ROOT / folder).rglob("*.py"))
    computed = (
        *("error-", "problem-", "phase-", "off-topic-", "command-", "cannot-"),
        *(
            "flag-",
            "severity-",
            "button-",
            "ready",
            "interview-",
            "deletion-count-",
            "format-",
            "step-",
            "workflow-is-",
            "profile-part-",
            "proposal-type-",
            "proposal-warning-",
            "proposal-is-",
            "proposal-mark-",
            "proposal-failure-",
            "pair-",
            "form-",
            "version-",
            "user-",
            "health-",
            "admin-trend-",
        ),
    )
    quoted = set(re.findall(r"[\"']([a-z0-9_-]+)[\"']", code))
    unsaid = [name for name in written if name not in quoted and not name.startswith(computed)]
    assert unsaid == []


def test_plural_forms_are_right() -> None:
    assert say("phase-queued", ahead=1) == "One piece is ahead of yours"
    assert say("phase-queued", ahead=2) == "2 pieces are ahead of yours"
    assert say("status-title", count=1) == "One piece is under way:"


def test_dollars_are_written_in_one_way() -> None:
    written = [dollars(Decimal(amount)) for amount in ("12.504", "0.0052", "0")]
    assert written == ["12.50", "0.0052", "0.00"]
    text = say("confirm-cost", subject="It", dollars=Decimal("0.0052"))
    assert text == "It will cost about $0.0052. Shall I begin?"


def test_a_language_without_words_falls_back() -> None:
    assert languages() == ("en",)
    speak("tlh")
    assert say("saved") == "Saved."


def test_a_missing_name_or_value_is_a_mistake_in_the_code() -> None:
    with pytest.raises(UnknownWordsError):
        say("no-such-words")
    with pytest.raises(UnknownWordsError):
        say("working", label="copy")
