"""What a test found is kept and read again without loss."""

import json
from decimal import Decimal

import uuid_utils.compat as uuid

from core.learning.evaluation import Evaluation, Pair, PairKind, Planned, Verdict


def pair(kind: PairKind, verdict: Verdict) -> Pair:
    return Pair(uuid.uuid7(), kind, "Write it", verdict, "Because.", Decimal("0.015"))


def test_it_counts_and_survives_being_kept() -> None:
    pairs = (
        pair("complaint", "win"),
        pair("complaint", "loss"),
        pair("guard", "loss"),
        pair("guard", "tie"),
        pair("guard", "unjudged"),
    )
    begun = {uuid.uuid7(): Decimal("0.1")}
    found = Evaluation(
        cap_usd=Decimal("1.00"),
        planned=tuple(Planned(it.run_id, it.kind) for it in pairs),
        pairs=pairs,
        begun=begun,
        lost_usd=Decimal("0.02"),
        ended="cap",
    )
    assert (found.wins, found.ties, found.losses, found.regressions, found.unjudged) == (1, 1, 2, 1, 1)
    assert (found.judged, found.cost_usd) == (4, Decimal("0.095"))
    kept = json.loads(json.dumps(found.to_json()))
    assert kept["regressions"] == 1
    assert Evaluation.from_json(kept | {"holder": "a worker", "lease_until": 1.0}) == found


def test_one_that_was_never_tested_is_empty() -> None:
    assert Evaluation.from_json({}) == Evaluation()
    assert Evaluation().cost_usd == 0
