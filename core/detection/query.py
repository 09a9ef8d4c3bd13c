"""A message as the ranking sees it."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from core.detection import focus, language, lexicon, text
from core.detection.small_talk import SmallTalk

MOST_WORDS = 240
"""Words that are ranked: beginning and end of a longer message, where people say what they want."""

_FROM_ANOTHER_LANGUAGE = 0.7
_GENERIC = 0.6
_MISSPELT = 0.8
_SAID = 0.3


class Vocabulary(Protocol):
    """The words of a library."""

    def knows(self, term: str) -> bool:
        """Whether any skill uses the stem."""

    def near(self, word: str) -> set[str]:
        """Words that skills use and that differ by one slip of the finger."""


@dataclass(slots=True)
class Query:
    """What is compared with skills.

    Attributes:
        tokens: Folded words and punctuation in order, without client names.
        stems: Their English stems.
        terms: Stems that carry a topic, with a weight of 0 to 1.
        notions: Notions of the lexicon, with a weight of 0 to 1.
        language: ISO 639-1 code.
        wanted: The stems without those that are refused (`not a newsletter`).
        explained: Stems that belong to a notion.
    """

    tokens: list[str]
    stems: list[str]
    terms: dict[str, float] = field(default_factory=dict)
    notions: dict[str, float] = field(default_factory=dict)
    language: str = "en"
    wanted: list[str] = field(default_factory=list)
    explained: set[str] = field(default_factory=set)


def read_query(message: str, tokens: Sequence[str], talk: SmallTalk, vocabulary: Vocabulary) -> Query:
    """Make the query of a message from its tokens (client names already taken out)."""
    kept, said = list(tokens), list(talk.said)
    if len(kept) > MOST_WORDS:
        half = MOST_WORDS // 2
        kept, said = kept[:half] + kept[-half:], said[:half] + said[-half:]
    known = lexicon.shipped()
    query = Query(kept, text.stems(kept), language=language.detect(message, kept, known))
    weights = focus.weigh(query.tokens) if query.language == "en" else [1.0] * len(query.tokens)
    weights = [weight * _SAID if at else weight for weight, at in zip(weights, said, strict=True)]
    query.wanted = [stem for stem, weight in zip(query.stems, weights, strict=True) if weight > focus.REFUSED]
    topical = [0.0] * len(weights)
    for place, (word, stem) in enumerate(zip(query.tokens, query.stems, strict=True)):
        if not text.carries_topic(word):
            continue
        weight = topical[place] = weights[place] * (_GENERIC if word in text.GENERIC_WORDS else 1.0)
        if query.language == "en" and not (
            vocabulary.knows(stem) or known.meanings(stem) or word in text.REAL_WORDS
        ):
            for near in text.stems(sorted(vocabulary.near(word) | known.spelling.near(word))):
                query.stems[place] = near
                query.terms[near] = max(query.terms.get(near, 0.0), weight * _MISSPELT)
        query.terms[query.stems[place]] = max(query.terms.get(query.stems[place], 0.0), weight)
    for first, behind, notion in known.notions(query.stems):
        weight = max(weights[first:behind])
        if behind == first + 1:
            weight = topical[first] / math.sqrt(known.meanings(query.stems[first]))
        query.notions[notion] = max(query.notions.get(notion, 0.0), weight)
        query.explained.update(query.stems[first:behind])
    if query.language != "en":
        _translate(query, known)
    return query


def _translate(query: Query, known: lexicon.Lexicon) -> None:
    """Add the notions behind the words of another language, and the English word for each."""
    for notion in known.translate(query.tokens, query.language):
        query.notions[notion] = 1.0
        for term in known.heads[notion]:
            query.terms.setdefault(term, _FROM_ANOTHER_LANGUAGE)
