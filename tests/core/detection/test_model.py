import math

import pytest

from core.detection import fit, model
from core.detection.index import Match


def test_probabilities_sum_to_one() -> None:
    shipped = model.shipped()
    rows = [Match(place, tuple(place / 10 for _ in shipped.skill)) for place in range(5)]
    judgement = shipped.judge(rows, tuple(0.5 for _ in shipped.none))
    assert sum(p for _, p in judgement.skills) + judgement.off_topic + judgement.none == pytest.approx(1)
    assert [place for place, _ in judgement.skills] == [4, 3, 2, 1, 0]


def test_without_candidates_the_ways_out_are_left() -> None:
    judgement = model.shipped().judge([], tuple(1.0 for _ in model.MESSAGE_FEATURES))
    assert judgement.skills == ()
    assert judgement.off_topic + judgement.none == pytest.approx(1)


def test_the_curve_only_rises() -> None:
    curve = model.shipped().curve
    bent = [model.bend(curve, p / 100) for p in range(101)]
    assert bent == sorted(bent)
    assert all(0 <= p <= 1 for p in bent)


def test_fitting_finds_the_feature_that_tells() -> None:
    examples = [
        fit.Example(((1.0, 0.3), (0.0, 0.6)), (1.0,), 0),
        fit.Example(((0.0, 0.5), (1.0, 0.4)), (1.0,), 1),
        fit.Example(((0.0, 0.5), (0.0, 0.5)), (1.0,), fit.NONE),
        fit.Example((), (1.0,), fit.OFF_TOPIC),
    ] * 10
    weights = fit.fit(examples)
    assert weights[0][0] > 2 * abs(weights[0][1])
    *odds, _, _ = model.softmax(weights, ((1.0, 0.5), (0.0, 0.5)), (1.0,))
    assert odds[0] > 0.6


def test_the_curve_mends_a_boast() -> None:
    boasts = [(0.9, number % 2 == 0, 1.0) for number in range(100)] + [(0.1, False, 1.0)] * 20
    assert model.bend(fit.fit_curve(boasts), 0.9) == pytest.approx(0.5, abs=0.05)
    honest = [(0.8, number % 5 != 0, 1.0) for number in range(100)] + [
        (0.2, number % 5 == 0, 1.0) for number in range(100)
    ]
    assert model.bend(fit.fit_curve(honest), 0.8) == pytest.approx(0.8, abs=0.05)
    assert math.isfinite(sum(fit.fit_curve([(0.0, True, 1.0), (1.0, False, 1.0)])))
