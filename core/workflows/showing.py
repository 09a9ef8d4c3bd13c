"""Showing a walk where it was asked for: one writer at a time, at the channel's pace, the newest state wins."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from core.channel import Channel, ChannelAwayError
from core.logging import get_logger
from core.runtime import Runtime
from storage.models.base import utc_now
from storage.workflows import WorkflowRepository

_HOLD = timedelta(seconds=15)
log = get_logger(__name__)


async def show_workflow(runtime: Runtime, channels: Mapping[str, Channel], walk_id: UUID) -> None:
    """Bring every message of a walk up to date. What can't be shown now is left for the sweeper."""
    while await _show_one(runtime, channels, walk_id):
        pass


async def _show_one(runtime: Runtime, channels: Mapping[str, Channel], walk_id: UUID) -> bool:
    """Bring one message up to date that is behind and that nobody else writes; whether there was one."""
    async with runtime.system_unit() as unit:
        delivery = await WorkflowRepository(unit.session).take_message(walk_id, hold=_HOLD)
    if delivery is None or delivery.channel not in channels:
        return False
    channel = channels[delivery.channel]
    age = (utc_now() - delivery.sent_at).total_seconds()
    await asyncio.sleep(max(channel.pace(delivery) - age, 0.0))
    async with runtime.system_unit() as unit:
        revision = (await unit.workflows.get(walk_id)).revision
        card = await unit.workflows.card(walk_id)
        nudge = await WorkflowRepository(unit.session).take_nudge(walk_id)
    try:
        await channel.show(delivery, replace(card, nudge=nudge))
    except ChannelAwayError as error:
        log.warning("workflow_not_shown_yet", error=str(error), retry_after=error.retry_after)
        async with runtime.system_unit() as unit:
            walks = WorkflowRepository(unit.session)
            await walks.put_off_message(delivery.id, timedelta(seconds=error.retry_after))
            if nudge:
                await walks.nudge(walk_id)
        return False
    async with runtime.system_unit() as unit:
        await WorkflowRepository(unit.session).release_message(delivery.id, shown=revision, final=card.final)
    return True
