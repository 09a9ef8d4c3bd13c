"""A small dictionary of the trade: words that mean nearly the same, in several languages.

It lets `churn` meet `cancellation`, and `precio` meet `pricing`, whatever the library. Each section of
`words/lexicon.txt` is a notion; notions are compared beside the words themselves.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import Stemmer

from core.detection import text
from core.detection.spelling import Spelling

_STEMMERS = {
    "es": "spanish",
    "de": "german",
    "tr": "turkish",
    "fr": "french",
    "it": "italian",
    "pt": "portuguese",
    "nl": "dutch",
}
_LONG_WORD = 7
_SHORTEST_PART = 4


class Lexicon:
    """The notions of `words/lexicon.txt`, looked up by word."""

    def __init__(self, notions: Mapping[str, Sequence[str]]) -> None:
        """Read notions: under each name, lines of `code: word, two words, …`."""
        self.heads: dict[str, list[str]] = {}
        self._words: set[str] = set()
        self._known: dict[str, dict[str, list[str]]] = {"en": {}}
        self._longest: dict[str, dict[str, int]] = {}
        self._stemmers = {code: Stemmer.Stemmer(name, 5_000) for code, name in _STEMMERS.items()}
        for notion, lines in notions.items():
            for line in lines:
                code, _, entries = line.partition(":")
                for entry in entries.split(","):
                    self._add(code, text.words(text.fold(entry)), notion)
        self.spelling = Spelling(self._words)

    def _add(self, code: str, words: Sequence[str], notion: str) -> None:
        stems = self.stems(words, code)
        if code == "en":
            self._words.update(words)
            self.heads.setdefault(notion, stems)
        notions = self._known.setdefault(code, {}).setdefault(" ".join(stems), [])
        if notion not in notions:
            notions.append(notion)
        longest = self._longest.setdefault(code, {})
        longest[stems[0]] = max(longest.get(stems[0], 0), len(stems))

    def stems(self, words: Sequence[str], language: str) -> list[str]:
        """Stems of folded words in a language; as they are where no stemmer is known."""
        if language == "en":
            return text.stems(words)
        stemmer = self._stemmers.get(language)
        return list(stemmer.stemWords(words)) if stemmer else list(words)

    def language(self, words: Sequence[str]) -> str:
        """The language in which most of the words are words of the trade; English when none has more."""
        foreign = [word for word in words if word not in self._words]
        counts = {
            code: sum(
                self._share(word, stem, known)
                for word, stem in zip(foreign, self.stems(foreign, code), strict=True)
            )
            for code, known in self._known.items()
            if code != "en"
        }
        best = max(counts, key=counts.__getitem__, default="en")
        return best if 0 < counts.get(best, 0.0) >= len(words) - len(foreign) else "en"

    @staticmethod
    def _share(word: str, stem: str, known: Mapping[str, list[str]]) -> float:
        """How surely a word belongs to a language: wholly, by a part of it, or not at all."""
        if stem in known:
            return 1.0
        return 0.5 if len(word) >= _LONG_WORD and any(_parts(word, known)) else 0.0

    def speaks(self, language: str) -> bool:
        """Whether there are words of the language."""
        return language in self._known

    def meanings(self, stem: str) -> int:
        """How many notions the English stem may stand for."""
        return len(self._known["en"].get(stem, ()))

    def has(self, word: str) -> bool:
        """Whether a folded word is a word of the trade in any language."""
        if word in self._words:
            return True
        return any(self.stems([word], code)[0] in known for code, known in self._known.items())

    def translate(self, words: Sequence[str], language: str) -> set[str]:
        """The notions behind folded words of another language, also in compounds and under long endings."""
        known = self._known.get(language)
        if not known:
            return set()
        stems = self.stems(words, language)
        found = {notion for _, _, notion in self.notions(stems, language)}
        for word, stem in zip(words, stems, strict=True):
            if stem not in known and len(word) >= _LONG_WORD:
                found.update(*_parts(word, known))
        return found

    def notions(self, stems: Sequence[str], language: str = "en") -> Iterator[tuple[int, int, str]]:
        """Find notions in stems: (first, behind the last, notion). The longest phrase at a place wins."""
        known, longest = self._known.get(language, {}), self._longest.get(language, {})
        position = 0
        while position < len(stems):
            for length in range(longest.get(stems[position], 0), 0, -1):
                phrase = " ".join(stems[position : position + length])
                if phrase in known:
                    for notion in known[phrase]:
                        yield position, position + length, notion
                    position += length
                    break
            else:
                position += 1


def _parts(word: str, known: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """Notions of the longest known beginning and the longest known end of a word."""
    for length in range(len(word) - 1, _SHORTEST_PART - 1, -1):
        if word[:length] in known:
            yield known[word[:length]]
            break
    for start in range(1, len(word) - _SHORTEST_PART + 1):
        if word[start:] in known:
            yield known[word[start:]]
            break


@lru_cache(1)
def shipped() -> Lexicon:
    """The lexicon that ships with the product, read once."""
    return Lexicon(text.sections("lexicon"))
