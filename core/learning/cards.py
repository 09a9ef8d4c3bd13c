"""A proposal as people see it: the rows behind it, gathered."""

from contextlib import suppress
from dataclasses import replace
from uuid import UUID

from core.channel import EvidenceCard, ProposalCard, ReplayPrice
from core.errors import SkillUnknownError
from core.learning.evaluation import Evaluation
from core.learning.planning import estimate
from core.learning.themes import said_in
from core.outputs.describe import without_controls
from core.runtime import Runtime, Unit
from storage.clients import ClientRepository
from storage.learning import Judged, LearningRepository
from storage.models import RuleProposal
from storage.rules import RuleVersionRepository, Scope
from storage.skills import SkillRepository


async def proposal_card(runtime: Runtime, proposal_id: UUID) -> ProposalCard:
    """A proposal as it stands now, with the price of a test where one can be started.

    Raises:
        NotFoundError: there is none of this id.
    """
    async with runtime.system_unit() as unit:
        proposal = await unit.proposals.get(proposal_id)
        card = await card_of(runtime, unit, proposal)
    if card.status not in {"draft", "ready"}:
        return card
    price = await estimate(runtime, proposal)
    return replace(card, price=ReplayPrice(price.pairs, price.expected_usd, price.cap_usd))


async def card_of(runtime: Runtime, unit: Unit, proposal: RuleProposal) -> ProposalCard:
    """A proposal as it stands now, without a price."""
    judged = await LearningRepository(unit.session).evidence(proposal.evidence)
    return ProposalCard(
        proposal_id=proposal.id,
        scope=proposal.scope,
        subject=await subject_of(runtime, unit, Scope.of(proposal)),
        theme=proposal.theme,
        change_type=proposal.change_type,
        origin=proposal.origin,
        current_rule=proposal.current_rule,
        proposed_rule=proposal.proposed_rule,
        rationale=proposal.rationale,
        status=proposal.status,
        revision=proposal.revision,
        evidence=tuple(_evidence(one) for one in sorted(judged, key=lambda it: it.feedback.overall_score)),
        warnings=tuple((str(it.get("code", "")), str(it.get("detail", ""))) for it in proposal.warnings),
        evaluation=Evaluation.from_json(proposal.evaluation),
        version_id=await _undoable(unit, proposal),
        decided_by=(await unit.accounts.names_of([proposal.decided_by])).get(proposal.decided_by or ""),
    )


async def subject_of(runtime: Runtime, unit: Unit, scope: Scope) -> str:
    """Whose rules these are: the title of the skill, or the name of the client; '' for everybody's."""
    if scope.skill_id is not None:
        with suppress(SkillUnknownError):
            return runtime.catalogue.by_id(scope.skill_id).document.title
        return await SkillRepository(unit.session).name_of(scope.skill_id)
    if scope.client_id is not None and scope.user_id is not None:
        client = await ClientRepository(unit.session).get(scope.user_id, scope.client_id)
        return client.name if client else ""
    return ""


def _evidence(one: Judged) -> EvidenceCard:
    feedback = one.feedback
    said = [*said_in(feedback), feedback.what_worked_well or ""]
    quote = next((text for text in said if text.strip()), "")
    return EvidenceCard(one.output.short_id, feedback.overall_score, " ".join(without_controls(quote).split()))


async def _undoable(unit: Unit, proposal: RuleProposal) -> UUID | None:
    """The version that an approved proposal became, while it is the newest."""
    if proposal.status != "approved":
        return None
    newest = await RuleVersionRepository(unit.session).newest(Scope.of(proposal))
    return newest.id if newest is not None and newest.proposal_id == proposal.id else None
