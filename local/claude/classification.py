"""Picking among options when the form demands one: the option that shares the most words with the message."""

import re
from collections.abc import Iterable

from local.claude.call import JSON, Call

NONE = ("none_of_these", "none-of-these", "none of these", "none", "other", "unknown")
OFF_TOPIC = ("off_topic", "off-topic", "off topic")
DEGREES = ("certain", "very_high", "high", "likely", "medium", "moderate", "guess", "unsure", "low", "very_low")
SMALL_TALK = re.compile(
    r"\b(thanks?|thank you|hello|hi|hey|weather|joke|how are you|good (morning|night))\b", re.IGNORECASE
)
STOP_WORDS = frozenset(
    "a about all an and any are as at be by can could do does for from get give have help how i in into is it its let "
    "like make me my need needs new of on or our please should so some that the their them this to up us use want we "
    "what when which who will with without would write you your".split()
)
FENCED = re.compile(r"<(message|request|user_request)>(.*?)</\1>", re.DOTALL)


def likeliest(options: list[str], call: Call) -> str:
    """Return the option that fits the message best; "none of these" where it is offered and nothing fits."""
    degrees = [option for option in options if option.lower() in DEGREES]
    if len(degrees) == len(options):
        ranked = sorted(degrees, key=lambda option: DEGREES.index(option.lower()))
        return ranked[0] if _found(call) else ranked[-1]
    message = _message(call)
    scores = {option: _score(option, message, call) for option in options if option.lower() not in NONE + OFF_TOPIC}
    best = max(scores, key=lambda option: scores[option], default=None)
    if best is not None and scores[best] > 0:
        return best
    fallbacks = (*OFF_TOPIC, *NONE) if SMALL_TALK.search(message) else (*NONE, *OFF_TOPIC)
    return next((option for name in fallbacks for option in options if option.lower() == name), best or options[0])


def confidence(schema: JSON, call: Call) -> float:
    """Return how sure the choice among the options of this schema is, from 0 to 1."""
    return 0.9 if _found(call, schema) else 0.3


def _found(call: Call, schema: JSON | None = None) -> bool:
    schema = schema or call.schema or (call.forced_tool or {}).get("input_schema") or {}
    choices = [part["enum"] for part in schema.get("properties", {}).values() if part.get("enum")]
    message = _message(call)
    return any(
        isinstance(option, str)
        and option.lower() not in NONE + OFF_TOPIC + DEGREES
        and _score(option, message, call) > 0
        for options in choices
        for option in options
    )


def _message(call: Call) -> str:
    fenced = FENCED.search(call.user)
    return fenced.group(2) if fenced else call.user


def _score(option: str, message: str, call: Call) -> int:
    """Return the words shared: those of the option's name count threefold, those of its description once."""
    said = _words(message)
    line = re.search(rf"^\W*{re.escape(option)}\W+(.*)$", f"{call.system}\n{call.user}", re.MULTILINE)
    described = _words(line.group(1)) if line else set()
    named = _words(option)
    return 3 * len(said & named) + len(said & (described - named))


def _words(text: str) -> set[str]:
    return {_stem(word) for word in re.findall(r"[^\W_]+", text.lower()) if word not in STOP_WORDS}


def _stem(word: str) -> str:
    for ending in ("ing", "es", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) > 2:  # noqa: PLR2004 - a stem has three letters
            return word[: -len(ending)]
    return word


def words(texts: Iterable[str]) -> set[str]:
    """Return the stems of the words that carry meaning."""
    return set().union(*map(_words, texts))
