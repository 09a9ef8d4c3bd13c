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
        everyday: Everyday matters found, as a share of the words that carry a topic.
    """

    kind: OffTopicKind | None
    left: int
    everyday: float


def look(words: Sequence[str], message: str) -> SmallTalk:
    """Find small talk in folded words (and in a message of emoji alone)."""
    words = [word for word in words if word.isalnum()]
    if not words:
        return SmallTalk("thanks" if not _APPLAUSE.isdisjoint(message) else "other", 0, 1.0)
    phrases = _phrases()
    counts: dict[OffTopicKind, int] = {}
    left = position = 0
    while position < len(words):
        for length in range(min(_LONGEST_PHRASE, len(words) - position), 0, -1):
            kind = phrases.get(" ".join(words[position : position + length]))
            if kind:
                counts[kind] = counts.get(kind, 0) + length
                position += length
                break
        else:
            left += words[position] not in text.STOP_WORDS
            position += 1
    everyday = counts.pop("other", 0)
    # A question about the bot often begins with a greeting: the weightier kind names the whole.
    weightiest = max(counts, key=lambda one: (one == "about_bot", counts[one]), default=None)
    return SmallTalk(weightiest, left + everyday, everyday / (everyday + left) if everyday else 0.0)


@lru_cache(1)
def _phrases() -> dict[str, OffTopicKind]:
    found = text.sections("small_talk")
    return {
        " ".join(text.words(text.fold(phrase))): kind
        for kind in get_args(OffTopicKind)
        for line in found[kind]
        for phrase in line.split(",")
    }
