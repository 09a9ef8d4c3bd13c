"""Clients named in a message: the longest name wins, a typo is forgiven, two that fit are both told."""

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from core.detection import text
from core.detection.document import ClientName

_LONG = 7
"""Letters from which one typo is forgiven."""


class ClientNames:
    """The names of one user's clients, ready to be found."""

    def __init__(self, clients: Sequence[ClientName]) -> None:
        """Index names, slugs and aliases by their letters: `Yaz-Automate` and `yazautomate` are one."""
        self._exact: dict[str, set[UUID]] = {}
        self._nearly: dict[str, set[str]] = {}
        self._longest = 0
        for client in clients:
            for name in (client.name, client.slug, *client.aliases):
                parts = text.words(text.fold(name))
                if parts:
                    self._exact.setdefault("".join(parts), set()).add(client.id)
                    self._longest = max(self._longest, len(parts))
        for letters in self._exact:
            if len(letters) >= _LONG:
                for variant in _variants(letters):
                    self._nearly.setdefault(variant, set()).add(letters)

    def find(self, words: Sequence[str]) -> tuple[tuple[UUID, ...], list[str]]:
        """The clients that are named in folded words, in order, and the words without their names."""
        if not self._exact:
            return (), list(words)
        found: dict[UUID, None] = {}
        rest: list[str] = []
        position = 0
        while position < len(words):
            for length in range(min(self._longest + 1, len(words) - position), 0, -1):
                ids = self._named("".join(words[position : position + length]))
                if ids:
                    found.update(dict.fromkeys(sorted(ids)))
                    position += length
                    break
            else:
                rest.append(words[position])
                position += 1
        return tuple(found), rest

    def _named(self, letters: str) -> set[UUID]:
        exact = self._exact.get(letters)
        if exact or len(letters) < _LONG - 1:
            return exact or set()
        near: set[UUID] = set()
        for variant in _variants(letters):
            for name in self._nearly.get(variant, ()):
                if _one_typo(letters, name):
                    near |= self._exact[name]
        return near


@lru_cache(256)
def names_of(clients: tuple[ClientName, ...]) -> ClientNames:
    """The index of a user's clients, kept for the next message."""
    return ClientNames(clients)


def _variants(letters: str) -> set[str]:
    """The letters, and every way to lose one: two words with a typo between them share one of these."""
    return {letters, *(letters[:at] + letters[at + 1 :] for at in range(len(letters)))}


def _one_typo(a: str, b: str) -> bool:
    """Whether one letter added, lost, changed or swapped with its neighbour makes one word the other."""
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1:
        return False
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) < len(b):
        return a[at:] == b[at + 1 :]
    return a[at + 1 :] == b[at + 1 :] or (a[at + 2 :] == b[at + 2 :] and a[at : at + 2] == b[at : at + 2][::-1])
