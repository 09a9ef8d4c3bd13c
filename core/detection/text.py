"""From what a person typed to the terms that are compared: folding, words, stems.

Messages and skills go through the same functions, so that the two meet.
"""

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

import Stemmer

_FOLDER = Path(__file__).with_name("words")

LONGEST_MESSAGE = 4096
"""Characters of a message that are read; Telegram sends no more (https://core.telegram.org/bots/api#message)."""


def lines(name: str) -> list[str]:
    """The lines of `words/<name>.txt` without comments and empty ones."""
    read = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [content for line in read if (content := line.partition("#")[0].strip())]


STOP_WORDS = frozenset(word for line in lines("stop_words") for word in line.split())
"""English words that carry no topic."""

_COMPOUNDS = dict(line.split(" = ", 1) for line in lines("compounds"))
_LONGEST_COMPOUND = max(len(key.split()) for key in _COMPOUNDS)
_COMPOUND_STARTS = frozenset(key.split()[0] for key in _COMPOUNDS)

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_NOT_ASCII_MARKS = {"ß": "ss", "ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"}

_stemmer = Stemmer.Stemmer("english", 20_000)


def fold(text: str) -> str:
    """Fold case, accents, compatibility forms and invisible characters away: `Ünvân` → `unvan`."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = (c for c in decomposed if unicodedata.category(c) not in {"Mn", "Cf"})
    return "".join(_NOT_ASCII_MARKS.get(c, c) for c in kept)


def words(folded: str) -> list[str]:
    """Split folded text into words; possessives lose their ending and compounds are joined."""
    found = [_plain(word) for word in _WORD.findall(folded)]
    if _COMPOUND_STARTS.isdisjoint(found):
        return found
    return _join_compounds(found)


def _plain(word: str) -> str:
    if "'" not in word and "’" not in word:
        return word
    word = word.replace("’", "'")
    return word.removesuffix("'s").replace("'", "")


def _join_compounds(found: Sequence[str]) -> list[str]:
    joined: list[str] = []
    position = 0
    while position < len(found):
        if found[position] in _COMPOUND_STARTS:
            for length in range(_LONGEST_COMPOUND, 0, -1):
                whole = _COMPOUNDS.get(" ".join(found[position : position + length]))
                if whole and position + length <= len(found):
                    joined += whole.split()
                    position += length
                    break
            else:
                joined.append(found[position])
                position += 1
        else:
            joined.append(found[position])
            position += 1
    return joined


def stem(word: str) -> str:
    """The English stem of a folded word."""
    return str(_stemmer.stemWord(word))


def stems(all_words: Sequence[str]) -> list[str]:
    """The English stems of folded words, in their order."""
    return list(_stemmer.stemWords(all_words))
