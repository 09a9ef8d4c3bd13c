"""An in-memory index over the words of skills: BM25 for a short list, then evidence about each on it.

Evidence is a share of what the message could have matched, or is bounded, so that it means the same in a library
of 10 and of 1,000 skills.
"""

import heapq
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import ahocorasick

from core.detection import text
from core.detection.document import SkillText
from core.detection.query import Query
from core.detection.reading import Reading, pairs, read
from core.detection.spelling import Spelling

SHORT_LIST = 10
"""Skills that are looked at closely."""

FEATURES = (
    "name_covered",  # how much of the skill's name the message has
    "purpose",  # shares of the message's words that stand in the description,
    "phrases",  # in triggers, quoted phrases, examples and output types,
    "body",  # and in the body
    "passage",  # likeness to the closest phrase, example or sentence
    "evidence",  # how much matched at all
    "phrase_alone",  # a phrase stands in the message word for word, and it is no other skill's
    "notions",  # share of the message's notions that the skill knows
    "name_notions",  # that its name knows
    "notion_evidence",  # how much of that there is
    "pairs",  # neighbouring words that are neighbours in the skill too
    "leads",  # in how many of these no other skill has more: where words and notions disagree, nobody leads far
)
"""The evidence for one skill, in this order; each from 0 to 1."""

_POSTINGS = 48
"""Skills kept for each term, the strongest first: bounds the time of a message in a large library."""

_BODY_TERMS = 150
"""Terms kept of a body: those that set it apart."""

_SATURATION = 1.2
_LENGTH_SHARE = 0.5
_FIELD_WEIGHTS = (3.0, 2.0, 2.0, 0.6)
"""Of name, purpose, phrases and body in the first ranking."""

_IN_BODY_ONLY = 0.3
"""How much a skill that has a term in its body alone counts when the term's rarity is reckoned."""

_NOTION_SATURATION = 0.12
"""Share of what a skill says from which a notion counts half."""

_UNEXPLAINED = 0.2
"""How much the words that belong to no notion count against notions."""


@dataclass(slots=True)
class Entry:
    """One skill in the index, with what is needed to look at it closely."""

    skill: SkillText
    reading: Reading
    weights: dict[str, tuple[float, ...]] = field(default_factory=dict)
    notions: dict[str, float] = field(default_factory=dict)
    name_mass: float = 1.0
    in_passages: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    """By term: the number of each passage that has it, and what a word of it counts."""


@dataclass(frozen=True, slots=True)
class Match:
    """The evidence for one skill: its place in the index and a value for each of `FEATURES`."""

    place: int
    features: tuple[float, ...]


class Index:
    """The words of a library. Built once, then only read."""

    def __init__(self, skills: Sequence[SkillText]) -> None:
        """Index the skills. What was read of a skill is kept, so that a change of one costs little."""
        names = frozenset(skill.name for skill in skills)
        self.entries = [Entry(skill, read(skill, names)) for skill in skills]
        self._count()
        self._weigh()
        self._spelling = Spelling(set[str]().union(*(entry.reading.words for entry in self.entries)))
        self._phrases = self._collect_phrases()

    def _count(self) -> None:
        terms: dict[str, float] = {}
        notions: dict[str, float] = {}
        neighbours: Counter[str] = Counter()
        for entry in self.entries:
            *heads, body = entry.reading.fields
            head = set().union(*heads)
            for term in head:
                terms[term] = terms.get(term, 0.0) + 1.0
            for term in body.keys() - head:
                terms[term] = terms.get(term, 0.0) + _IN_BODY_ONLY
            for notion, share in entry.reading.notions.items():
                entry.notions[notion] = share / (share + _NOTION_SATURATION)
                notions[notion] = notions.get(notion, 0.0) + entry.notions[notion]
            neighbours.update(entry.reading.pairs)
        size = len(self.entries)
        self._rarity = {term: _rarity(count, size) for term, count in terms.items()}
        self._notion_rarity = {notion: _rarity(count, size) for notion, count in notions.items()}
        self._pair_rarity = {pair: _rarity(count, size) for pair, count in neighbours.items()}
        self._unknown = _rarity(1, size)

    def _weigh(self) -> None:
        size = max(len(self.entries), 1)
        means = [
            sum(entry.reading.fields[number].total() for entry in self.entries) / size or 1.0
            for number in range(len(_FIELD_WEIGHTS))
        ]
        k, (w_name, w_purpose, w_phrases, w_body) = _SATURATION, _FIELD_WEIGHTS
        postings: dict[str, list[tuple[float, int]]] = {}
        for place, entry in enumerate(self.entries):
            fields = (*entry.reading.fields[:3], self._salient(entry.reading.fields[3]))
            scales = [
                1 / (1 - _LENGTH_SHARE + _LENGTH_SHARE * counts.total() / mean)
                for counts, mean in zip(fields, means, strict=True)
            ]
            name, purpose, phrases, body = (
                {term: count * scale for term, count in counts.items()}
                for counts, scale in zip(fields, scales, strict=True)
            )
            for term in name.keys() | purpose.keys() | phrases.keys() | body.keys():
                n, u, p, b = (
                    name.get(term, 0.0),
                    purpose.get(term, 0.0),
                    phrases.get(term, 0.0),
                    body.get(term, 0.0),
                )
                entry.weights[term] = (n / (k + n), u / (k + u), p / (k + p), b / (k + b))
                whole = w_name * n + w_purpose * u + w_phrases * p + w_body * b
                postings.setdefault(term, []).append((self._rarity[term] * whole / (k + whole), place))
            for notion, weight in entry.notions.items():
                postings.setdefault("#" + notion, []).append((weight * self._notion_rarity[notion], place))
            self._mass_passages(entry)
        self._postings = {
            term: found if len(found) <= _POSTINGS else heapq.nlargest(_POSTINGS, found)
            for term, found in postings.items()
        }

    def _mass_passages(self, entry: Entry) -> None:
        entry.name_mass = sum(self._rarity[term] for term in entry.reading.fields[0]) or 1.0
        for number, passage in enumerate(entry.reading.passages):
            scale = 1 / math.sqrt(sum(self._rarity[term] for term in passage))
            for term in passage:
                entry.in_passages.setdefault(term, []).append((number, scale))

    def _salient(self, body: Counter[str]) -> Counter[str]:
        if len(body) <= _BODY_TERMS:
            return body
        best = heapq.nlargest(_BODY_TERMS, body, key=lambda term: body[term] * self._rarity[term])
        return Counter({term: body[term] for term in best})

    def _collect_phrases(self) -> ahocorasick.Automaton:
        owners: dict[tuple[str, ...], list[int]] = {}
        for place, entry in enumerate(self.entries):
            for phrase in entry.reading.phrases:
                owners.setdefault(phrase, []).append(place)
        automaton = ahocorasick.Automaton()
        for phrase, places in owners.items():
            mass = sum(self.rarity(stem) for stem in phrase if stem not in text.STOP_WORDS)
            automaton.add_word(f" {' '.join(phrase)} ", (mass, tuple(places), " ".join(phrase)))
        automaton.make_automaton()
        return automaton

    def rarity(self, term: str) -> float:
        """How much a stem tells (its inverse document frequency); unknown ones as if one skill had them."""
        return self._rarity.get(term, self._unknown)

    def knows(self, term: str) -> bool:
        """Whether any skill uses the stem."""
        return term in self._rarity

    def near(self, word: str) -> set[str]:
        """Words of names, descriptions and phrases that differ from one by a slip of the finger."""
        return self._spelling.near(word)

    def exact_phrases(self, query: Query) -> list[tuple[float, tuple[int, ...], str]]:
        """Phrases of skills that stand word for word in the message: (rarity, places of skills, stems)."""
        if not len(self._phrases):
            return []
        return [found for _, found in self._phrases.iter(f" {' '.join(query.stems)} ")]

    def match(self, query: Query) -> list[Match]:
        """The short list for a message, with the evidence for each skill on it."""
        scores: dict[int, float] = {}
        sought = [*query.terms.items(), *(("#" + notion, weight) for notion, weight in query.notions.items())]
        for term, weight in sought:
            for impact, place in self._postings.get(term, ()):
                scores[place] = scores.get(place, 0.0) + weight * impact
        alone: set[int] = set()
        for mass, places, _ in self.exact_phrases(query):
            for place in places:
                scores[place] = scores.get(place, 0.0) + 0.5 * mass
            if len(places) == 1:
                alone.add(places[0])
        best = heapq.nlargest(SHORT_LIST, scores, key=scores.__getitem__)
        look = _Look(self, query)
        rows = [look.at(self.entries[place], phrase_alone=place in alone) for place in best]
        most = [max(values) for values in zip(*rows, strict=True)]
        return [Match(place, (*row, _leads(row, most))) for place, row in zip(best, rows, strict=True)]


class _Look:
    """A close look at skills for one message: what the message could match is reckoned once."""

    def __init__(self, index: Index, query: Query) -> None:
        self._terms = {term: weight * index.rarity(term) for term, weight in query.terms.items()}
        self._mass = sum(self._terms.values()) or 1.0
        rarity = index._notion_rarity  # noqa: SLF001 - the other half of one thing
        self._notions = {notion: w * rarity[notion] for notion, w in query.notions.items() if notion in rarity}
        unexplained = sum(mass for term, mass in self._terms.items() if term not in query.explained)
        self._notion_mass = sum(self._notions.values()) + _UNEXPLAINED * unexplained or 1.0
        known = index._pair_rarity  # noqa: SLF001
        self._pairs = {pair: known[pair] for pair in pairs(query.tokens, query.stems) if pair in known}
        self._unit = index._unknown  # noqa: SLF001

    def at(self, entry: Entry, *, phrase_alone: bool) -> tuple[float, ...]:
        """The values of `FEATURES` for one skill, but for the last, which takes the others."""
        names = entry.reading.fields[0]
        purpose = phrases = body = named = matched = 0.0
        passages: dict[int, float] = {}
        for term, mass in self._terms.items():
            weights = entry.weights.get(term)
            if weights is None:
                continue
            purpose += mass * weights[1]
            phrases += mass * weights[2]
            body += mass * weights[3]
            if term in names:
                named += mass
            if weights[0] or weights[1] or weights[2]:
                matched += mass
            for number, scale in entry.in_passages.get(term, ()):
                passages[number] = passages.get(number, 0.0) + mass * scale
        closest = min(max(passages.values(), default=0.0) / math.sqrt(self._mass), 1.0)
        notions = sum(mass * entry.notions.get(notion, 0.0) for notion, mass in self._notions.items())
        name_notions = sum(mass for notion, mass in self._notions.items() if notion in entry.reading.name_notions)
        neighbours = sum(mass for pair, mass in self._pairs.items() if pair in entry.reading.pairs)
        return (
            named / entry.name_mass,
            purpose / self._mass,
            phrases / self._mass,
            body / self._mass,
            closest,
            matched / (matched + self._unit),
            float(phrase_alone),
            notions / self._notion_mass,
            name_notions / self._notion_mass,
            notions / (notions + self._unit),
            neighbours / (neighbours + self._unit),
        )


def _leads(row: Sequence[float], most: Sequence[float]) -> float:
    return sum(value == top > 0 for value, top in zip(row, most, strict=True)) / len(row)


def _rarity(count: float, size: int) -> float:
    return math.log(1 + (size - min(count, size) + 0.5) / (count + 0.5))
