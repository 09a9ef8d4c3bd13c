"""How a proposed rule did in its test: pairs of texts, written with the old rules and with the new ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, get_args
from uuid import UUID

Verdict = Literal["win", "tie", "loss", "unjudged"]
PairKind = Literal["complaint", "guard"]
Ended = Literal["complete", "cap", "failed"]
Failure = Literal["rules-moved", "nothing-to-replay", "not-judged"]
REQUEST_CHARACTERS = 120
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Planned:
    """A past run that is to be written again: one that people complained of, or one that must not get worse."""

    run_id: UUID
    kind: PairKind


@dataclass(frozen=True, slots=True)
class Pair:
    """A past request, written again with both rules and judged: `win` is one for the new rule.

    `request` is its beginning; `reason` is the judge's, or, where there is no verdict, the code of the error;
    `cost_usd` is what both texts and the judge cost, in US dollars.
    """

    run_id: UUID
    kind: PairKind
    request: str
    verdict: Verdict
    reason: str
    cost_usd: Decimal

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "run_id": str(self.run_id),
            "kind": self.kind,
            "request": self.request,
            "verdict": self.verdict,
            "reason": self.reason,
            "cost_usd": str(self.cost_usd),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Pair":
        """Read one that was kept."""
        return cls(
            run_id=UUID(kept["run_id"]),
            kind=kept["kind"],
            request=kept["request"],
            verdict=kept["verdict"],
            reason=kept["reason"],
            cost_usd=Decimal(kept["cost_usd"]),
        )


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A test of a proposal, as far as it has come: what `rule_proposals.evaluation` holds.

    `ended` is None while it goes on, `cap` if the dollars would not have lasted for the rest of `planned`, and
    `failed` for the reason in `failure`. `begun` are pairs at work with the dollars set aside for each: those that
    a crash cuts off are counted as spent, in `lost_usd`, since nobody knows how far they came.
    """

    cap_usd: Decimal = _ZERO
    planned: tuple[Planned, ...] = ()
    pairs: tuple[Pair, ...] = ()
    begun: Mapping[UUID, Decimal] = field(default_factory=dict)
    lost_usd: Decimal = _ZERO
    ended: Ended | None = None
    failure: Failure | None = None

    @property
    def wins(self) -> int:
        """Pairs of which the new rule's text is the better one."""
        return self._count("win")

    @property
    def ties(self) -> int:
        """Pairs of which neither is, or of which the judge thinks otherwise once they change places."""
        return self._count("tie")

    @property
    def losses(self) -> int:
        """Pairs of which the old rules' text is the better one."""
        return self._count("loss")

    @property
    def unjudged(self) -> int:
        """Pairs without a verdict: a text or the judge failed."""
        return self._count("unjudged")

    @property
    def judged(self) -> int:
        """Pairs with a verdict."""
        return len(self.pairs) - self.unjudged

    @property
    def regressions(self) -> int:
        """Losses among the texts that people liked."""
        return sum(pair.kind == "guard" and pair.verdict == "loss" for pair in self.pairs)

    @property
    def cost_usd(self) -> Decimal:
        """All that the test has cost so far, in US dollars."""
        return sum((pair.cost_usd for pair in self.pairs), self.lost_usd)

    def to_json(self) -> dict[str, Any]:
        """As it is kept, with the counts, so that a query can read them."""
        return {
            "cap_usd": str(self.cap_usd),
            "planned": [{"run_id": str(it.run_id), "kind": it.kind} for it in self.planned],
            "pairs": [pair.to_json() for pair in self.pairs],
            "begun": {str(run_id): str(usd) for run_id, usd in self.begun.items()},
            "lost_usd": str(self.lost_usd),
            "ended": self.ended,
            "failure": self.failure,
            "wins": self.wins,
            "ties": self.ties,
            "losses": self.losses,
            "regressions": self.regressions,
            "unjudged": self.unjudged,
            "cost_usd": str(self.cost_usd),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Evaluation":
        """Read what was kept; of a proposal that was never tested, an empty one."""
        ended, failure = kept.get("ended"), kept.get("failure")
        return cls(
            cap_usd=Decimal(kept.get("cap_usd", 0)),
            planned=tuple(Planned(UUID(it["run_id"]), it["kind"]) for it in kept.get("planned", ())),
            pairs=tuple(Pair.from_json(it) for it in kept.get("pairs", ())),
            begun={UUID(run_id): Decimal(usd) for run_id, usd in kept.get("begun", {}).items()},
            lost_usd=Decimal(kept.get("lost_usd", 0)),
            ended=ended if ended in get_args(Ended) else None,
            failure=failure if failure in get_args(Failure) else None,
        )

    def _count(self, verdict: Verdict) -> int:
        return sum(pair.verdict == verdict for pair in self.pairs)
