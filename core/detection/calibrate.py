"""Remaking `calibration.json` from the development half of the labelled messages.

The same messages are put to the library as it is, to parts of it, to the library as others would have written it,
and to one by others, so that a probability holds what it says wherever it is asked for.
"""

import datetime as dt
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.detection import fit, model
from core.detection.cases import Case
from core.detection.detector import Detector
from core.detection.document import SkillText
from core.detection.index import FEATURES
from core.detection.model import MESSAGE_FEATURES
from core.detection.source import Labelled, as_others_write, read_labelled, read_library

_FOLDS = 4
_PRECISION = 0.98
"""What must come true of what runs without a question: above the goal, for the half one tunes on flatters."""

_REQUESTS_LOST = 0.005
"""Share of requests that may be taken for small talk."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """One message, over each library: how it was seen, and what it counts."""

    case: Case
    whole: fit.Example
    others: tuple[fit.Example, ...]


def calibrate(library: Path, data: Path) -> dict[str, Any]:
    """Fit everything anew and write it to `calibration.json`; the content is also returned."""
    skills, workflows = read_library(library)
    labelled = read_labelled(data)
    seen = list(_look(skills, labelled))
    held_out = [prediction for fold in range(_FOLDS) for prediction in _held_out(seen, fold)]
    curve = fit.fit_curve([(one.first, one.right, one.weight) for one in held_out if not one.case.off_topic])
    weights = fit.fit([example for one in seen for example in (one.whole, *one.others)])
    run_at, off_topic_at = _thresholds(held_out, curve)
    detector = Detector(judge=None)
    detector.rebuild(skills, workflows)
    content = {
        "origin": (
            f"Made by `python -m core.detection calibrate` on {dt.datetime.now(dt.UTC):%Y-%m-%d} from "
            f"{len(seen)} messages of the development half, over {len(skills)} skills, parts of them, the same "
            f"without triggers, and {len(labelled.other_library)} skills by others."
        ),
        "skill": dict(zip(FEATURES, _rounded(weights[0]), strict=True)),
        "off_topic": dict(zip(MESSAGE_FEATURES, _rounded(weights[1]), strict=True)),
        "none": dict(zip(MESSAGE_FEATURES, _rounded(weights[2]), strict=True)),
        "curve": dict(zip("abc", _rounded(curve), strict=True)),
        "thresholds": {"run": run_at, "off_topic": off_topic_at},
        "workflow": _workflow_precision(detector, labelled),
    }
    model.FILE.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return content


def _libraries(skills: Sequence[SkillText]) -> Iterator[tuple[float, list[SkillText]]]:
    """The other libraries that messages are put to, and what an example over each counts."""
    bare = [as_others_write(skill) for skill in skills]
    yield 0.6, bare
    yield 0.4, [SkillText(skill.name, skill.description) for skill in bare]
    chance = random.Random(1)  # noqa: S311 - parts that are the same each time
    for number in range(3):
        yield 0.06, chance.sample(bare if number % 2 else list(skills), len(skills) * 7 // 10)


def _look(skills: list[SkillText], labelled: Labelled) -> Iterator[_Seen]:
    whole = _detector(skills)
    parts = [(weight, _detector(part)) for weight, part in _libraries(skills)]
    others = _detector(labelled.other_library)
    for case in (*labelled.requests, *labelled.off_topic):
        if case.half == "dev":
            examples = [_example(detector, case, labelled, weight) for weight, detector in parts]
            if case.off_topic:
                examples.append(_example(others, case, labelled, 0.3))
            yield _Seen(case, _example(whole, case, labelled, 1.0), tuple(examples))
    for case in labelled.other_requests:
        if case.half == "dev":
            yield _Seen(case, _example(others, case, labelled, 0.5), ())


def _detector(skills: list[SkillText]) -> Detector:
    detector = Detector(judge=None)
    detector.rebuild(skills)
    return detector


def _example(detector: Detector, case: Case, labelled: Labelled, weight: float) -> fit.Example:
    look, index = detector.explain(case.text, clients=labelled.clients)
    names = [index.entries[match.place].skill.name for match in look.matches]
    label = names.index(case.skill) if case.skill in names else fit.NONE
    if case.off_topic:
        label = fit.OFF_TOPIC
    return fit.Example(tuple(match.features for match in look.matches), look.message, label, weight)


@dataclass(frozen=True, slots=True)
class _Prediction:
    """What a model said of a message that it was not fitted on."""

    case: Case
    first: float
    right: bool
    off_topic: float
    weight: float
    whole: bool


def _held_out(seen: Sequence[_Seen], fold: int) -> Iterator[_Prediction]:
    def is_in(one: _Seen) -> bool:
        return random.Random(one.case.text).randrange(_FOLDS) == fold  # noqa: S311 - a fixed share of the messages

    weights = fit.fit(
        [example for one in seen if not is_in(one) for example in (one.whole, *one.others)], steps=120
    )
    for one in seen:
        if is_in(one):
            for example in (one.whole, *one.others):
                *odds, off_topic, _ = model.softmax(weights, example.rows, example.message)
                first = max(range(len(odds)), key=odds.__getitem__, default=-3)
                p = odds[first] if odds else 0.0
                right = first == example.label
                yield _Prediction(
                    one.case, p, right, off_topic, example.weight, example is one.whole and bool(one.others)
                )


def _thresholds(held_out: Sequence[_Prediction], curve: tuple[float, float, float]) -> tuple[float, float]:
    """Where to run without a question, and where to take a message for small talk."""
    asked = (one for one in held_out if one.whole and not one.case.off_topic)
    ranked = sorted(asked, key=lambda one: -one.first)
    run_at, right = 1.0, 0
    for count, one in enumerate(ranked, 1):
        right += one.right
        if right >= _PRECISION * count:
            run_at = model.bend(curve, one.first)
    requests = sorted((one.off_topic for one in ranked), reverse=True)
    return round(run_at, 3), round(max(requests[int(_REQUESTS_LOST * len(requests))], 0.5), 3)


def _workflow_precision(detector: Detector, labelled: Labelled) -> float:
    """How often a workflow is meant where one is found (Laplace's rule of succession)."""
    found = right = 0
    for case in (*labelled.requests, *labelled.off_topic, *labelled.workflows):
        if case.half == "dev":
            seen = detector.look(case.text, clients=labelled.clients)
            found += seen.kind == "workflow"
            right += seen.kind == "workflow" and seen.workflow == case.workflow
    return round((right + 1) / (found + 2), 3)


def _rounded(numbers: Sequence[float]) -> list[float]:
    return [round(number, 4) for number in numbers]
