"""What those who run the bot look at, gathered: how skills are rated and ruled, who uses the bot, what it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from core.channel import ProposalCard
from core.learning.cards import card_of
from core.runtime import Runtime
from core.usage.months import Month
from storage.models import RuleVersion, User
from storage.overview import SkillScore, linked, skill_scores, user_page
from storage.pages import Page
from storage.rules import RuleVersionRepository, Scope
from storage.scores import VersionScore, scores_by_version
from storage.usage import Sum

PERIOD = timedelta(days=30)
"""The last so many days are compared with as many before."""


@dataclass(frozen=True, slots=True)
class SkillState:
    """How a skill is rated (None: not yet), and the rules that it has; `names` of who made them, by signature."""

    score: SkillScore | None
    newest: RuleVersion | None
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RuleHistory:
    """Every version of a skill's rules, the newest first, with how its texts are rated and who made it."""

    versions: Sequence[RuleVersion]
    scores: Sequence[VersionScore]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class People:
    """A page of accounts, with what each has cost in `month`; `linked` are those who can be written to."""

    page: Page[User]
    sums: Mapping[UUID, Sum]
    linked: frozenset[UUID]
    month: Month


@dataclass(frozen=True, slots=True)
class Spending:
    """What a month has cost, by user and by skill, and the one before it; `learning_usd` no run is billed for."""

    month: Month
    by_user: Mapping[UUID, Sum]
    before: Sum
    by_skill: Mapping[UUID, Sum]
    learning_usd: Decimal


async def proposal_page(runtime: Runtime, *, after: UUID | None, limit: int) -> Page[ProposalCard]:
    """Proposals as cards without a price, newest first."""
    async with runtime.system_unit() as unit:
        page = await unit.proposals.page(after=after, limit=limit)
        return Page([await card_of(runtime, unit, proposal) for proposal in page.items], page.next_after)


async def rated_skills(runtime: Runtime) -> Mapping[UUID, SkillScore]:
    """How every skill that was rated is rated, by its id."""
    async with runtime.system_unit() as unit:
        return await skill_scores(unit.session, period=PERIOD)


async def skill_state(runtime: Runtime, skill_id: UUID) -> SkillState:
    """How one skill stands."""
    async with runtime.system_unit() as unit:
        score = (await skill_scores(unit.session, period=PERIOD)).get(skill_id)
        newest = await RuleVersionRepository(unit.session).newest(_rules_of(skill_id))
        return SkillState(score, newest, await unit.accounts.names_of([newest.made_by] if newest else []))


async def rule_history(runtime: Runtime, skill_id: UUID) -> RuleHistory:
    """The versions of one skill's rules."""
    scope = _rules_of(skill_id)
    async with runtime.system_unit() as unit:
        versions = await RuleVersionRepository(unit.session).history(scope)
        scores = await scores_by_version(unit.session, scope)
        names = await unit.accounts.names_of(version.made_by for version in versions)
    return RuleHistory(versions, scores, names)


async def people(runtime: Runtime, *, after: UUID | None, limit: int) -> People:
    """Who uses the bot, the newest account first."""
    month = Month.now()
    async with runtime.system_unit() as unit:
        page = await user_page(unit.session, after=after, limit=limit)
        sums = await unit.usage.by_user(month)
        return People(page, sums, frozenset(await linked(unit.session, [user.id for user in page.items])), month)


async def spending(runtime: Runtime) -> Spending:
    """What this month has cost so far."""
    month = Month.now()
    async with runtime.system_unit() as unit:
        return Spending(
            month=month,
            by_user=await unit.usage.by_user(month),
            before=sum((await unit.usage.by_user(month.before)).values(), Sum()),
            by_skill=await unit.usage.by_skill(None, month),
            learning_usd=await unit.usage.of_learning(month.first, month.last),
        )


def _rules_of(skill_id: UUID) -> Scope:
    return Scope("skill", skill_id=skill_id)
