"""Which past runs a test writes again, and what that costs."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain, zip_longest

from core.errors import SkillUnknownError
from core.learning.evaluation import Planned
from core.learning.rewriting import pair_price
from core.runtime import Runtime
from storage.models import RuleProposal
from storage.replays import PastRunRepository
from storage.rules import Scope

MOST_OF_A_KIND = 5


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a test will do and cost: pairs of texts, US dollars as expected, and what it can't pass."""

    pairs: int
    expected_usd: Decimal
    cap_usd: Decimal


async def estimate(runtime: Runtime, proposal: RuleProposal) -> Estimate:
    """What a test of this proposal would cost if it started now."""
    planned = await plan(runtime, proposal)
    async with runtime.system_unit() as unit:
        past = await PastRunRepository(unit.session).costs([it.run_id for it in planned])
    expected = Decimal(0)
    for its in past:
        with suppress(SkillUnknownError):
            model = runtime.catalogue.by_id(its.skill_id).document.metadata.model or runtime.settings.agent_model
            expected += pair_price(runtime, its, model=model).expected_usd
    return Estimate(len(planned), expected, runtime.settings.replay_max_usd)


async def plan(runtime: Runtime, proposal: RuleProposal) -> Sequence[Planned]:
    """Which runs to write again: those that led here and those that were liked, by turns."""
    async with runtime.system_unit() as unit:
        past = PastRunRepository(unit.session)
        complaints = await past.complained_of(proposal.evidence, limit=MOST_OF_A_KIND)
        guards = await past.well_rated(Scope.of(proposal), without=complaints, limit=MOST_OF_A_KIND)
    both = zip_longest(
        (Planned(run_id, "complaint") for run_id in complaints), (Planned(run_id, "guard") for run_id in guards)
    )
    return [planned for planned in chain.from_iterable(both) if planned is not None]
