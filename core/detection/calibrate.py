"""Remaking `calibration.json` from labelled messages.

The same messages are put to the library as it is, to parts of it, to the library as others would have written it,
and to one by others, so that a probability holds what it says wherever it is asked for.
"""

import datetime as dt
import json
import random
from collections.abc import Iterable, Iterator, Sequence
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
_RUN_AT = 0.95
"""Where a skill runs without a question: at the margin one in twenty may be wrong, on the whole far fewer are."""

_REQUESTS_LOST = 0.005
"""Share of requests that may be taken for small talk."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """One message as an example over each library that it was put to."""

    case: Case
    examples: tuple[fit.Example, ...]


@dataclass(frozen=True, slots=True)
class _Prediction:
    """What weights said of a message that they were not fitted on."""

    case: Case
    first: float
    right: bool
    off_topic: float
    weight: float


def calibrate(library: Path, data: Path) -> dict[str, Any]:
    """Fit everything anew and write it to `calibration.json`; the content is also returned."""
    skills, workflows = read_library(library)
    labelled = read_labelled(data)
    cases = [case for case in (*labelled.requests, *labelled.off_topic) if case.half == "dev"]
    seen = [*_look(skills, labelled, cases), *_look_at_others(labelled)]
    weights = _fit(seen)
    held_out = [prediction for fold in range(_FOLDS) for prediction in _held_out(seen, fold)]
    fresh = [said for one in _look(skills, labelled, labelled.calibration) for said in _predict(weights, one)]
    asked = [one for one in (*held_out, *fresh) if not one.case.off_topic]
    curve = fit.fit_curve([(one.first, one.right, one.weight) for one in asked])
    detector = Detector(judge=None)
    detector.rebuild(skills, workflows)
    content = {
        "origin": (
            f"Made by `python -m core.detection calibrate` on {dt.datetime.now(dt.UTC):%Y-%m-%d} from "
            f"{len(seen)} messages of the development half, over {len(skills)} skills, parts of them, the same "
            f"without triggers, and {len(labelled.other_library)} skills by others; the curve also from "
            f"{len(labelled.calibration)} messages that nothing else was fitted on."
        ),
        "skill": dict(zip(FEATURES, _rounded(weights[0]), strict=True)),
        "off_topic": dict(zip(MESSAGE_FEATURES, _rounded(weights[1]), strict=True)),
        "none": dict(zip(MESSAGE_FEATURES, _rounded(weights[2]), strict=True)),
        "curve": dict(zip("abc", _rounded(curve), strict=True)),
        "thresholds": {"run": _RUN_AT, "off_topic": _off_topic_at(asked)},
        "workflow": _workflow_precision(detector, labelled),
    }
    model.FILE.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return content


def _libraries(skills: Sequence[SkillText]) -> Iterator[tuple[float, list[SkillText]]]:
    """The libraries that our messages are put to, and what an example over each counts."""
    bare = [as_others_write(skill) for skill in skills]
    yield 1.0, list(skills)
    yield 0.6, bare
    yield 0.4, [SkillText(skill.name, skill.description) for skill in bare]
    chance = random.Random(1)  # noqa: S311 - parts that are the same each time
    for number in range(3):
        yield 0.06, chance.sample(bare if number % 2 else list(skills), len(skills) * 7 // 10)


def _look(skills: list[SkillText], labelled: Labelled, cases: Iterable[Case]) -> Iterator[_Seen]:
    ours = [(weight, _detector(library)) for weight, library in _libraries(skills)]
    with_others = [*ours, (0.3, _detector(labelled.other_library))]
    for case in cases:
        over = with_others if case.off_topic else ours
        yield _Seen(case, tuple(_example(detector, case, labelled, weight) for weight, detector in over))


def _look_at_others(labelled: Labelled) -> Iterator[_Seen]:
    others = _detector(labelled.other_library)
    for case in labelled.other_requests:
        if case.half == "dev":
            yield _Seen(case, (_example(others, case, labelled, 0.5),))


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


def _held_out(seen: Sequence[_Seen], fold: int) -> Iterator[_Prediction]:
    """Predictions for a fold of the messages by weights that were fitted on the others."""
    folds = [random.Random(one.case.text).randrange(_FOLDS) for one in seen]  # noqa: S311 - the same folds each time
    weights = _fit([one for one, its in zip(seen, folds, strict=True) if its != fold], steps=120)
    for one, its in zip(seen, folds, strict=True):
        if its == fold:
            yield from _predict(weights, one)


def _fit(seen: Sequence[_Seen], *, steps: int = 250) -> model.Weights:
    return fit.fit([example for one in seen for example in one.examples], steps=steps)


def _predict(weights: model.Weights, seen: _Seen) -> Iterator[_Prediction]:
    for example in seen.examples:
        *odds, off_topic, _ = model.softmax(weights, example.rows, example.message)
        first = max(range(len(odds)), key=odds.__getitem__, default=None)
        p, right = (0.0, False) if first is None else (odds[first], first == example.label)
        yield _Prediction(seen.case, p, right, off_topic, example.weight)


def _off_topic_at(asked: Sequence[_Prediction]) -> float:
    """Where to take a message for small talk: so high that few requests are lost."""
    taken = sorted((one.off_topic for one in asked), reverse=True)
    return round(max(taken[int(_REQUESTS_LOST * len(taken))], 0.5), 3)


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
