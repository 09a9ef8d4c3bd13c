"""Whether a rule for many tells what belongs to one client. Pure, strict, and by words alone.

A rule of the craft can be said in the craft's own words: those of the skills, of the rules that stand, and those by
which anybody judges a text. Whatever else it took from what people wrote, from the texts that they wrote it of, or
from a client's files, is a leak.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.detection.text import GENERIC_WORDS, REAL_WORDS, STOP_WORDS, fold, stems
from core.learning.words import lines

_RUN = 5
_SHORTEST_INSIDE = 4  # letters or digits of a word that others may begin or end with
_MOST_PARTS, _LONGEST_WHOLE = 16, 40  # of a word that was taken apart
_TOKEN = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Private:
    """What a rule may not tell: clients' `names`, what was `said` (comments, requests, texts), clients' `files`."""

    names: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    def __add__(self, other: "Private") -> "Private":
        return Private(self.names + other.names, self.said + other.said, self.files + other.files)


@lru_cache(maxsize=2)
def vocabulary(texts: tuple[str, ...]) -> frozenset[str]:
    """The stems that a rule may use: those of these texts, and of the words that everybody judges texts by."""
    return stems_of((*texts, *lines("craft"))) | stems_of((*STOP_WORDS, *GENERIC_WORDS, *REAL_WORDS))


def stems_of(texts: Iterable[str]) -> frozenset[str]:
    """The stems of all words in these texts."""
    return frozenset(stems(sorted({token for text in texts for token in _tokens(text)})))


def leaks(rule: str, private: Private, craft: frozenset[str]) -> list[str]:
    """What a rule tells of what is private: names, words and numbers, and runs of five words of a file.

    Words that were taken apart or put together are found too. One in letters that are not Latin can't be compared,
    since many look alike: it is a leak unless it is of the craft.

    Args:
        rule: the rule, as one line.
        private: what it may not tell.
        craft: the stems that it may use, from `vocabulary`.
    """
    tokens = _tokens(rule)
    held = stems_of((*private.said, *private.files, *private.names)) - craft
    found = named_in(rule, private.names, craft)
    strange = [word for word, stem in zip(tokens, stems(tokens), strict=True) if stem not in craft]
    found += [word for word in strange if not word.isascii() or _holds(word, held)]
    whole = list(_put_together(tokens))
    found += [word for word, stem in zip(whole, stems(whole), strict=True) if stem in held]
    runs = {run for text in private.files for run in _runs(_tokens(text))}
    found += [" ".join(run) for run in _runs(tokens) if run in runs]
    return list(dict.fromkeys(found))


def named_in(rule: str, names: Iterable[str], craft: frozenset[str]) -> list[str]:
    """Which of these clients a rule names in full."""
    return [name for name in names if _names(rule, name, craft)]


def _names(rule: str, name: str, craft: frozenset[str]) -> bool:
    """Whether a rule names a client. One called by words of the craft is meant only where it has its capitals."""
    if set(stems(_tokens(name))) <= craft:
        return not name.islower() and re.search(rf"(?<=[\w,;]\s){re.escape(name)}\b", rule) is not None
    wanted, tokens = _tokens(name), _tokens(rule)
    return any(tokens[at : at + len(wanted)] == wanted for at in range(len(tokens) - len(wanted) + 1))


def _holds(word: str, held: frozenset[str]) -> bool:
    """Whether a word is private, or begins or ends with a private one."""
    (stem,) = stems([word])
    ends = (word.startswith, word.endswith)
    return stem in held or any(len(it) >= _SHORTEST_INSIDE and any(end(it) for end in ends) for it in held)


def _put_together(tokens: Sequence[str]) -> Iterator[str]:
    """What neighbours make without the gaps between them: `z o r b`, `47 11`."""
    for first in range(len(tokens)):
        whole = tokens[first]
        for part in tokens[first + 1 : first + _MOST_PARTS]:
            whole += part
            if len(whole) > _LONGEST_WHOLE:
                break
            yield whole


def _runs(tokens: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(tokens[at:] for at in range(_RUN)), strict=False)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(fold(text))
