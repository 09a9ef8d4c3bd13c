"""Metrics: your own, or for admins everybody's together."""

from contextlib import suppress
from decimal import Decimal
from typing import Any
from uuid import UUID

from aiohttp import web

from bot.http.call import Call
from bot.http.routing import Routes
from bot.http.schemas.common import Reference
from bot.http.schemas.metrics import (
    MetricsQuery,
    MetricsSummary,
    PeriodTally,
    SkillMetrics,
    SkillTally,
    TallyView,
    VersionTally,
)
from core.errors import SkillUnknownError
from core.learning.chart import chart_of
from core.runs.asking import find_skill
from core.usage.metrics import Metrics, Span, measure
from storage.metrics import Tally
from storage.rules import Scope

routes = Routes("Metrics")
MEDIA_TYPE = "image/png"


@routes.add("GET", "/metrics/summary", "read")
async def get_metrics_summary(call: Call, query: MetricsQuery) -> MetricsSummary:
    """Get how your runs went: counts, means, failures, cost, by period, skill and version of the house rules."""
    span = query.span()
    found = await measure(call.runtime, span, user_id=_whose(call, query))
    dearest_first = sorted(found.skills.items(), key=lambda item: -item[1].cost_usd)
    skills = [SkillTally(**_told(tally), skill=_name(call, skill_id)) for skill_id, tally in dearest_first]
    return MetricsSummary(
        **_shared(found, span, query), skills=skills, learning_usd=await _of_learning(call, span, query)
    )


@routes.add("GET", "/skills/{name}/metrics", "read", errors=[SkillUnknownError])
async def get_skill_metrics(call: Call, name: Reference, query: MetricsQuery) -> SkillMetrics:
    """Get how your runs of a skill went: counts, means, failures, cost, by period and version of its rules."""
    skill, span = find_skill(call.runtime, name), query.span()
    found = await measure(call.runtime, span, user_id=_whose(call, query), skill_id=skill.id)
    return SkillMetrics(**_shared(found, span, query), skill=skill.name)


@routes.add("GET", "/skills/{name}/chart", "admin", media_type=MEDIA_TYPE, errors=[SkillUnknownError])
async def get_skill_chart(call: Call, name: Reference) -> web.Response:
    """Get a picture of how a skill's outputs are rated, by everyone, with the versions of its rules. For admins."""
    call.require_admin()
    skill = find_skill(call.runtime, name)
    picture = await chart_of(call.runtime, Scope("skill", skill_id=skill.id), skill.document.title)
    return web.Response(body=picture, content_type=MEDIA_TYPE)


def _whose(call: Call, query: MetricsQuery) -> UUID | None:
    """Whose runs are counted: the caller's, or (None) everybody's.

    Raises:
        ScopeMissingError: that is for admins.
    """
    if not query.everyone:
        return call.user_id
    call.require_admin()
    return None


async def _of_learning(call: Call, span: Span, query: MetricsQuery) -> Decimal | None:
    """What learning has cost, which is the operator's to know."""
    if not query.everyone:
        return None
    async with call.runtime.system_unit() as unit:
        return await unit.usage.of_learning(span.first, span.last)


def _shared(found: Metrics, span: Span, query: MetricsQuery) -> dict[str, Any]:
    return {
        "first_day": span.first,
        "last_day": span.last,
        "everyone": query.everyone,
        "total": TallyView.model_validate(found.total),
        "before": TallyView.model_validate(found.before),
        "trend": found.trend,
        "periods": [PeriodTally(**_told(tally), start=start) for start, tally in found.periods.items()],
        "rules_versions": [VersionTally(**_told(tally), version=it) for it, tally in found.versions.items()],
    }


def _told(tally: Tally) -> dict[str, Any]:
    return TallyView.model_validate(tally).model_dump()


def _name(call: Call, skill_id: UUID) -> str:
    """A skill's name; of one that can be run no more its id."""
    with suppress(SkillUnknownError):
        return call.runtime.catalogue.by_id(skill_id).name
    return str(skill_id)
