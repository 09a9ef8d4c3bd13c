"""From evidence to probabilities: one softmax over the short list, *off topic* and *none of these*.

Its weights are data, fitted by `python -m core.detection calibrate` on the development half of the labelled
messages, over libraries of several sizes, and smoothed so that a probability means what it says.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.detection.index import FEATURES, Match

FILE = Path(__file__).with_name("calibration.json")

MESSAGE_FEATURES = ("bias", "few_words", "unknown", "covered", "small_talk", "only_small_talk", "trade")
"""What is known of the message as a whole; it speaks for or against *off topic* and *none of these*."""


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
    """The fitted weights."""

    skill: tuple[float, ...]
    off_topic: tuple[float, ...]
    none: tuple[float, ...]
    run_at: float
    off_topic_at: float

    @classmethod
    def from_json(cls, data: Mapping[str, Mapping[str, float]]) -> "Model":
        """Read the content of `calibration.json`."""
        thresholds = data["thresholds"]
        return cls(
            skill=tuple(data["skill"].get(name, 0.0) for name in FEATURES),
            off_topic=tuple(data["off_topic"].get(name, 0.0) for name in MESSAGE_FEATURES),
            none=tuple(data["none"].get(name, 0.0) for name in MESSAGE_FEATURES),
            run_at=thresholds["run"],
            off_topic_at=thresholds["off_topic"],
        )

    def judge(self, matches: Sequence[Match], message: Sequence[float]) -> Judgement:
        """Weigh the evidence for each skill against the two ways out."""
        scores = [_dot(self.skill, match.features) for match in matches]
        ways_out = (_dot(self.off_topic, message), _dot(self.none, message))
        top = max(*scores, *ways_out)
        odds = [math.exp(score - top) for score in scores]
        out = [math.exp(score - top) for score in ways_out]
        total = sum(odds) + sum(out)
        ranked = sorted(((m.place, o / total) for m, o in zip(matches, odds, strict=True)), key=lambda one: -one[1])
        return Judgement(tuple(ranked), out[0] / total, out[1] / total)


def _dot(weights: Sequence[float], values: Sequence[float]) -> float:
    return sum(weight * value for weight, value in zip(weights, values, strict=True))


@lru_cache(1)
def shipped() -> Model:
    """The model that ships with the product."""
    return Model.from_json(json.loads(FILE.read_text(encoding="utf-8")))
