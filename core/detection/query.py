"""A message as the ranking sees it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from core.detection import language, lexicon, text

MOST_WORDS = 240
"""Words that are ranked: beginning and end of a longer message, where people say what they want."""

_FROM_ANOTHER_LANGUAGE = 0.7


@dataclass(slots=True)
class Query:
    """What is compared with skills.

    Attributes:
        words: Folded words in order, without client names.
        stems: Their English stems.
        terms: Stems that carry a topic, with a weight of 0 to 1.
        notions: Notions of the lexicon, with a weight of 0 to 1.
        language: ISO 639-1 code.
    """

    words: list[str]
    stems: list[str]
    terms: dict[str, float] = field(default_factory=dict)
    notions: dict[str, float] = field(default_factory=dict)
    language: str = "en"


def read_query(message: str, words: Sequence[str]) -> Query:
    """Make the query of a message from its folded words (client names already taken out)."""
    kept = list(words)
    if len(kept) > MOST_WORDS:
        half = MOST_WORDS // 2
        kept = kept[:half] + kept[-half:]
    query = Query(kept, text.stems(kept), language=language.detect(message, kept))
    for word, stem in zip(query.words, query.stems, strict=True):
        if word not in text.STOP_WORDS and len(word) > 1:
            query.terms[stem] = 1.0
    known = lexicon.shipped()
    for _, _, notion in known.notions(query.stems):
        query.notions[notion] = 1.0
    if query.language != "en":
        _translate(query, known)
    return query


def _translate(query: Query, known: lexicon.Lexicon) -> None:
    """Add the notions behind the words of another language, and the English word for each."""
    stems = known.stems(query.words, query.language)
    for _, _, notion in known.notions(stems, query.language):
        query.notions[notion] = 1.0
        query.terms.setdefault(known.heads[notion], _FROM_ANOTHER_LANGUAGE)
