"""Every decision that an admin can take about a proposal, by its name: one road for the chat and for programs."""

from typing import Literal
from uuid import UUID

from core.errors import StaleButtonError
from core.learning.cards import proposal_card
from core.learning.deciding import approve, edit
from core.rules.keeping import roll_back
from core.runtime import Runtime

Decision = Literal["test", "approve", "edit", "reject", "roll_back"]


async def decide(runtime: Runtime, proposal_id: UUID, decision: Decision, by: str, *, rule: str = "") -> None:
    """Take a decision in the name of the signature `by`; `rule` is the wording of an edit.

    Raises:
        NotFoundError: there is no such proposal.
        StaleButtonError: it was decided before, or its version is not the newest and can't be rolled back.
        ProposalBusyError, ProposalUntestedError: it is being tested, or has not been.
        ProposalMovedError: the rules were changed since.
        RuleUnfitError: the wording can't stand as a rule.
    """
    match decision:
        case "test":
            async with runtime.system_unit() as unit:
                await unit.proposals.begin_test(proposal_id, by)
        case "approve":
            await approve(runtime, proposal_id, by)
        case "edit":
            await edit(runtime, proposal_id, rule, by)
        case "reject":
            async with runtime.system_unit() as unit:
                await unit.proposals.reject(proposal_id, by)
        case "roll_back":
            card = await proposal_card(runtime, proposal_id)
            if card.version_id is None:
                raise StaleButtonError
            await roll_back(runtime, card.version_id, by)
