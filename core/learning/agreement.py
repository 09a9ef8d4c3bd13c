"""Whether rules repeat or contradict each other, and whether people want opposite things. Pure, by words alone.

Meaning is for models and people; what is found here is found every time.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from core.detection.text import STOP_WORDS, fold, stems, words
from core.learning.words import sections

_ALIKE = 0.7
_WITHIN = 0.9
_SAME_SUBJECT = 0.6
_LEAST_SHARED = 2
_EXAMPLES = re.compile(r"\*(?:Not|Anti-pattern)[:.]?\*.*", re.IGNORECASE | re.DOTALL)
_SENTENCE = re.compile(r"[.;!?\n]+")

_POLARITIES = {
    name: frozenset(word for line in listed for word in line.split())
    for name, listed in sections("polarity").items()
}
_FORBIDDING, _TURNING = _POLARITIES["forbidding"], _POLARITIES["turning"]
_MORE, _LESS = _POLARITIES["more"], _POLARITIES["less"]
_POLARITY = _FORBIDDING | _POLARITIES["demanding"]


def _wish_words(*, complaints: bool) -> dict[str, tuple[str, int]]:
    """Words with the matter that they are about, and the pole that they want: 1 for the first, -1 for the other."""
    found = {}
    for matter, listed in sections("wishes").items():
        for line in listed:
            sign, *named = line.split()
            if sign.startswith("*") == complaints:
                found.update(dict.fromkeys(named, (matter, 1 if sign.endswith("+") else -1)))
    return found


_WANTED, _COMPLAINED = _wish_words(complaints=False), _wish_words(complaints=True)


def repeated(rule: str, standing: Iterable[str]) -> str | None:
    """A rule that says what `rule` says, or that says it among other things."""
    return next((other for other in standing if _plain(rule) == _plain(other) or _repeats(rule, other)), None)


def contradicted(rule: str, standing: Iterable[str]) -> str | None:
    """A rule that demands the opposite of `rule`: one forbids what the other wants, or they want opposites."""
    return next((other for other in standing if _contradict(rule, other)), None)


def disagreement(evidence: Sequence[str], all_texts: Sequence[str]) -> str | None:
    """What people want the opposite of, if a theme rests on that; None if one side is less than half of the other.

    Args:
        evidence: what the theme rests on.
        all_texts: all that was said, the evidence too.

    Returns:
        The matter and how many are on each side, such as `longer, shorter (3 : 4)`.
    """
    sides: dict[str, Counter[int]] = {}
    for said in all_texts:
        for matter, pole in _wishes(said).items():
            sides.setdefault(matter, Counter())[pole] += 1
    at_stake = {matter for said in evidence for matter in _wishes(said)}
    for matter in sorted(at_stake):
        one, other = sides.get(matter, Counter())[1], sides.get(matter, Counter())[-1]
        if min(one, other) and 2 * min(one, other) >= max(one, other):
            return f"{matter} ({one} : {other})"
    return None


def _repeats(rule: str, other: str) -> bool:
    mine, theirs = _content(rule), _content(other)
    alike = len(mine & theirs) >= _LEAST_SHARED and len(mine & theirs) / len(mine | theirs) >= _ALIKE
    if alike and _same_way(rule, other):
        return True
    return len(mine) > _LEAST_SHARED and any(
        len(mine & _content(sentence)) / len(mine) >= _WITHIN and _same_way(rule, sentence)
        for sentence in _sentences(other)
    )


def _same_way(one: str, other: str) -> bool:
    return _forbids(one) == _forbids(other) and not _opposed(_wishes(one), _wishes(other))


def _contradict(rule: str, other: str) -> bool:
    return any(_at_odds(mine, theirs) for mine in _sentences(rule) for theirs in _sentences(other))


def _at_odds(one: str, other: str) -> bool:
    mine, theirs = _subject(one), _subject(other)
    shared, most = len(mine & theirs), max(len(mine), len(theirs))
    if not shared or shared / most < _SAME_SUBJECT:
        return False
    if _opposed(_wishes(one), _wishes(other)):
        return True
    return shared >= _LEAST_SHARED and _forbids(one) != _forbids(other)


def _opposed(one: dict[str, int], other: dict[str, int]) -> bool:
    return any(other.get(matter) == -pole for matter, pole in one.items())


def _wishes(text: str) -> dict[str, int]:
    """What a text asks for: by matter, 1 for the first pole or more of it, -1 for the other or less of it.

    "too long", "it is long" and "not long enough" are told apart. A text that asks for both asks for neither.
    """
    found: dict[str, set[int]] = {}
    tokens = words(fold(text))
    for at, token in enumerate(tokens):
        before, behind = tokens[max(0, at - 3) : at], tokens[at + 1 : at + 2]
        if token in _COMPLAINED:
            matter, pole = _COMPLAINED[token]
            found.setdefault(matter, set()).add(pole)
        elif token in _WANTED:
            matter, pole = _WANTED[token]
            turned = any(word in _TURNING for word in before[-2:]) and behind != ["enough"]
            found.setdefault(matter, set()).add(-pole if turned else pole)
        elif token in _MORE | _LESS and behind and behind[0] not in STOP_WORDS | _WANTED.keys():
            enough = token in {"many", "much"} and before[-1:] != ["too"]
            if not enough:
                (subject,) = stems(behind)
                found.setdefault(f"more, less {subject}", set()).add(1 if token in _MORE else -1)
    return {matter: poles.pop() for matter, poles in found.items() if len(poles) == 1}


def _sentences(rule: str) -> list[str]:
    return _SENTENCE.split(_EXAMPLES.sub("", rule))


def _content(text: str) -> set[str]:
    """The stems that say what a rule is about, and which way."""
    return _stems(text, STOP_WORDS | _POLARITY)


def _subject(text: str) -> set[str]:
    """The stems that say what a rule is about, whichever way."""
    return _stems(text, STOP_WORDS | _POLARITY | _WANTED.keys())


def _stems(text: str, left_out: Collection[str]) -> set[str]:
    return set(stems([word for word in words(fold(_EXAMPLES.sub("", text))) if word not in left_out]))


def _forbids(text: str) -> bool:
    return any(word in _FORBIDDING for word in words(fold(_EXAMPLES.sub("", text))))


def _plain(text: str) -> str:
    return " ".join(words(fold(text)))
