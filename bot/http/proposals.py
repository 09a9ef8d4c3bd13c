"""Proposals of rules: listed, looked at, decided about. For admins."""

from collections.abc import Mapping
from uuid import UUID

from bot.http.call import Call
from bot.http.routing import Routes
from bot.http.schemas.common import PageOf
from bot.http.schemas.proposals import (
    EvaluationView,
    EvidenceView,
    PriceView,
    ProposalDecisionRequest,
    ProposalDetail,
    ProposalQuery,
    ProposalView,
)
from core.errors import (
    ProposalBusyError,
    ProposalDecidedError,
    ProposalMovedError,
    ProposalUntestedError,
    RuleUnfitError,
    StaleButtonError,
)
from core.learning.cards import proposal_card
from core.learning.decisions import Decision, decide
from core.learning.guards import tidy
from storage.models import RuleProposal
from storage.models.rules import ProposalStatus

routes = Routes("Rules")


@routes.add("GET", "/rule-proposals", "admin")
async def list_rule_proposals(call: Call, query: ProposalQuery) -> PageOf[ProposalView]:
    """List the proposed changes of rules, newest first. For admins."""
    call.require_admin()
    async with call.runtime.system_unit() as unit:
        page = await unit.proposals.page(after=call.after(query), limit=query.limit, status=query.status)
        names = await unit.accounts.names_of(it.decided_by for it in page.items)
    views = [ProposalView.of(it, names.get(it.decided_by or "")) for it in page.items]
    return call.page(views, page.next_after)


@routes.add("GET", "/rule-proposals/{proposal_id}", "admin")
async def get_rule_proposal(call: Call, proposal_id: UUID) -> ProposalDetail:
    """Get a proposed change with what it rests on, how its test went, and what a test would cost. For admins."""
    call.require_admin()
    return await _detail(call, proposal_id)


@routes.add(
    "POST",
    "/rule-proposals/{proposal_id}/decision",
    "admin",
    limits=["runs"],
    errors=[
        *(ProposalDecidedError, ProposalBusyError, ProposalMovedError, ProposalUntestedError),
        *(RuleUnfitError, StaleButtonError),
    ],
)
async def decide_rule_proposal(call: Call, proposal_id: UUID, body: ProposalDecisionRequest) -> ProposalDetail:
    """Decide about a proposed change: test it, approve, edit, reject, or roll an approved one back. For admins.

    Your own decision once more answers where it stands; of two admins who decide at once the second is refused.
    """
    call.require_admin()
    async with call.runtime.system_unit() as unit:
        proposal = await unit.proposals.get(proposal_id)
    if not _is_repeat(call, proposal, body):
        if body.revision not in {None, proposal.revision}:
            raise StaleButtonError
        await decide(call.runtime, proposal_id, body.decision, call.account.signature, rule=body.rule or "")
    return await _detail(call, proposal_id)


_LEADS_TO: Mapping[Decision, ProposalStatus] = {
    "test": "testing",
    "approve": "approved",
    "reject": "rejected",
    "roll_back": "rolled_back",
}


def _is_repeat(call: Call, proposal: RuleProposal, body: ProposalDecisionRequest) -> bool:
    """Whether it stands already where the decision leads, and nobody else brought it there."""
    if body.decision == "edit":
        return proposal.status == "draft" and proposal.proposed_rule == tidy(body.rule or "")
    mine = body.decision == "roll_back" or proposal.decided_by in {None, call.account.signature}
    return mine and proposal.status == _LEADS_TO[body.decision]


async def _detail(call: Call, proposal_id: UUID) -> ProposalDetail:
    card = await proposal_card(call.runtime, proposal_id)
    async with call.runtime.system_unit() as unit:
        proposal = await unit.proposals.get(proposal_id)
    return ProposalDetail(
        **ProposalView.of(proposal, card.decided_by).model_dump(),
        subject=card.subject,
        evidence=[EvidenceView.model_validate(it) for it in card.evidence],
        evaluation=EvaluationView.model_validate(card.evaluation),
        price=PriceView.model_validate(card.price) if card.price else None,
        can_be_rolled_back=card.version_id is not None,
    )
