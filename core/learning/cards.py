"""A proposal as people see it: the rows behind it, gathered."""

from dataclasses import replace
from uuid import UUID

from core.channel import EvidenceCard, ProposalCard, ReplayPrice
from core.learning.evaluation import Evaluation
from core.learning.replay import estimate
from core.outputs.describe import without_controls
from core.runtime import Runtime, Unit
from storage.evidence import Judged, judgements, names
from storage.models import RuleProposal
from storage.rules import RuleVersionRepository, Scope


async def proposal_card(runtime: Runtime, proposal_id: UUID) -> ProposalCard:
    """A proposal as it stands now, with the price of a test where one can be started.

    Raises:
        NotFoundError: there is none of this id.
    """
    async with runtime.system_unit() as unit:
        proposal = await unit.proposals.get(proposal_id)
        card = await card_of(unit, proposal)
    if card.status != "draft":
        return card
    price = await estimate(runtime, proposal)
    return replace(card, price=ReplayPrice(price.pairs, price.expected_usd, price.cap_usd))


async def card_of(unit: Unit, proposal: RuleProposal) -> ProposalCard:
    """A proposal as it stands now, without a price."""
    skill, client = await names(unit.session, proposal)
    judged = await judgements(unit.session, proposal.evidence)
    return ProposalCard(
        proposal_id=proposal.id,
        scope=proposal.scope,
        subject=client or skill or "",
        theme=proposal.theme,
        change_type=proposal.change_type,
        origin=proposal.origin,
        current_rule=proposal.current_rule,
        proposed_rule=proposal.proposed_rule,
        rationale=proposal.rationale,
        status=proposal.status,
        revision=proposal.revision,
        evidence=tuple(_evidence(one) for one in judged),
        warnings=tuple((str(it.get("code", "")), str(it.get("detail", ""))) for it in proposal.warnings),
        evaluation=Evaluation.from_json(proposal.evaluation),
        version_id=await _undoable(unit, proposal),
        decided_by=proposal.decided_by,
    )


def _evidence(one: Judged) -> EvidenceCard:
    said = [str(issue.get("description", "")) for issue in one.feedback.issues_json]
    quote = next((text for text in (*said, one.feedback.what_worked_well or "") if text.strip()), "")
    return EvidenceCard(one.short_id, one.feedback.overall_score, " ".join(without_controls(quote).split()))


async def _undoable(unit: Unit, proposal: RuleProposal) -> UUID | None:
    """The version that an approved proposal became, while it is the newest."""
    if proposal.status != "approved":
        return None
    newest = await RuleVersionRepository(unit.session).newest(Scope.of(proposal))
    return newest.id if newest is not None and newest.proposal_id == proposal.id else None
