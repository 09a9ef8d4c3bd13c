"""What becomes of rules when a library is synced: the shipped text is a new base, and what was learned stays."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from core.rules.document import Conflict, apply_change, diff_of, merge, rules_in
from core.rules.keeping import Draft, RulesMovedError, keep_versions, read_version
from core.runtime import Runtime, Unit
from core.skills.catalogue import content_hash
from storage.models import RuleProposal, RuleVersion
from storage.models.base import utc_now
from storage.models.rules import OPEN, ChangeType
from storage.rules import ProposalRepository, RuleVersionRepository, Scope

Deed = Literal["added", "updated", "merged"]


@dataclass(frozen=True, slots=True)
class Synced:
    """What was done with the rules of a scope: `conflicts` are rules that a person is asked about."""

    scope: Scope
    deed: Deed
    version: int
    conflicts: int = 0


async def sync_rules(runtime: Runtime, shipped: Mapping[Scope, str]) -> list[Synced]:
    """Keep the shipped texts ('' where a scope has none) as versions, with what was learned merged into them.

    Scopes whose shipped text is the one that was synced last are left alone, whatever was learned since.
    """
    async with runtime.system_unit() as unit:
        repository = RuleVersionRepository(unit.session)
        bases = {Scope.of(row): row for row in await repository.newest_shared(origin="shipped")}
    done = [await _sync(runtime, scope, text) for scope, text in shipped.items() if _is_new(text, bases.get(scope))]
    return [synced for synced in done if synced is not None]


async def _sync(runtime: Runtime, scope: Scope, text: str) -> Synced | None:
    """Sync one scope, again if somebody added a version meanwhile; None if that was a sync of the same text."""
    for last in (False, False, True):
        async with runtime.system_unit() as unit:
            repository = RuleVersionRepository(unit.session)
            base, newest = await repository.newest_shipped(scope), await repository.newest(scope)
        if not _is_new(text, base):
            return None
        try:
            return await _keep(runtime, scope, text, base=base, newest=newest)
        except RulesMovedError:
            if last:
                raise
    return None


async def _keep(
    runtime: Runtime, scope: Scope, text: str, *, base: RuleVersion | None, newest: RuleVersion | None
) -> Synced:
    """The new base, and above it the merge, if anything was learned; with them what a person is asked."""
    before = await read_version(runtime, base) if base else ""
    learned = await read_version(runtime, newest) if newest else ""
    merged = merge(before, learned, text)
    drafts = [Draft(text, "shipped", _summary(before, text))]
    if merged.text != text:
        drafts.append(Draft(merged.text, "merge", "What was learned stands in the text that the library brought."))

    async def ask(unit: Unit) -> None:
        standing = await RuleVersionRepository(unit.session).newest(scope)
        for proposal in await ProposalRepository(unit.session).open_in(scope):
            if _is_outdated(proposal, text):
                await unit.proposals.change(proposal.id, tuple(OPEN), status="rejected", decided_at=utc_now())
        for conflict in merged.conflicts:
            version = standing.version if standing else 0
            await unit.proposals.add(_proposal(scope, conflict, merged.text, version))

    versions = await keep_versions(runtime, scope, drafts, expected=newest.version if newest else 0, also=ask)
    deed: Deed = "added" if newest is None else "updated" if len(drafts) == 1 else "merged"
    return Synced(scope, deed, versions[-1].version, len(merged.conflicts))


def _is_new(text: str, base: RuleVersion | None) -> bool:
    """Whether the library brings another text than it did last; none is like an empty one."""
    return content_hash(text.encode()) != (base.content_hash if base else content_hash(b""))


def _is_outdated(proposal: RuleProposal, shipped: str) -> bool:
    """Whether it asks about a wording that the library has left since."""
    if proposal.origin != "library":
        return False
    rules = rules_in(shipped)
    if proposal.proposed_rule is None:
        return proposal.current_rule in rules
    return proposal.proposed_rule not in rules


def _proposal(scope: Scope, conflict: Conflict, text: str, version: int) -> RuleProposal:
    """The question which of two rules it shall be; the learned one stands until somebody decides."""
    kind, theme = _kind(conflict)
    return RuleProposal(
        scope=scope.kind,
        skill_id=scope.skill_id,
        base_version=version,
        change_type=kind,
        origin="library",
        theme=theme,
        current_rule=conflict.learned_rule,
        proposed_rule=conflict.shipped_rule,
        diff=diff_of(text, apply_change(text, conflict.learned_rule, conflict.shipped_rule)),
        rationale=f"Both come from this rule: {conflict.base_rule}",
    )


def _kind(conflict: Conflict) -> tuple[ChangeType, str]:
    if conflict.learned_rule is None:
        return "add", "The library words anew a rule that was removed here"
    if conflict.shipped_rule is None:
        return "remove", "The library has dropped a rule that was changed here"
    return "clarify", "The library words differently a rule that was changed here"


def _summary(before: str, after: str) -> str:
    old, new = set(rules_in(before)), set(rules_in(after))
    if not before:
        return f"The library's first text: {len(new)} rules."
    return f"The library's text: {len(new - old)} rules came, {len(old - new)} went, {len(new & old)} stayed."
