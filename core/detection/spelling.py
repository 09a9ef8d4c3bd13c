"""One slip of the finger forgiven: a letter added, lost, changed, or swapped with its neighbour.

Two words with one slip between them share a form with one letter left out, so that a look-up per letter finds
all candidates (the idea of symmetric deletion, https://github.com/wolfgarbe/SymSpell).
"""

from collections.abc import Iterable

SHORTEST = 4
"""Letters below which a slip makes too many other words."""

LONG = 6
"""Letters from which every slip is forgiven; in a shorter word only swapped neighbours are."""


class Spelling:
    """Known words, found again in spite of a slip."""

    def __init__(self, known: Iterable[str]) -> None:
        """Know these words; those that are too short are left out."""
        self._by_form: dict[str, list[str]] = {}
        for word in known:
            if len(word) >= SHORTEST:
                for form in _forms(word):
                    self._by_form.setdefault(form, []).append(word)

    def near(self, word: str) -> set[str]:
        """The known words within one slip of a word, itself included when it is known."""
        if len(word) < SHORTEST:
            return set()
        near = {other for form in _forms(word) for other in self._by_form.get(form, ()) if one_slip(word, other)}
        return {other for other in near if len(other) >= LONG or sorted(other) == sorted(word)}


def _forms(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def one_slip(a: str, b: str) -> bool:
    """Whether the words are the same, or one letter added, lost, changed or swapped makes them so."""
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1:
        return False
    at = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) < len(b):
        return a[at:] == b[at + 1 :]
    return a[at + 1 :] == b[at + 1 :] or (a[at + 2 :] == b[at + 2 :] and a[at : at + 2] == b[at : at + 2][::-1])
