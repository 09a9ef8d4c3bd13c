"""Which words of a message say what is wanted, and which only set the scene?

`Don't rewrite the copy yet, tell me why the page doesn't convert` wants the second half. Small rules of English
grammar, none of any skill: what is refused, what exists already, what a thing is about or for, what is turned
into something else. Messages in other languages pass untouched.
"""

from collections.abc import Sequence
from itertools import pairwise

from core.detection import text

REFUSED = 0.1
SET_ASIDE = 0.5
ABOUT = 0.7
WITHIN = 0.8
DEED = 1.5

_SENTENCE_ENDS = frozenset(".!?")
_CLAUSE_ENDS = frozenset(".!?,;:()")

_grammar = text.sections("grammar")
_words = {name: frozenset(" ".join(lines).split()) for name, lines in _grammar.items()}
_REFUSING = frozenset(tuple(phrase.split()) for line in _grammar["refusing"] for phrase in line.split(","))
_PREPOSITIONS = dict.fromkeys(_words["about"], ABOUT) | dict.fromkeys(_words["within"], WITHIN)
_NEEDS = tuple(tuple(phrase.split()) for line in _grammar["needs"] for phrase in line.split(","))
_BECOMING = frozenset({("as", "a"), ("as", "an")})


def weigh(tokens: Sequence[str]) -> list[float]:
    """A weight for each token: 1 as a rule, less for what is not wanted itself, more for what is to be done."""
    weights = [1.0] * len(tokens)
    clauses = _spans(tokens, _CLAUSE_ENDS)
    for start, end in clauses:
        clause = tokens[start:end]
        weights[start:end] = _weigh_clause(clause)
        if len(clauses) > 1 and not _words["existing"].isdisjoint(clause):
            _set_aside(weights, start, end)
    sentences = _spans(tokens, _SENTENCE_ENDS)
    quiet = [(start, end) for start, end in sentences if not _asks(tokens, start, end)]
    if len(quiet) < len(sentences):
        for start, end in quiet:
            _set_aside(weights, start, end)
    return weights


def orders(tokens: Sequence[str]) -> bool:
    """Whether a clause asks for something new (`write five posts`, `I need a flyer`), not of what is there already.

    `Make it shorter` or `the structure is clear` speak of a piece that both sides see.
    """
    return any(_orders(tokens[start:end]) for start, end in _spans(tokens, _CLAUSE_ENDS))


def _orders(clause: Sequence[str]) -> bool:
    first = _first(clause)
    begins = [first + 1] if clause[first] in _words["creating"] else []
    begins += [
        at + len(need) for need in _NEEDS for at in range(len(clause)) if tuple(clause[at : at + len(need)]) == need
    ]
    return any(at < len(clause) and clause[at] not in _words["definite"] for at in begins)


def _weigh_clause(clause: Sequence[str]) -> list[float]:
    weights = []
    factor = 1.0
    following = [*pairwise(clause), (clause[-1], "")]
    for at, pair in enumerate(following):
        if pair in _REFUSING:
            factor = REFUSED
        elif pair[0] == "but":
            factor = 1.0
        elif factor > REFUSED and at:
            factor = _PREPOSITIONS.get(pair[0], factor)
        weights.append(factor)
    first = _first(clause)
    if clause[first] in _words["deeds"] and weights[first] == 1.0:
        weights[first] = DEED
    becoming = _becoming(clause)
    return [
        weight * SET_ASIDE if at < becoming else max(weight, float(becoming > 0))
        for at, weight in enumerate(weights)
    ]


def _becoming(clause: Sequence[str]) -> int:
    """Where in a clause the thing begins that another is made into: `the study as a carousel`; 0 without one."""
    if "into" in clause and not _words["turning"].isdisjoint(clause):
        return clause.index("into")
    return next((at for at, pair in enumerate(pairwise(clause)) if pair in _BECOMING), 0)


def _asks(tokens: Sequence[str], start: int, end: int) -> bool:
    if end < len(tokens) and tokens[end] == "?":
        return True
    sentence = tokens[start:end]
    first = sentence[_first(sentence)]
    return not _words["wishes"].isdisjoint(sentence) or first in _words["deeds"] or first in _words["questions"]


def _first(tokens: Sequence[str]) -> int:
    """The place of the first token that is no mere opening."""
    return next((at for at, token in enumerate(tokens) if token not in _words["openings"]), 0)


def _set_aside(weights: list[float], start: int, end: int) -> None:
    weights[start:end] = [weight * SET_ASIDE for weight in weights[start:end]]


def _spans(tokens: Sequence[str], ends: frozenset[str]) -> list[tuple[int, int]]:
    """The stretches of tokens between ends."""
    marks = [-1, *(at for at, token in enumerate(tokens) if token in ends), len(tokens)]
    return [(before + 1, after) for before, after in pairwise(marks) if after > before + 1]
