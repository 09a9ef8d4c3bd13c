"""Clients named in a message: the longest name wins, a typo is forgiven, two that fit are both told.

A text for the wrong client is the worst that can happen, so doubt is told and never settled here: whoever asks gets
every client that fits. The first word of a longer name counts where no whole name stands, if it is no common word:
`for Fjord` is Fjord & Finch, or a question between Fjord & Finch and Fjord Line.
"""

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from core.detection import lexicon, text
from core.detection.document import ClientName
from core.detection.spelling import Spelling

_LONG = 7
"""Letters from which one typo is forgiven."""

_SHORTEST_BEGINNING = 4
"""Letters that the first word of a name must have to stand for the whole."""

_AND = frozenset({"and", "und", "y", "e", "et", "ve", "en"})
_BEFORE_A_NAME = frozenset("for of from at by with about client fur von bei para de icin".split())  # noqa: SIM905


class ClientNames:
    """The names of one user's clients, ready to be found."""

    def __init__(self, clients: Sequence[ClientName]) -> None:
        """Index names, slugs and aliases by their letters: `Yaz-Automate` and `yazautomate` are one."""
        self._exact: dict[str, set[UUID]] = {}
        self._beginnings: dict[str, set[UUID]] = {}
        self._longest = 0
        for client in clients:
            for name in (client.name, client.slug, *client.aliases):
                parts = _parts(text.tokens(text.fold(name)))
                if parts and name == client.name and _is_telling(parts[0]):
                    self._beginnings.setdefault(parts[0], set()).add(client.id)
                if parts:
                    self._exact.setdefault("".join(parts), set()).add(client.id)
                    self._longest = max(self._longest, len(parts))
        long = [letters for letters in self._exact if len(letters) >= _LONG]
        self._spelling = Spelling(long)
        self._lengths = {len(letters) + more for letters in long for more in (-1, 0, 1)}
        self._first_letters = {letter for letters in long for letter in letters[:2]}

    def find(self, tokens: Sequence[str]) -> tuple[tuple[UUID, ...], list[str]]:
        """The clients that are named, in order, and the tokens without their names."""
        if not self._exact:
            return (), list(tokens)
        found, rest = self._whole_names(tokens)
        if not found:
            found = {client: None for token in tokens for client in sorted(self._beginnings.get(token, ()))}
            rest = [token for token in rest if token not in self._beginnings]
        return tuple(found), rest

    def _whole_names(self, tokens: Sequence[str]) -> tuple[dict[UUID, None], list[str]]:
        found: dict[UUID, None] = {}
        rest: list[str] = []
        position = 0
        while position < len(tokens):
            for length in range(min(self._longest + 1, len(tokens) - position), 0, -1):
                window = tokens[position : position + length]
                ids = self._named(_parts(window)) if window[0].isalnum() and window[-1].isalnum() else set()
                if ids and (length > 1 or self._is_meant(tokens, position)):
                    found.update(dict.fromkeys(sorted(ids)))
                    position += length
                    break
            else:
                rest.append(tokens[position])
                position += 1
        return found, rest

    @staticmethod
    def _is_meant(tokens: Sequence[str], position: int) -> bool:
        """A client called Launch is meant in `emails for Launch`, and not in `launch emails`."""
        return _is_telling(tokens[position]) or (position > 0 and tokens[position - 1] in _BEFORE_A_NAME)

    def _named(self, parts: Sequence[str]) -> set[UUID]:
        letters = "".join(parts)
        exact = self._exact.get(letters)
        if exact:
            return exact
        if len(letters) not in self._lengths or self._first_letters.isdisjoint(letters[:2]):
            return set()
        if not any(map(_is_telling, parts)):
            return set()  # `market` is no misspelt Marketo
        return {client for name in self._spelling.near(letters) for client in self._exact[name]}


def _parts(tokens: Sequence[str]) -> list[str]:
    """The words of a name: `Fjord & Finch` is `Fjord and Finch`."""
    return [token for token in tokens if token.isalnum() and token not in _AND] or list(tokens[:1])


def _is_telling(word: str) -> bool:
    """Whether a word is no everyday word and none of the trade, in any language that we know."""
    common = word in text.STOP_WORDS or word in text.GENERIC_WORDS or word in text.REAL_WORDS
    return len(word) >= _SHORTEST_BEGINNING and not common and not lexicon.shipped().has(word)


@lru_cache(256)
def names_of(clients: tuple[ClientName, ...]) -> ClientNames:
    """The index of a user's clients, kept for the next message."""
    return ClientNames(clients)
