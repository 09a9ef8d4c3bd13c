"""What each stage saw in a message, and why it decided: a table for people."""

from collections.abc import Iterable, Iterator, Sequence

from core.detection.detector import Detector, Look
from core.detection.document import ClientName
from core.detection.index import Index
from core.detection.model import MESSAGE_FEATURES, Model

_HEADINGS = (
    "name",
    "purpose",
    "phrases",
    "body",
    "passage",
    "amount",
    "phrase",
    "notions",
    "in name",
    "amount",
    "pairs",
    "leads",
)
"""Short names of `core.detection.index.FEATURES`."""


def explain(detector: Detector, weights: Model, message: str, clients: Sequence[ClientName] = ()) -> Iterator[str]:
    """The lines of the table."""
    look, index = detector.explain(message, clients=clients)
    for stage, saw in _stages(look, index, weights, clients):
        yield f"{stage:12}{saw}"
    if look.judgement is None:
        return
    yield ""
    yield f"{'candidate':26}{'p':>6}  " + "".join(f"{heading:>9}" for heading in _HEADINGS)
    evidence = {match.place: match.features for match in look.matches}
    for place, p in look.judgement.skills:
        values = "".join(f"{value:9.2f}" for value in evidence[place])
        yield f"{index.entries[place].skill.name:26.26}{p:6.3f}  {values}"
    yield f"{'weight':34}" + "".join(f"{weight:9.2f}" for weight in weights.skill)
    yield ""
    yield f"{'the message as a whole':26}{'value':>8}{'off topic':>11}{'none of these':>15}"
    rows = zip(MESSAGE_FEATURES, look.message, weights.off_topic, weights.none, strict=True)
    for name, value, off_topic, none in rows:
        yield f"{name.replace('_', ' '):26}{value:8.2f}{off_topic:11.2f}{none:15.2f}"


def _stages(look: Look, index: Index, weights: Model, clients: Sequence[ClientName]) -> Iterator[tuple[str, str]]:
    seen, asked = look.detection, look.query
    named = [client.name for client in clients if client.id in seen.client_ids]
    by_rarity = sorted(asked.terms.items(), key=lambda term: -term[1] * index.rarity(term[0]))
    yield "command", f"/{seen.skill}" if seen.method == "command" else "none"
    yield "clients", _listed(named)
    yield "language", seen.language
    yield "words", _listed(f"{term} {weight * index.rarity(term):.1f}" for term, weight in by_rarity)
    yield "notions", _listed(f"{notion} {weight:.1f}" for notion, weight in asked.notions.items())
    yield "phrases", _listed(f"“{phrase}”" for _, _, phrase in index.exact_phrases(asked))
    yield "workflow", seen.workflow or "none"
    if look.judgement:
        first = look.judgement.skills[0][1] if look.judgement.skills else 0.0
        ways_out = f"off topic {look.judgement.off_topic:.3f}, none of these {look.judgement.none:.3f}"
        yield "probability", f"first choice {first:.3f} (runs from {weights.run_at:.2f}), {ways_out}"
    yield "output", seen.output_type.label if seen.output_type else "none named"
    what = seen.skill or seen.off_topic_kind or (seen.workflow if seen.kind == "workflow" else None)
    yield "decision", f"{seen.kind}{f': {what}' if what else ''} ({seen.method}, {seen.confidence:.3f})"
    if seen.kind == "unsure":
        yield "next", f"a judge is asked, else the person: {_listed(one.skill for one in seen.alternatives)}"


def _listed(parts: Iterable[str]) -> str:
    return ", ".join(parts) or "none"
