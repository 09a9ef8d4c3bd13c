"""Small talk and questions about the bot: what is said that asks for no work."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import get_args

from core.detection import text
from core.detection.result import OffTopicKind

_LONGEST_PHRASE = 7
_APPLAUSE = frozenset("👍👏🙏❤🎉🔥💯😍🥰😊🙌👌💪✅")


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """What of a message is small talk.

    Attributes:
        kind: The kind that most of it is; None when none was found.
        left: Words that carry a topic and belong to no phrase.
        found: Phrases found.
    """

    kind: OffTopicKind | None
    left: int
    found: int


def look(words: Sequence[str], message: str) -> SmallTalk:
    """Find small talk in folded words (and in a message of emoji alone)."""
    if not words:
        return SmallTalk("thanks" if not _APPLAUSE.isdisjoint(message) else "other", 0, 1)
    phrases = _phrases()
    counts: dict[OffTopicKind, int] = {}
    left = found = position = 0
    while position < len(words):
        for length in range(min(_LONGEST_PHRASE, len(words) - position), 0, -1):
            kind = phrases.get(" ".join(words[position : position + length]))
            if kind:
                counts[kind] = counts.get(kind, 0) + length
                found += 1
                position += length
                break
        else:
            left += words[position] not in text.STOP_WORDS
            position += 1
    # A question about the bot often begins with a greeting: the weightier kind names the whole.
    weightiest = max(counts, key=lambda one: (one == "about_bot", counts[one]), default=None)
    return SmallTalk(weightiest, left, found)


@lru_cache(1)
def _phrases() -> dict[str, OffTopicKind]:
    known: dict[str, OffTopicKind] = {}
    kind: OffTopicKind = "other"
    for line in text.lines("small_talk"):
        if line.startswith("["):
            kind = next(one for one in get_args(OffTopicKind) if one == line.strip("[]"))
        else:
            for phrase in line.split(","):
                known[" ".join(text.words(phrase.strip()))] = kind
    return known
