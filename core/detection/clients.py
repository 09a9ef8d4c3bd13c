"""Clients named in a message: the longest name wins, a typo is forgiven, two that fit are both told."""

from collections.abc import Sequence
from functools import lru_cache
from uuid import UUID

from core.detection import text
from core.detection.document import ClientName
from core.detection.spelling import Spelling

_LONG = 7
"""Letters from which one typo is forgiven."""


class ClientNames:
    """The names of one user's clients, ready to be found."""

    def __init__(self, clients: Sequence[ClientName]) -> None:
        """Index names, slugs and aliases by their letters: `Yaz-Automate` and `yazautomate` are one."""
        self._exact: dict[str, set[UUID]] = {}
        self._longest = 0
        for client in clients:
            for name in (client.name, client.slug, *client.aliases):
                parts = text.words(text.fold(name))
                if parts:
                    self._exact.setdefault("".join(parts), set()).add(client.id)
                    self._longest = max(self._longest, len(parts))
        long = [letters for letters in self._exact if len(letters) >= _LONG]
        self._spelling = Spelling(long)
        self._lengths = {len(letters) + more for letters in long for more in (-1, 0, 1)}
        self._beginnings = {letter for letters in long for letter in letters[:2]}

    def find(self, tokens: Sequence[str]) -> tuple[tuple[UUID, ...], list[str]]:
        """The clients that are named, in order, and the tokens without their names."""
        if not self._exact:
            return (), list(tokens)
        found: dict[UUID, None] = {}
        rest: list[str] = []
        position = 0
        while position < len(tokens):
            for length in range(min(self._longest + 1, len(tokens) - position), 0, -1):
                ids = self._named("".join(filter(str.isalnum, tokens[position : position + length])))
                if ids:
                    found.update(dict.fromkeys(sorted(ids)))
                    position += length
                    break
            else:
                rest.append(tokens[position])
                position += 1
        return tuple(found), rest

    def _named(self, letters: str) -> set[UUID]:
        exact = self._exact.get(letters)
        if exact:
            return exact
        if len(letters) not in self._lengths or self._beginnings.isdisjoint(letters[:2]):
            return set()
        return {client for name in self._spelling.near(letters) for client in self._exact[name]}


@lru_cache(256)
def names_of(clients: tuple[ClientName, ...]) -> ClientNames:
    """The index of a user's clients, kept for the next message."""
    return ClientNames(clients)
