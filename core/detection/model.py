"""From evidence to probabilities: one softmax over the short list, *off topic* and *none of these*.

Its weights are data, fitted by `python -m core.detection calibrate` on the development half of the labelled
messages, over libraries of several sizes, and smoothed so that a probability means what it says.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import mul
from pathlib import Path
from typing import Any

from core.detection.index import FEATURES, Index, Match
from core.detection.query import Query
from core.detection.small_talk import SmallTalk

Weights = tuple[Sequence[float], Sequence[float], Sequence[float]]
"""Of skills, of *off topic*, of *none of these*."""

FILE = Path(__file__).with_name("calibration.json")

MESSAGE_FEATURES = (
    "bias",
    "few_words",  # how little there is to go by
    "unknown",  # share of its words that no skill uses
    "covered",  # the best share that a skill has
    "small_talk",  # whether there is any, and
    "only_small_talk",  # how little there is beside it
    "about_bot",  # the same for questions about the bot
    "everyday",  # share of everyday matters
    "trade",  # notions of the trade, by words
)
"""What is known of a message as a whole; it speaks for or against *off topic* and *none of these*."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Probabilities that sum to one.

    Attributes:
        skills: (place in the index, probability), best first.
        off_topic: That no work is asked for.
        none: That work is asked for which no skill does.
    """

    skills: tuple[tuple[int, float], ...]
    off_topic: float
    none: float


@dataclass(frozen=True, slots=True)
class Model:
    """The fitted numbers.

    Attributes:
        skill: Weights of `FEATURES`.
        off_topic: Weights of `MESSAGE_FEATURES` for *off topic*.
        none: Weights of `MESSAGE_FEATURES` for *none of these*.
        curve: Bends the first choice's probability p into one that holds what it says:
            the logit of the result is `a ln p - b ln(1 - p) + c`.
        run_at: Probability from which a skill runs without a question.
        off_topic_at: Probability from which a message is small talk, when there is a judge to ask otherwise.
        workflow: How often a workflow is meant when a message seems to ask for all of one.
    """

    skill: tuple[float, ...]
    off_topic: tuple[float, ...]
    none: tuple[float, ...]
    curve: tuple[float, float, float]
    run_at: float
    off_topic_at: float
    workflow: float

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Model":
        """Read the content of `calibration.json`."""
        curve = data["curve"]
        return cls(
            skill=tuple(data["skill"][name] for name in FEATURES),
            off_topic=tuple(data["off_topic"][name] for name in MESSAGE_FEATURES),
            none=tuple(data["none"][name] for name in MESSAGE_FEATURES),
            curve=(curve["a"], curve["b"], curve["c"]),
            run_at=data["thresholds"]["run"],
            off_topic_at=data["thresholds"]["off_topic"],
            workflow=data["workflow"],
        )

    def judge(self, matches: Sequence[Match], message: Sequence[float]) -> Judgement:
        """Weigh the evidence for each skill against the two ways out."""
        rows = [match.features for match in matches]
        *odds, off_topic, none = softmax((self.skill, self.off_topic, self.none), rows, message)
        ranked = sorted(zip((match.place for match in matches), odds, strict=True), key=lambda one: -one[1])
        if not ranked:
            return Judgement((), off_topic, none)
        (place, raw), *others = ranked
        first = bend(self.curve, raw)
        rest = (1 - first) / max(1 - raw, 1e-9)
        return Judgement(
            ((place, first), *((other, p * rest) for other, p in others)), off_topic * rest, none * rest
        )


def softmax(weights: Weights, rows: Sequence[Sequence[float]], message: Sequence[float]) -> list[float]:
    """Probabilities of each candidate, then of *off topic* and *none of these*."""
    skill, off_topic, none = weights
    scores = [_dot(skill, row) for row in rows]
    scores += [_dot(off_topic, message), _dot(none, message)]
    top = max(scores)
    odds = [math.exp(score - top) for score in scores]
    total = sum(odds)
    return [one / total for one in odds]


def bend(curve: tuple[float, float, float], p: float) -> float:
    """A probability that holds what it says (beta calibration, https://doi.org/10.1214/17-EJS1338SI)."""
    return 1 / (1 + math.exp(-_dot(curve, curve_inputs(p))))


def curve_inputs(p: float) -> tuple[float, float, float]:
    """What the three numbers of a curve are multiplied by."""
    p = min(max(p, 1e-6), 1 - 1e-6)
    return math.log(p), -math.log(1 - p), 1.0


def message_features(asked: Query, matches: Sequence[Match], talk: SmallTalk, index: Index) -> tuple[float, ...]:
    """The values of `MESSAGE_FEATURES`."""
    mass = sum(index.rarity(term) for term in asked.terms) or 1.0
    known = sum(index.rarity(term) for term in asked.terms if index.knows(term))
    shares = (FEATURES.index("purpose"), FEATURES.index("phrases"), FEATURES.index("body"))
    covered = max((sum(match.features[at] for at in shares) for match in matches), default=0.0)
    alone = 1 / (1 + talk.left)
    return (
        1.0,
        1 / (1 + sum(asked.terms.values())),
        1 - known / mass if asked.terms else 0.0,
        min(covered, 1.0),
        1.0 if talk.kind else 0.0,
        alone**2 if talk.kind else 0.0,
        alone if talk.kind == "about_bot" else 0.0,
        talk.everyday,
        len(asked.notions) / (1 + len(asked.terms)),
    )


def _dot(weights: Sequence[float], values: Sequence[float]) -> float:
    return float(sum(map(mul, weights, values)))


@lru_cache(1)
def shipped() -> Model:
    """The model that ships with the product."""
    return Model.from_json(json.loads(FILE.read_text(encoding="utf-8")))
