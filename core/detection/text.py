"""From what a person typed to what is compared: folding, words, stems.

Messages and skills go through the same functions, so that the two meet.
"""

import re
import threading
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import Stemmer

_FOLDER = Path(__file__).with_name("words")

LONGEST_MESSAGE = 4096
"""Characters of a message that are read; Telegram sends no more (https://core.telegram.org/bots/api#message)."""

_TOKEN = re.compile(r"[^\W_]+|[.!?](?=\s|$)|[,;:()]")
_POSSESSIVE = re.compile(r"'s\b")
_SIGNS = (("\n", " . "), (" - ", " , "), (" – ", " , "), (" — ", " , "))
_LETTERS = {"ß": "ss", "ı": "i", "ł": "l", "ø": "o", "đ": "d", "æ": "ae", "œ": "oe"}


class _Folding(dict[int, str | None]):
    """For `str.translate`: what becomes of a decomposed character, found out when it is first met."""

    def __missing__(self, code: int) -> str | None:
        letter = chr(code)
        invisible = unicodedata.category(letter) in {"Mn", "Cf"}
        folded = self[code] = None if invisible else _LETTERS.get(letter, letter)
        return folded


_folding = _Folding()


def lines(name: str) -> list[str]:
    """The lines of `words/<name>.txt` without comments and empty ones."""
    read = (_FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [content for line in read if (content := line.partition("#")[0].strip())]


def sections(name: str) -> dict[str, list[str]]:
    """The lines of `words/<name>.txt` under each `[section]`."""
    found: dict[str, list[str]] = {}
    for line in lines(name):
        if line.startswith("["):
            current = found.setdefault(line.strip("[]"), [])
        else:
            current.append(line)
    return found


def _listed(name: str) -> frozenset[str]:
    return frozenset(word for line in lines(name) for word in line.split())


STOP_WORDS = _listed("stop_words")
"""English words that carry no topic."""

GENERIC_WORDS = _listed("generic_words")
"""English words that carry little of a topic."""

REAL_WORDS = _listed("real_words")
"""English words that are never taken for a misspelt one."""

_COMPOUNDS = {tuple(said.split()): meant for said, meant in (line.split(" = ") for line in lines("compounds"))}
_COMPOUND_STARTS = frozenset(said[:2] for said in _COMPOUNDS)
_LONGEST_COMPOUND = max(map(len, _COMPOUNDS))
_STEMS = dict(line.split(" = ") for line in lines("stems"))


class _OfThread(threading.local):
    """A stemmer for each thread: it may not be shared (https://github.com/snowballstem/pystemmer)."""

    def __init__(self) -> None:
        self.stemmer = Stemmer.Stemmer("english", 20_000)


_of_thread = _OfThread()


def fold(text: str) -> str:
    """Fold case, accents, compatibility forms and invisible characters away: `Ünvân` → `unvan`."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_folding)


def tokens(folded: str) -> list[str]:
    """Split folded text into words and punctuation; possessives lose their ending, compounds are joined."""
    for sign, plain in _SIGNS:
        folded = folded.replace(sign, plain)
    folded = folded.replace("’", "'")
    if "'" in folded:
        folded = _POSSESSIVE.sub("", folded).replace("'", "")
    return _join_compounds(_TOKEN.findall(folded))


def words(folded: str) -> list[str]:
    """The tokens of folded text that are words."""
    return [token for token in tokens(folded) if token.isalnum()]


def stems(of: Sequence[str]) -> list[str]:
    """The English stems of tokens, in their order."""
    return [_STEMS.get(word, stem) for word, stem in zip(of, _of_thread.stemmer.stemWords(of), strict=True)]


def content(of: Sequence[str]) -> list[str]:
    """The stems of the tokens that carry a topic."""
    return stems([word for word in of if carries_topic(word)])


def carries_topic(token: str) -> bool:
    """Whether a token says anything of what a text is about."""
    return len(token) > 1 and token not in STOP_WORDS


def _join_compounds(found: list[str]) -> list[str]:
    starts = [at for at, pair in enumerate(pairwise(found)) if pair in _COMPOUND_STARTS]
    joined: list[str] = []
    behind = 0
    for start in starts:
        if start < behind:
            continue
        for length in range(_LONGEST_COMPOUND, 1, -1):
            meant = _COMPOUNDS.get(tuple(found[start : start + length]))
            if meant:
                joined += [*found[behind:start], *meant.split()]
                behind = start + length
                break
    return joined + found[behind:] if behind else found
