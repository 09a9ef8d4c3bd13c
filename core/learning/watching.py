"""Watching what a change of rules did: if outputs are rated plainly worse since, those who run the bot are told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from core.channel import Channel, ChannelAwayError, Place, RulesAlert
from core.learning.cards import subject_of
from core.learning.chart import chart_of
from core.logging import get_logger
from core.queue import Job
from core.runtime import Runtime
from storage.announcing import AnnouncementRepository
from storage.models import RuleVersion
from storage.rules import RuleVersionRepository, Scope
from storage.scores import VersionScore, scores_by_version, watched_versions

ENOUGH_RATINGS = 10
WORSE_BY = 0.5
_MOST_TRIES = 20
_LEAST_WAIT_SECONDS = 30.0
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Drop:
    """A version of rules whose outputs are rated worse than those of the version before it."""

    version: RuleVersion
    before: VersionScore
    after: VersionScore


async def watch(runtime: Runtime, skill_id: UUID) -> Sequence[Drop]:
    """Look at the rules that the outputs of a skill are written with; what admins are told of, for the first time.

    Told once for each version, whoever looks: one that was told of stays told, however its scores go on. Only the
    newest version of a scope is watched, which can be rolled back, and only if somebody approved or edited it.
    """
    drops = []
    async with runtime.system_unit() as unit:
        for version in await watched_versions(unit.session, skill_id):
            drop = find_drop(version, await scores_by_version(unit.session, Scope.of(version)))
            if drop is None or not await RuleVersionRepository(unit.session).note_alert(version.id):
                continue
            drops.append(drop)
            await unit.tell(Job("tell_rules_alert", (str(version.id),), f"alert:{version.id}"))
            log.warning(
                "rules_made_worse", scope=version.scope, version=version.version, before=drop.before.mean,
                after=drop.after.mean, ratings=drop.after.count,
            )  # fmt: skip
    return drops


def find_drop(version: RuleVersion, scores: Sequence[VersionScore]) -> Drop | None:
    """A version whose mean, of 10 ratings or more, is at least 0.5 below that of the last rated one before it."""
    after = next((score for score in scores if score.version == version.version), None)
    before = max((it for it in scores if it.version < version.version), key=lambda it: it.version, default=None)
    if after is None or before is None or after.count < ENOUGH_RATINGS:
        return None
    return Drop(version, before, after) if after.mean <= before.mean - WORSE_BY else None


async def tell_alert(
    runtime: Runtime,
    channels: Mapping[str, Channel],
    version_id: UUID,
    *,
    only: Place | None = None,
    tries: int = 1,
) -> None:
    """Tell every admin on every channel that a version of rules made outputs worse, with the chart.

    Where it can't be said now, it is said later: to `only` that place, up to 20 `tries`.
    """
    alert = await alert_of(runtime, version_id)
    if alert is None:
        return
    for place in [only] if only else await _admins(runtime, channels):
        try:
            await channels[place.channel].announce(place, alert)
        except ChannelAwayError as error:
            log.warning("admin_not_told_yet", error=str(error), tries=tries)
            if tries < _MOST_TRIES:
                wait = max(error.retry_after, _LEAST_WAIT_SECONDS)
                await _tell_later(runtime, version_id, place, tries + 1, wait)


async def alert_of(runtime: Runtime, version_id: UUID) -> RulesAlert | None:
    """What there is to say of a version now; None if it is gone, or is rated better by now."""
    async with runtime.system_unit() as unit:
        version = await RuleVersionRepository(unit.session).get(version_id)
        if version is None:
            return None
        scope = Scope.of(version)
        drop = find_drop(version, await scores_by_version(unit.session, scope))
        subject = await subject_of(runtime, unit, scope)
    if drop is None:
        return None
    return RulesAlert(
        version_id=version.id,
        scope=version.scope,
        subject=subject,
        version=version.version,
        before=drop.before.mean,
        after=drop.after.mean,
        count=drop.after.count,
        chart=await chart_of(runtime, scope, subject),
    )


async def _admins(runtime: Runtime, channels: Mapping[str, Channel]) -> Sequence[Place]:
    async with runtime.system_unit() as unit:
        chats = await AnnouncementRepository(unit.session).admin_chats(list(channels))
    return [Place(chat.channel, chat.channel_user_id) for chat in chats]


async def _tell_later(runtime: Runtime, version_id: UUID, place: Place, tries: int, seconds: float) -> None:
    again = f"alert:{version_id}:{place.channel}:{place.chat_id}:{tries}"
    async with runtime.system_unit() as unit:
        await unit.tell(
            Job("tell_rules_alert", (str(version_id), place.channel, place.chat_id, tries), again, seconds)
        )
