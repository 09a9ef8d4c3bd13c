"""Small talk and questions about the bot: what is said that asks for no work."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import get_args

from core.detection import text
from core.detection.result import OffTopicKind

_APPLAUSE = frozenset("👍👏🙏❤🎉🔥💯😍🥰😊🙌👌💪✅")


@dataclass(frozen=True, slots=True)
class SmallTalk:
    """What of a message is small talk.

    Attributes:
        kind: The kind that most of it is; None when none was found.
        left: Words that carry a topic and belong to no phrase.
        everyday: Everyday matters found, as a share of the words that carry a topic.
        said: For each token whether it belongs to a phrase of several words that is said to the bot.
    """

    kind: OffTopicKind | None
    left: int
    everyday: float
    said: tuple[bool, ...]


def look(tokens: Sequence[str], message: str) -> SmallTalk:
    """Find small talk in tokens (and in a message of emoji alone)."""
    phrases, longest = _phrases()
    counts: dict[OffTopicKind, int] = {}
    said = [False] * len(tokens)
    left = position = 0
    while position < len(tokens):
        for length in range(min(longest.get(tokens[position], 0), len(tokens) - position), 0, -1):
            kind = phrases.get(" ".join(tokens[position : position + length]))
            if kind:
                counts[kind] = counts.get(kind, 0) + length
                if length > 1 and kind != "other":
                    said[position : position + length] = [True] * length
                position += length
                break
        else:
            left += text.carries_topic(tokens[position])
            position += 1
    if not any(map(str.isalnum, tokens)):
        return SmallTalk("thanks" if not _APPLAUSE.isdisjoint(message) else "other", 0, 1.0, tuple(said))
    everyday = counts.pop("other", 0)
    # A question about the bot often begins with a greeting: the weightier kind names the whole.
    weightiest = max(counts, key=lambda one: (one == "about_bot", counts[one]), default=None)
    return SmallTalk(weightiest, left + everyday, everyday / (everyday + left) if everyday else 0.0, tuple(said))


@lru_cache(1)
def _phrases() -> tuple[dict[str, OffTopicKind], dict[str, int]]:
    """The kind of each phrase, and the words of the longest that begins with a word."""
    found = text.sections("small_talk")
    phrases: dict[str, OffTopicKind] = {}
    longest: dict[str, int] = {}
    for kind in get_args(OffTopicKind):
        for phrase in ",".join(found[kind]).split(","):
            words = text.words(text.fold(phrase))
            phrases[" ".join(words)] = kind
            longest[words[0]] = max(longest.get(words[0], 0), len(words))
    return phrases, longest
