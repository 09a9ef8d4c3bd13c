"""What people decide about a proposal, where it reads or writes texts: no transaction is open meanwhile."""

from typing import Any
from uuid import UUID

from core.errors import ProposalMovedError, RuleUnfitError
from core.learning.checking import merged, warnings_of_evidence, warnings_of_leaks, warnings_of_rule
from core.learning.guards import MAX_RULE, fault_of, tidy
from core.learning.leaks import named_in
from core.learning.proposals import change_of
from core.learning.standing import Standing, craft_of, leaks_in, names_of, private_of, standing_in
from core.learning.themes import said_in
from core.logging import get_logger
from core.rules.document import RuleMissingError, apply_change
from core.rules.keeping import RulesMovedError, keep_version
from core.runtime import Runtime, Unit
from storage.clients import ClientRepository
from storage.learning import LearningRepository
from storage.models import RuleProposal, RuleVersion
from storage.rules import Scope

_TRIES = 3
log = get_logger(__name__)


async def edit(runtime: Runtime, proposal_id: UUID, rule: str, by: str) -> RuleProposal:
    """Give a proposal another wording. It is checked as a model's is, but only warned of, and is tested anew.

    Where the rule that was to be changed is gone, the wording is proposed as one that is added.

    Raises:
        NotFoundError: there is no such proposal.
        RuleUnfitError: this can't stand as a rule.
        ProposalBusyError: it is being tested.
        ProposalDecidedError: it was decided before.
    """
    wording = tidy(rule)
    if fault := fault_of(wording):
        raise RuleUnfitError(fault, limit=MAX_RULE)
    async with runtime.system_unit() as unit:
        proposal = await unit.proposals.get(proposal_id)
    standing = await standing_in(runtime, Scope.of(proposal))
    current = proposal.current_rule if proposal.current_rule in standing.rules else None
    warnings = await _warnings(runtime, proposal, wording, standing)
    async with runtime.system_unit() as unit:
        edited = await unit.proposals.reword(
            proposal_id, current=current, rule=wording, diff=change_of(current, wording), warnings=warnings
        )
    log.info("rule_edited", proposal=str(proposal_id), by=by, warnings=[it["code"] for it in warnings])
    return edited


async def approve(runtime: Runtime, proposal_id: UUID, by: str) -> RuleVersion:
    """Make a tested change the newest version of its rules. Of two who decide at once, one does.

    Raises:
        NotFoundError: there is no such proposal, or its client was deleted.
        ProposalUntestedError: its test has not ended.
        ProposalDecidedError: it was decided before.
        ProposalMovedError: the rule that it changes does not stand in the newest rules, or a rule came since it was
            worded that it contradicts or repeats: a warning says so from now on.
    """
    for _ in range(_TRIES):
        async with runtime.system_unit() as unit:
            proposal = await unit.proposals.approvable(proposal_id)
        scope = Scope.of(proposal)
        standing = await standing_in(runtime, scope)
        if await _speaks_against(runtime, proposal, standing):
            raise ProposalMovedError

        async def settle(unit: Unit, revision: int = proposal.revision) -> None:
            await unit.proposals.settle(proposal_id, by, revision)

        try:
            text = apply_change(standing.text, proposal.current_rule, proposal.proposed_rule)
            version = await keep_version(
                runtime,
                scope,
                text,
                expected=standing.version,
                origin="proposal",
                changelog=_line_of(proposal),
                made_by=by,
                proposal_id=proposal_id,
                also=settle,
            )
        except RuleMissingError:
            raise ProposalMovedError from None
        except RulesMovedError:
            continue
        log.info("rule_approved", proposal=str(proposal_id), by=by, scope=scope.kind, version=version.version)
        return version
    raise ProposalMovedError


async def _speaks_against(runtime: Runtime, proposal: RuleProposal, standing: Standing) -> bool:
    """Whether the newest rules give a warning that nobody has seen; it is shown, for whoever decides then."""
    rule = proposal.proposed_rule
    found = warnings_of_rule(rule, proposal.current_rule, standing) if rule else []
    found = [it for it in found if it["code"] in {"contradicts", "repeats"}]
    if all(it in proposal.warnings for it in found):
        return False
    async with runtime.system_unit() as unit:
        await unit.proposals.change(proposal.id, ("ready",), warnings=merged([*proposal.warnings, *found]))
    return True


async def _warnings(
    runtime: Runtime, proposal: RuleProposal, wording: str, standing: Standing
) -> list[dict[str, Any]]:
    async with runtime.system_unit() as unit:
        judged = await LearningRepository(unit.session).evidence(proposal.evidence)
    said = [text for it in judged for text in said_in(it.feedback)]
    kept = [it for it in proposal.warnings if it.get("code") == "contradictory-feedback"]
    found = [
        *warnings_of_rule(wording, proposal.current_rule, standing),
        *kept,
        *warnings_of_evidence(said, all_said=said),
    ]
    craft = craft_of(runtime)
    leaked = named_in(wording, await _names_of_others(runtime, proposal.client_id), craft)
    if proposal.scope != "client":
        leaked += await leaks_in(wording, await private_of(runtime, judged), craft)
    return merged([*found, *warnings_of_leaks(leaked)])


async def _names_of_others(runtime: Runtime, client_id: UUID | None) -> list[str]:
    """What all clients are called but this one: a person may know more of them than the judgements name."""
    async with runtime.system_unit() as unit:
        clients = await ClientRepository(unit.session).everybodys()
    own = {name.casefold() for name in names_of(client for client in clients if client.id == client_id)}
    return [name for name in names_of(clients) if name.casefold() not in own]


def _line_of(proposal: RuleProposal) -> str:
    """What changes and why, for the list of changes."""
    match proposal.current_rule, proposal.proposed_rule:
        case None, rule:
            what = f"Added: {rule}"
        case rule, None:
            what = f"Removed: {rule}"
        case old, new:
            what = f"Changed: {new} Before: {old}"
    return f"{what} Why: {proposal.theme}."
