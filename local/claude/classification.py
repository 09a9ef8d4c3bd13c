"""Picking among options when the form demands one: the option that shares the most words with the message."""

import re

from local.claude.call import JSON, Call

NONE = ("none_of_these", "none-of-these", "none of these", "none", "other", "unknown")
OFF_TOPIC = ("off_topic", "off-topic", "off topic")
NO_CANDIDATES = NONE + OFF_TOPIC
DEGREES = ("certain", "very_high", "high", "likely", "medium", "moderate", "guess", "unsure", "low", "very_low")
SMALL_TALK = re.compile(r"\b(thanks?|hello|hi|hey|weather|joke|how are you|good (morning|night))\b", re.IGNORECASE)
STOP_WORDS = re.compile(
    r"\b(a|about|all|an|and|any|are|as|at|be|by|can|could|do|does|for|from|get|give|have|help|how|i|in|into|is|it|"
    r"its|let|like|make|me|my|need|needs|new|of|on|or|our|please|should|so|some|that|the|their|them|this|to|up|us|"
    r"use|want|we|what|when|which|who|will|with|without|would|write|you|your)\b"
)
FENCED = re.compile(r"<(message|request|user_request)>(.*?)</\1>", re.DOTALL)
SHORTEST_STEM = 3


def likeliest(options: list[str], call: Call) -> str:
    """Return the option that fits the message best.

    "None of these" and "off topic" are chosen, where they are offered, when nothing fits. Options that only say how
    sure one is (`certain`, `likely`, `guess`) follow from whether something fitted.
    """
    message = _message(call)
    if all(option.lower() in DEGREES for option in options):
        ranked = sorted(options, key=lambda option: DEGREES.index(option.lower()))
        return ranked[0] if _anything_fits(_schema(call), message, call) else ranked[-1]
    scores = {option: _score(option, message, call) for option in options if option.lower() not in NO_CANDIDATES}
    best = max(scores, key=lambda option: scores[option], default=options[0])
    if scores.get(best):
        return best
    fallbacks = OFF_TOPIC + NONE if SMALL_TALK.search(message) else NONE + OFF_TOPIC
    return next((option for name in fallbacks for option in options if option.lower() == name), best)


def confidence(call: Call) -> float:
    """Return how sure the choice among the options of the demanded form is, from 0 to 1."""
    return 0.9 if _anything_fits(_schema(call), _message(call), call) else 0.3


def _anything_fits(schema: JSON, message: str, call: Call) -> bool:
    choices = (part.get("enum") or () for part in schema.get("properties", {}).values())
    options = {option for options in choices for option in options if isinstance(option, str)}
    candidates = (option for option in options if option.lower() not in NO_CANDIDATES + DEGREES)
    return any(_score(option, message, call) for option in candidates)


def _schema(call: Call) -> JSON:
    return call.schema or (call.forced_tool or {}).get("input_schema") or {}


def _message(call: Call) -> str:
    fenced = FENCED.search(call.user)
    return fenced.group(2) if fenced else call.user


def _score(option: str, message: str, call: Call) -> int:
    """Count the words shared: those of the option's name threefold, those of the line that describes it once."""
    said, named = stems(message), stems(option)
    line = re.search(rf"^\W*{re.escape(option)}\W+(.*)$", f"{call.system}\n{call.user}", re.MULTILINE)
    described = stems(line.group(1)) if line else set()
    return 3 * len(said & named) + len(said & (described - named))


def stems(text: str) -> set[str]:
    """Return the words of a text that mean something, without their endings."""
    meaningful = STOP_WORDS.sub(" ", re.sub(r"[\W_]+", " ", text.lower()))
    return {_stem(word) for word in meaningful.split()}


def _stem(word: str) -> str:
    for ending in ("ing", "es", "ed", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_STEM:
            return word[: -len(ending)]
    return word
