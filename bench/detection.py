"""How well detection works, on messages that it was not fitted on: `python -m bench.detection`.

Prints shares with 95 % intervals (Wilson), times, and writes the reliability diagram of `docs/detection.md`.
"""

import gc
import math
import random
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from core.detection import lexicon
from core.detection.cases import Case
from core.detection.detector import Detector
from core.detection.document import ClientName, SkillText
from core.detection.result import Detection
from core.detection.source import DATA, LIBRARY, Labelled, as_others_write, read_labelled, read_library

DIAGRAM = Path("docs/detection-reliability.svg")
_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """A message and what became of it."""

    case: Case
    seen: Detection

    @property
    def names(self) -> list[str]:
        """The five candidates, best first."""
        return [candidate.skill for candidate in self.seen.alternatives]

    @property
    def first(self) -> bool:
        """Whether the first choice is right."""
        return self.names[:1] == [self.case.skill]

    @property
    def five(self) -> bool:
        """Whether the right skill is among the five."""
        return self.case.skill in self.names

    @property
    def probability(self) -> float:
        """What the detector says of its first choice."""
        return self.seen.alternatives[0].probability if self.seen.alternatives else 0.0


def main() -> None:
    """Measure and print."""
    skills, workflows = read_library(LIBRARY)
    labelled = read_labelled(DATA)
    lexicon.shipped()
    detector = Detector(judge=None)
    cold = _milliseconds(partial(detector.rebuild, skills, workflows))
    requests = _answers(detector, labelled.requests, labelled.clients)
    print(f"{len(skills)} skills; {len(requests)} requests, none of them used for fitting\n")
    _print_quality(detector, requests, labelled)
    _print_other_libraries(skills, labelled)
    _print_cost(skills, labelled, cold)
    DIAGRAM.parent.mkdir(exist_ok=True)
    DIAGRAM.write_text(_diagram(requests), encoding="utf-8")
    print(f"\nreliability diagram: {DIAGRAM}")


def _answers(detector: Detector, cases: Iterable[Case], clients: Sequence[ClientName]) -> list[Answer]:
    return [Answer(case, detector.look(case.text, clients=clients)) for case in cases if case.half == "test"]


def _print_quality(detector: Detector, requests: list[Answer], labelled: Labelled) -> None:
    ran = [answer for answer in requests if answer.seen.kind == "skill"]
    small = _answers(detector, labelled.off_topic, labelled.clients)
    wanted = _answers(detector, labelled.workflows, labelled.clients)
    with_client = [answer for answer in requests if answer.case.client]
    ids = {client.name: client.id for client in labelled.clients}
    rows: list[tuple[str, str, Iterable[bool]]] = [
        ("first choice right", "≥ 85 %", (a.first for a in requests)),
        ("right among the first five", "≥ 99 %", (a.five for a in requests)),
        ("answered without a model", "≥ 50 %", (a.seen.kind == "skill" for a in requests)),
        ("… and right", "≥ 97 %", (a.seen.skill == a.case.skill for a in ran)),
        ("requests taken for small talk", "", (a.seen.kind == "off_topic" for a in requests)),
        ("off topic let through", "≤ 2 %", (a.seen.kind in {"skill", "workflow"} for a in small)),
        ("off topic recognised", "", (a.seen.kind == "off_topic" for a in small)),
        ("workflow recognised", "", (a.seen.workflow == a.case.workflow for a in wanted)),
        ("a single skill taken for a workflow", "", (a.seen.kind == "workflow" for a in requests)),
        ("client recognised", "", (a.seen.client_ids == (ids[a.case.client or ""],) for a in with_client)),
        ("language recognised", "", (a.seen.language == a.case.language for a in requests)),
    ]
    _table("", rows)
    kinds = sorted({answer.case.kind for answer in requests})
    by_kind = [(kind, "", [a.first for a in requests if a.case.kind == kind]) for kind in kinds]
    _table("first choice, by kind of message", by_kind)
    tongues = sorted({a.case.language or "" for a in requests})
    by_language = [(tongue, "", [a.first for a in requests if a.case.language == tongue]) for tongue in tongues]
    _table("first choice, by language", by_language)


def _print_other_libraries(skills: list[SkillText], labelled: Labelled) -> None:
    libraries = {
        "ours, with names and descriptions and bodies only": (
            [as_others_write(s) for s in skills],
            labelled.requests,
        ),
        f"{len(labelled.other_library)} skills by others": (labelled.other_library, labelled.other_requests),
    }
    for name, (library, cases) in libraries.items():
        detector = Detector(judge=None)
        detector.rebuild(library)
        answers = _answers(detector, cases, labelled.clients)
        ran = [answer for answer in answers if answer.seen.kind == "skill"]
        rows: list[tuple[str, str, Iterable[bool]]] = [
            ("first choice right", "≥ 80 %", (a.first for a in answers)),
            ("right among the first five", "", (a.five for a in answers)),
            ("answered without a model", "", (a.seen.kind == "skill" for a in answers)),
            ("… and right", "≥ 97 %", (a.seen.skill == a.case.skill for a in ran)),
        ]
        _table(name, rows)


def _print_cost(skills: list[SkillText], labelled: Labelled, cold: float) -> None:
    detector, large = Detector(judge=None), Detector(judge=None)
    detector.rebuild(skills)
    changed = [
        SkillText(s.name, s.description + " Now in colour.", body=s.body) if not i else s
        for i, s in enumerate(skills)
    ]
    warm = statistics.median(_milliseconds(partial(detector.rebuild, each)) for each in [changed, skills] * _ROUNDS)
    large.rebuild(_grown(skills, 1_000))
    cases = [case for case in labelled.requests if case.half == "test"]
    small_times, large_times = [], []
    gc.collect()
    for _ in range(_ROUNDS):
        small_times.append(_median_time(detector, cases, labelled.clients))
        large_times.append(_median_time(large, cases, labelled.clients))
    per_message, per_message_large = min(small_times), min(large_times)
    longest = " ".join(case.text for case in cases)[:4_096]
    print("\ncost (processor time of one core)")
    ratio = per_message_large / per_message
    print(f"  {len(skills)} skills, median message   {per_message:7.3f} ms   goal ≤ 0.5")
    print(f"  1,000 skills, median message {per_message_large:6.3f} ms   {ratio:.2f} ×, goal ≤ 2")
    print(f"  message of 4,096 characters {_milliseconds(lambda: detector.look(longest)):7.2f} ms")
    print(f"  rebuild after a sync        {warm:7.1f} ms   goal ≤ 100")
    print(f"  first build in a process    {cold:7.1f} ms")


def _median_time(detector: Detector, cases: Sequence[Case], clients: Sequence[ClientName]) -> float:
    return statistics.median(_milliseconds(partial(detector.look, case.text, clients=clients)) for case in cases)


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.process_time_ns()
    work()
    return (time.process_time_ns() - start) / 1e6


def _grown(skills: list[SkillText], size: int) -> list[SkillText]:
    """A library of many skills that share the words of few: the hardest kind to tell apart quickly."""
    chance = random.Random(7)  # noqa: S311 - the same library each time
    grown = list(skills)
    while len(grown) < size:
        one, other = chance.sample(skills, 2)
        half, other_half = one.description.split(), other.description.split()
        grown.append(
            SkillText(
                name=f"{one.name}-{len(grown)}",
                description=" ".join(half[: len(half) // 2] + other_half[len(other_half) // 2 :]),
                triggers=tuple(chance.sample([*one.triggers, *other.triggers], 12)),
                body=one.body[: len(one.body) // 2] + other.body[len(other.body) // 2 :],
            )
        )
    return grown


def _table(title: str, rows: Sequence[tuple[str, str, Iterable[bool]]]) -> None:
    if title:
        print(f"\n{title}")
    for name, goal, values in rows:
        found = list(values)
        if found:
            low, high = wilson(sum(found), len(found))
            share = sum(found) / len(found)
            interval = f"{low:5.1%} to {high:6.1%}"
            aim = f"goal {goal}" if goal else ""
            print(f"  {name:38}{share:7.1%}   {interval}   of {len(found):4}   {aim}".rstrip())


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson's score interval)."""
    z = 1.96
    share = right / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    reach = z * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(middle - reach, 0.0), min(middle + reach, 1.0)


def _diagram(requests: Sequence[Answer]) -> str:
    """Said against true, in groups of equal size: a point on the line is a probability that holds."""
    ranked = sorted(requests, key=lambda answer: answer.probability)
    size = math.ceil(len(ranked) / 12)
    groups = [ranked[start : start + size] for start in range(0, len(ranked), size)]
    left, top, side = 56, 16, 328

    def at(x: float, y: float) -> tuple[float, float]:
        return round(left + x * side, 1), round(top + (1 - y) * side, 1)

    parts = []
    for tick in (0.0, 0.25, 0.5, 0.75, 1.0):
        (x, bottom), (edge, y) = at(tick, 0), at(0, tick)
        parts.append(f'<path d="M{x} {top}V{bottom}M{edge} {y}H{left + side}" class="grid"/>')
        parts.append(f'<text x="{x}" y="{bottom + 18}" text-anchor="middle">{tick:.0%}</text>')
        parts.append(f'<text x="{edge - 8}" y="{y + 4}" text-anchor="end">{tick:.0%}</text>')
    (x0, y0), (x1, y1) = at(0, 0), at(1, 1)
    parts.append(f'<path d="M{x0} {y0}L{x1} {y1}" class="ideal"/>')
    for group in groups:
        said = statistics.fmean(answer.probability for answer in group)
        right = sum(answer.first for answer in group)
        low, high = wilson(right, len(group))
        (x, y), (_, y_low), (_, y_high) = at(said, right / len(group)), at(said, low), at(said, high)
        parts.append(f'<path d="M{x} {y_low}V{y_high}" class="reach"/><circle cx="{x}" cy="{y}" r="4.5"/>')
    said_at, true_at = f'x="{left + side / 2}" y="{top + side + 40}"', f"translate(14 {top + side / 2}) rotate(-90)"
    parts.append(f'<text {said_at} text-anchor="middle">said: probability of the first choice</text>')
    parts.append(f'<text transform="{true_at}" text-anchor="middle">true: share that was right</text>')
    style = (
        "text{font:12px system-ui,sans-serif;fill:#57606a}circle{fill:#0969da}"
        ".grid{stroke:#d0d7de;fill:none}.ideal{stroke:#8c959f;stroke-dasharray:4 4}"
        ".reach{stroke:#0969da;stroke-opacity:.45;stroke-width:2}"
    )
    title = f"Reliability of detection on {len(requests)} requests"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 396" role="img" aria-label="{title}">'
        f"<title>{title}</title><style>{style}</style>"
        f'<rect width="400" height="396" fill="#fff"/>{"".join(parts)}</svg>\n'
    )


if __name__ == "__main__":
    main()
