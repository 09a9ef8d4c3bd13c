"""Fitting the model's weights: maximum likelihood of the softmax in `model.py`, with a little shrinkage.

Plain Python on purpose: it runs for a minute, seldom, and production needs no numerical library for it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

from core.detection.model import Weights, curve_inputs, softmax

OFF_TOPIC = -1
NONE = -2


@dataclass(frozen=True, slots=True)
class Example:
    """A message over a library: the evidence for each skill on the short list, and which answer is right.

    Attributes:
        rows: Features of each candidate.
        message: Features of the message.
        label: Number of the right candidate, `OFF_TOPIC` or `NONE`.
        weight: How much the example counts.
    """

    rows: tuple[tuple[float, ...], ...]
    message: tuple[float, ...]
    label: int
    weight: float = 1.0


def fit(examples: Sequence[Example], *, steps: int = 250, shrinkage: float = 0.002, rate: float = 0.15) -> Weights:
    """Climb to the weights under which the right answers are most probable (Adam, all examples at each step)."""
    sizes = (
        len(examples[0].rows[0]) if examples[0].rows else 0,
        len(examples[0].message),
        len(examples[0].message),
    )
    sizes = (max(len(e.rows[0]) for e in examples if e.rows), *sizes[1:])
    flat = [0.0] * sum(sizes)
    first, second = [0.0] * len(flat), [0.0] * len(flat)
    total = sum(example.weight for example in examples)
    for step in range(1, steps + 1):
        slope = _gradient(_split(flat, sizes), examples, sizes)
        pace = rate * (1 if step < steps * 0.7 else 0.2)
        for at, value in enumerate(slope):
            down = value / total + shrinkage * flat[at]
            first[at] = 0.9 * first[at] + 0.1 * down
            second[at] = 0.99 * second[at] + 0.01 * down * down
            mean, spread = first[at] / (1 - 0.9**step), second[at] / (1 - 0.99**step)
            flat[at] -= pace * mean / (math.sqrt(spread) + 1e-8)
    return _split(flat, sizes)


def _gradient(weights: Weights, examples: Sequence[Example], sizes: tuple[int, int, int]) -> list[float]:
    skill, off_topic, none = [0.0] * sizes[0], [0.0] * sizes[1], [0.0] * sizes[2]
    for example in examples:
        *odds, off, nothing = softmax(weights, example.rows, example.message)
        for place, (p, row) in enumerate(zip(odds, example.rows, strict=True)):
            excess = (p - (place == example.label)) * example.weight
            if abs(excess) > 1e-4:  # noqa: PLR2004 - too small to matter
                for at, value in enumerate(row):
                    skill[at] += excess * value
        for slope, p, label in ((off_topic, off, OFF_TOPIC), (none, nothing, NONE)):
            excess = (p - (label == example.label)) * example.weight
            for at, value in enumerate(example.message):
                slope[at] += excess * value
    return [*skill, *off_topic, *none]


def _split(flat: Sequence[float], sizes: tuple[int, int, int]) -> Weights:
    one, two = sizes[0], sizes[0] + sizes[1]
    return tuple(flat[:one]), tuple(flat[one:two]), tuple(flat[two:])


def fit_curve(seen: Sequence[tuple[float, bool, float]], *, steps: int = 400) -> tuple[float, float, float]:
    """The curve (see `Model.curve`) through (probability, whether it came true, weight).

    Each number takes damped Newton steps of its own; the first two stay positive, so that the curve only rises.
    """
    inputs = [(*curve_inputs(p), true, weight) for p, true, weight in seen]
    numbers = [1.0, 1.0, 0.0]
    for _ in range(steps):
        slope, curvature = [0.0] * 3, [1e-6] * 3
        for *values, true, weight in inputs:
            now = 1 / (1 + math.exp(-_dot(numbers, values)))
            for at, value in enumerate(values):
                slope[at] += weight * (now - true) * value
                curvature[at] += weight * now * (1 - now) * value * value
        numbers = [one - 0.3 * down / over for one, down, over in zip(numbers, slope, curvature, strict=True)]
        numbers[:2] = [max(one, 0.05) for one in numbers[:2]]
    return numbers[0], numbers[1], numbers[2]


def _dot(one: Sequence[float], other: Sequence[float]) -> float:
    return float(sum(map(mul, one, other)))
