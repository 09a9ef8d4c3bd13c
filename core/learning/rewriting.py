"""A past request, made ready to be written again: with the old rules and with the new, from one context."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

import uuid_utils.compat as uuid

from core.agent.pricing import affordable_output, price
from core.agent.task import AgentTask, TokenUsage
from core.agent.usage import estimated_tokens
from core.errors import SkillUnknownError
from core.learning.evaluation import Planned
from core.learning.judging import judging_cost
from core.learning.themes import said_in
from core.rules.document import apply_change
from core.rules.texts import PromptRules, RuleText, rules_for
from core.runs.preparation import Material, Prepared, gather_material, prepare
from core.runtime import Runtime
from core.skills.catalogue import content_hash
from storage.models import Feedback, RuleProposal
from storage.models.rules import RuleScope
from storage.objects import ObjectMissingError
from storage.replays import PastCost, PastRunRepository

_TYPICAL_LENGTH = 2_000  # tokens of a text, where nothing is known of an earlier one
_MARGIN = Decimal("1.5")  # how much dearer than expected a text may become before it is cut off
_PLACES: Mapping[RuleScope, Literal["house", "skill", "client"]] = {
    "global": "house",
    "skill": "skill",
    "client": "client",
}


@dataclass(frozen=True, slots=True)
class Price:
    """What a pair costs in US dollars: as expected, and at most, for one text and for the judge."""

    text_usd: Decimal
    judge_usd: Decimal
    text_ceiling_usd: Decimal
    judge_ceiling_usd: Decimal

    @property
    def expected_usd(self) -> Decimal:
        """Two texts and a ruling."""
        return 2 * self.text_usd + self.judge_usd

    @property
    def ceiling_usd(self) -> Decimal:
        """Two texts that grow as long as they may, and a judge who reads them and has to be asked twice."""
        return 2 * self.text_ceiling_usd + self.judge_ceiling_usd


@dataclass(frozen=True, slots=True)
class Rewriting:
    """A pair that can be written. `remark` is what readers said of the first text, for the judge's eyes only."""

    planned: Planned
    request: str
    label: str
    remark: str
    old: AgentTask
    new: AgentTask
    price: Price


async def make_ready(runtime: Runtime, proposal: RuleProposal, planned: Planned) -> Rewriting | None:
    """Prepare both sides of a pair; None if something that the run was made from is gone.

    Raises:
        RuleMissingError: the rule that is to be changed does not stand in the newest rules.
    """
    try:
        found = await _material(runtime, planned.run_id)
        if found is None:
            return None
        material, past, judgements = found
        rules = await rules_for(runtime, material.skill, material.client)
        old, new = await _prepared_twice(runtime, material, rules, with_change(rules, proposal))
    except (SkillUnknownError, ObjectMissingError):
        return None
    cost = pair_price(
        runtime,
        past,
        model=old.task.model,
        prompt_tokens=_size(new.task),
        request=material.run.user_message,
    )
    return Rewriting(
        planned=planned,
        request=material.run.user_message,
        label=material.run.output_label,
        remark=_remark(judgements, planned, proposal),
        old=_bounded(old.task, cost),
        new=_bounded(new.task, cost),
        price=cost,
    )


def with_change(rules: PromptRules, proposal: RuleProposal) -> PromptRules:
    """The rules as they would be if a proposal were approved now.

    Raises:
        RuleMissingError: the rule that is to be changed does not stand in them.
    """
    place = _PLACES[proposal.scope]
    standing: RuleText | None = getattr(rules, place)
    text = apply_change(standing.text if standing else "", proposal.current_rule, proposal.proposed_rule)
    changed = RuleText(
        version=(standing.version if standing else 0) + 1,
        content_hash=content_hash(text.encode()),
        text=text,
        id=proposal.id,
    )
    changes: dict[str, Any] = {place: changed}
    return replace(rules, **changes)


def pair_price(runtime: Runtime, past: PastCost, *, model: str, prompt_tokens: int = 0, request: str = "") -> Price:
    """What a pair costs, by the size of its prompt, the price list, and what the run took the first time.

    A run that used tools is as dear as it was, whatever the size of its prompt.
    """
    settings = runtime.settings
    prompt, written = prompt_tokens or past.tokens_read, past.tokens_written or _TYPICAL_LENGTH
    listed = price(model, TokenUsage(cache_write=prompt, output=written))
    text = min(max(listed, past.cost_usd), settings.run_max_usd)
    ceiling = min(_MARGIN * text, settings.run_max_usd)
    longest = max(min(affordable_output(model, prompt, ceiling), settings.run_max_output_tokens), written)
    return Price(
        text_usd=text,
        judge_usd=judging_cost(settings.agent_model, request, written),
        text_ceiling_usd=ceiling,
        judge_ceiling_usd=2 * judging_cost(settings.agent_model, request, longest),
    )


async def _material(runtime: Runtime, run_id: UUID) -> tuple[Material, PastCost, list[Feedback]] | None:
    async with runtime.system_unit() as unit:
        past_runs = PastRunRepository(unit.session)
        run = await past_runs.get(run_id)
        if run is None:
            return None
        (past,) = await past_runs.costs([run_id])
        judgements = list(await past_runs.judgements(run_id))
    material = await gather_material(runtime, run)
    gone = (run.client_id and material.client is None) or (run.parent_output_id and material.parent is None)
    return None if gone else (material, past, judgements)


async def _prepared_twice(
    runtime: Runtime, material: Material, old: PromptRules, new: PromptRules
) -> tuple[Prepared, Prepared]:
    """Both sides on one context: done again if a file of the client was changed in between."""
    while True:
        sides = await prepare(runtime, material, old), await prepare(runtime, material, new)
        if _files(sides[0]) == _files(sides[1]):
            return sides
        material = await gather_material(runtime, material.run)


def _files(prepared: Prepared) -> dict[str, str]:
    """The client's files that were read, with their hashes. All else that a prompt is made of never changes."""
    files: dict[str, str] = (prepared.provenance["client"] or {}).get("files", {})
    return files


def _bounded(task: AgentTask, cost: Price) -> AgentTask:
    return replace(task, run_id=uuid.uuid7(), max_usd=cost.text_ceiling_usd)


def _size(task: AgentTask) -> int:
    return sum(estimated_tokens(block.text) for block in task.prompt.system) + estimated_tokens(task.prompt.user)


def _remark(judgements: list[Feedback], planned: Planned, proposal: RuleProposal) -> str:
    """What readers said: of a text that was complained of, what the theme rests on."""
    said = []
    for judged in judgements:
        if planned.kind == "complaint" and judged.id not in proposal.evidence:
            continue
        said += [*said_in(judged), (judged.what_worked_well or "").strip()]
    return "\n".join(line for line in said if line)
