"""Proposals: changes of one rule that wait for an admin's decision, or were decided."""

from typing import Self
from uuid import UUID

from pydantic import Field, model_validator

from bot.http.schemas.common import Body, Money, PageQuery, Schema, Text, Time
from core.learning.decisions import Decision
from core.learning.evaluation import Ended, Failure, PairKind, Verdict
from storage.models import RuleProposal
from storage.models.rules import ChangeType, ProposalOrigin, ProposalStatus, RuleScope


class ProposalQuery(PageQuery):
    """Which proposals."""

    status: ProposalStatus | None = None


class WarningView(Schema):
    """What to look at before deciding."""

    code: str = Field(description="Such as `orders`, `contradicts`, `client-facts` or `link`.")
    detail: str


class ProposalView(Schema):
    """A proposal in a list."""

    id: UUID
    scope: RuleScope = Field(description="Whose rule: one skill's, one client's, or everybody's (`global`).")
    skill_id: UUID | None
    client_id: UUID | None
    theme: str = Field(description="What the feedback is about.")
    change_type: ChangeType
    origin: ProposalOrigin = Field(description="`library`: a new text of the library and a learned rule disagree.")
    current_rule: str | None = Field(description="What stands now; null: a rule is added.")
    proposed_rule: str | None = Field(description="What would stand instead; null: the rule is removed.")
    diff: str
    rationale: str
    warnings: list[WarningView]
    status: ProposalStatus
    revision: int = Field(description="Grows with each change; give it back with a decision.")
    decided_by: str | None = Field(description="What they are called now; null also of an admin who has left.")
    decided_at: Time | None
    created_at: Time

    @classmethod
    def of(cls, proposal: RuleProposal, decided_by: str | None) -> Self:
        """A proposal as it stands now; `decided_by` is a name."""
        return cls.model_validate(proposal).model_copy(update={"decided_by": decided_by})


class EvidenceView(Schema):
    """A judgement that it rests on."""

    output: str = Field(description="The short id of the output that was judged.")
    score: int
    quote: str


class PairView(Schema):
    """A past request, written with the old rules and with the new one, and judged blind."""

    run_id: UUID
    kind: PairKind = Field(description="`complaint`: it led to the theme; `guard`: it must not get worse.")
    request: str = Field(description="Its beginning.")
    verdict: Verdict = Field(description="For the new rule.")
    reason: str
    cost_usd: Money


class EvaluationView(Schema):
    """How the proposed rule did in its test, as far as that has come."""

    cap_usd: Money
    wins: int
    ties: int
    losses: int
    regressions: int = Field(description="Losses among the texts that people liked.")
    unjudged: int
    cost_usd: Money
    ended: Ended | None = Field(description="Null before it ends; `cap`: its dollars were used up.")
    failure: Failure | None
    pairs: list[PairView]


class PriceView(Schema):
    """What a test would take."""

    pairs: int
    expected_usd: Money
    cap_usd: Money = Field(description="It never costs more.")


class ProposalDetail(ProposalView):
    """One proposal, with all that a decision needs."""

    subject: str = Field(description="The skill's title or the client's name; empty: everybody.")
    evidence: list[EvidenceView]
    evaluation: EvaluationView
    price: PriceView | None = Field(description="Of a test; null where none can be started.")
    can_be_rolled_back: bool


class ProposalDecisionRequest(Body):
    """What you decide."""

    model_config = Body.model_config | {
        "json_schema_extra": {
            "examples": [
                {"decision": "test", "revision": 1},
                {"decision": "edit", "rule": "Name the price in the first sentence."},
            ]
        }
    }

    decision: Decision = Field(
        description="`test` replays past requests for at most the price's `cap_usd`; `approve` needs its result."
    )
    rule: Text | None = Field(None, description="The new wording; needed to edit.")
    revision: int | None = Field(
        None, ge=1, le=1_000_000, description="The one that you saw: another one is refused."
    )

    @model_validator(mode="after")
    def _edit_says_what(self) -> Self:
        if (self.decision == "edit") != bool((self.rule or "").strip()):
            raise ValueError("an edit needs a rule, and nothing else does")
        return self
