"""An in-memory index over the words of skills: BM25 for a short list, then evidence about each on it.

Scores are shares of what the message could have matched, so that they mean the same in a library of 10 and of
1,000 skills.
"""

import heapq
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import ahocorasick

from core.detection import lexicon, text
from core.detection.document import SkillText
from core.detection.query import Query

SHORT_LIST = 10
"""Skills that are looked at closely."""

_POSTINGS = 64
"""Skills kept for each term, the strongest first: bounds the time of a message in a large library."""

_BODY_TERMS = 150
"""Terms kept of a body: those that set it apart."""

_SATURATION = 1.2
_LENGTH_SHARE = 0.5
_FIELD_WEIGHTS = {"name": 3.0, "purpose": 2.0, "phrases": 2.0, "body": 0.6}

FEATURES = (
    "name",
    "name_covered",
    "purpose",
    "phrases",
    "body",
    "passage",
    "exact",
    "exact_alone",
    "notions",
    "pairs",
)

_QUOTED = re.compile(r"[\"“”]([^\"“”\n]{3,80})[\"“”]|(?<!\w)['‘]([^'‘’\n]{3,80}?)[,.]?['’](?!\w)")
_SENTENCE_END = re.compile(r"(?<=[.!?;:])\s+|\n+")


@dataclass(slots=True)
class _Fields:
    """One skill, read: counts of stems by field, its phrases, and what belongs together in one passage."""

    name: Counter[str]
    purpose: Counter[str]
    phrases: Counter[str]
    body: Counter[str]
    exact: list[tuple[str, ...]]
    passages: list[frozenset[str]]
    pairs: frozenset[str]
    notions: dict[str, float]


@dataclass(slots=True)
class Entry:
    """One skill in the index."""

    skill: SkillText
    weights: dict[str, tuple[float, float, float, float]] = field(default_factory=dict)
    name_terms: dict[str, float] = field(default_factory=dict)
    passages: list[float] = field(default_factory=list)
    in_passages: dict[str, list[int]] = field(default_factory=dict)
    pairs: frozenset[str] = frozenset()
    notions: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """The evidence for one skill: its place in the index and a value for each of `FEATURES`."""

    place: int
    features: tuple[float, ...]


class Index:
    """The words of a library. Built once, then only read."""

    def __init__(self, skills: Sequence[SkillText]) -> None:
        """Index the skills; 40 of 200 lines take well under 100 ms."""
        self.entries = [Entry(skill) for skill in skills]
        names = frozenset(skill.name for skill in skills)
        fields = [_fields(skill, names) for skill in skills]
        self._count_terms(fields)
        self._weigh(fields)
        self._collect_phrases(fields)

    def _count_terms(self, fields: Sequence[_Fields]) -> None:
        everywhere: Counter[str] = Counter()
        heads: Counter[str] = Counter()
        notions: Counter[str] = Counter()
        for one in fields:
            head = one.name.keys() | one.purpose.keys() | one.phrases.keys()
            heads.update(head)
            everywhere.update(one.body.keys() - head)
            notions.update(one.notions.keys())
        size = len(fields)
        terms = heads.keys() | everywhere.keys()
        self._idf = {term: _idf(heads[term] + 0.3 * everywhere[term], size) for term in terms}
        self._notion_idf = {notion: _idf(count, size) for notion, count in notions.items()}
        self._unknown = _idf(1, size)

    def idf(self, term: str) -> float:
        """How rare a term is; unknown ones count as found once."""
        return self._idf.get(term, self._unknown)

    def knows(self, term: str) -> bool:
        """Whether any skill uses the term."""
        return term in self._idf

    def _weigh(self, fields: Sequence[_Fields]) -> None:
        size = max(len(fields), 1)
        means = [sum(getattr(one, name).total() for one in fields) / size or 1.0 for name in _FIELD_WEIGHTS]
        postings: dict[str, list[tuple[float, int]]] = {}
        for place, (one, entry) in enumerate(zip(fields, self.entries, strict=True)):
            counters = [one.name, one.purpose, one.phrases, self._salient(one.body)]
            scales = [
                1 / (1 - _LENGTH_SHARE + _LENGTH_SHARE * counter.total() / mean)
                for counter, mean in zip(counters, means, strict=True)
            ]
            for term in set().union(*counters):
                tfs = [counter[term] * scale for counter, scale in zip(counters, scales, strict=True)]
                entry.weights[term] = tuple(tf / (_SATURATION + tf) for tf in tfs)  # type: ignore[assignment]
                tf = sum(weight * tf for weight, tf in zip(_FIELD_WEIGHTS.values(), tfs, strict=True))
                postings.setdefault(term, []).append((self._idf[term] * tf / (_SATURATION + tf), place))
            entry.name_terms = {term: self._idf[term] for term in one.name}
            entry.passages = [sum(self._idf[term] for term in passage) or 1.0 for passage in one.passages]
            for number, passage in enumerate(one.passages):
                for term in passage:
                    entry.in_passages.setdefault(term, []).append(number)
            entry.pairs = one.pairs
            entry.notions = one.notions
            for notion, weight in one.notions.items():
                postings.setdefault("#" + notion, []).append((0.5 * weight * self._notion_idf[notion], place))
        self._postings = {
            term: found if len(found) <= _POSTINGS else heapq.nlargest(_POSTINGS, found)
            for term, found in postings.items()
        }

    def _salient(self, body: Counter[str]) -> Counter[str]:
        if len(body) <= _BODY_TERMS:
            return body
        best = heapq.nlargest(_BODY_TERMS, body, key=lambda term: body[term] * self._idf[term])
        return Counter({term: body[term] for term in best})

    def _collect_phrases(self, fields: Sequence[_Fields]) -> None:
        owners: dict[str, list[int]] = {}
        for place, one in enumerate(fields):
            for phrase in one.exact:
                owners.setdefault(" " + " ".join(phrase) + " ", []).append(place)
        self._phrases = ahocorasick.Automaton()
        for phrase_text, places in owners.items():
            mass = sum(self.idf(stem) for stem in phrase_text.split() if stem not in text.STOP_WORDS)
            self._phrases.add_word(phrase_text, (mass, tuple(dict.fromkeys(places)), phrase_text.strip()))
        self._phrases.make_automaton()

    def exact_phrases(self, query: Query) -> list[tuple[float, tuple[int, ...], str]]:
        """Phrases of skills that stand word for word in the message: (rarity, places of skills, stems)."""
        if not len(self._phrases):
            return []
        return [found for _, found in self._phrases.iter(" " + " ".join(query.stems) + " ")]

    def match(self, query: Query) -> list[Match]:
        """The short list for a message, with the evidence for each skill on it."""
        scores: dict[int, float] = {}
        for term, weight in query.terms.items():
            for impact, place in self._postings.get(term, ()):
                scores[place] = scores.get(place, 0.0) + weight * impact
        for notion, weight in query.notions.items():
            for impact, place in self._postings.get("#" + notion, ()):
                scores[place] = scores.get(place, 0.0) + weight * impact
        exact: dict[int, float] = {}
        alone: dict[int, float] = {}
        for mass, places, _ in self.exact_phrases(query):
            for place in places:
                exact[place] = max(exact.get(place, 0.0), mass)
                scores[place] = scores.get(place, 0.0) + 0.5 * mass
            if len(places) == 1:
                alone[places[0]] = 1.0
        best = heapq.nlargest(SHORT_LIST, scores, key=scores.__getitem__)
        masses = {term: weight * self.idf(term) for term, weight in query.terms.items()}
        mass = sum(masses.values()) or 1.0
        notion_masses = {n: w * self._notion_idf[n] for n, w in query.notions.items() if n in self._notion_idf}
        notion_mass = sum(notion_masses.values()) or 1.0
        pairs = [f"{a} {b}" for a, b in pairwise(query.stems)]
        return [
            Match(
                place,
                (
                    *self._fields_matched(self.entries[place], masses, mass),
                    exact.get(place, 0.0) / mass,
                    alone.get(place, 0.0),
                    sum(m * self.entries[place].notions.get(n, 0.0) for n, m in notion_masses.items())
                    / notion_mass,
                    min(3, sum(pair in self.entries[place].pairs for pair in pairs)) / 3,
                ),
            )
            for place in best
        ]

    @staticmethod
    def _fields_matched(entry: Entry, masses: dict[str, float], mass: float) -> tuple[float, ...]:
        name = purpose = phrases = body = covered = 0.0
        passages: dict[int, float] = {}
        for term, rarity in masses.items():
            weights = entry.weights.get(term)
            if weights is None:
                continue
            name += rarity * weights[0]
            purpose += rarity * weights[1]
            phrases += rarity * weights[2]
            body += rarity * weights[3]
            if term in entry.name_terms:
                covered += entry.name_terms[term]
            for number in entry.in_passages.get(term, ()):
                passages[number] = passages.get(number, 0.0) + rarity
        closest = max(
            (shared / math.sqrt(mass * max(entry.passages[number], shared)) for number, shared in passages.items()),
            default=0.0,
        )
        total = sum(entry.name_terms.values()) or 1.0
        return (name / mass, covered / total, purpose / mass, phrases / mass, body / mass, closest)


def _idf(count: float, size: int) -> float:
    return math.log(1 + (size - min(count, size) + 0.5) / (count + 0.5))


def _content(stems: Iterable[str], words: Iterable[str]) -> list[str]:
    return [stem for stem, word in zip(stems, words, strict=True) if word not in text.STOP_WORDS and len(word) > 1]


def _fields(skill: SkillText, names: frozenset[str]) -> _Fields:
    others = names - {skill.name}
    description = _without_pointers(skill.description, others)
    quoted = [a or b for a, b in _QUOTED.findall(description)]
    phrases = [*skill.triggers, *quoted]
    labels = [skill.name.replace("-", " ").replace("_", " "), skill.title]
    output = [word for kind in skill.output_types for word in (kind.label, *kind.words)]
    passages: list[frozenset[str]] = []
    exact: list[tuple[str, ...]] = []
    pairs: set[str] = set()
    notions: dict[str, float] = {}
    known = lexicon.shipped()

    def count(pieces: Iterable[str], *, notion_weight: float, passage: bool = True) -> Counter[str]:
        counter: Counter[str] = Counter()
        for piece in pieces:
            found = text.words(text.fold(piece))
            stems = text.stems(found)
            content = _content(stems, found)
            counter.update(content)
            if notion_weight:
                for _, _, notion in known.notions(stems):
                    notions[notion] = max(notions.get(notion, 0.0), notion_weight)
            if passage:
                pairs.update(f"{a} {b}" for a, b in pairwise(stems))
                if content:
                    passages.append(frozenset(content))
        return counter

    name = count(labels, notion_weight=1.0)
    said = count([*phrases, *skill.examples, *output], notion_weight=0.8)
    purpose = count([*_SENTENCE_END.split(description), skill.category, skill.output_label], notion_weight=0.8)
    body = count([_without_pointers(skill.body, others)], notion_weight=0.0, passage=False)
    for phrase in (*phrases, *labels):
        stems = text.stems(text.words(text.fold(phrase)))
        if stems:
            exact.append(tuple(stems))
    return _Fields(name, purpose, said, body, exact, passages, frozenset(pairs), notions)


def _without_pointers(prose: str, others: frozenset[str]) -> str:
    """Leave out the sentences that send the reader to another skill: their words are the other's."""
    if not others:
        return prose
    pointing = re.compile(
        r"(?<![\w-])(?:" + "|".join(map(re.escape, sorted(n for n in others if "-" in n))) + r")(?![\w-])"
    )
    return "\n".join(part for part in _SENTENCE_END.split(prose) if not pointing.search(part))
