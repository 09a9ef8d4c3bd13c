"""Showing a walk where it was asked for, as its newest state."""

from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from core.channel import Channel, WorkflowCard
from core.runtime import Runtime
from core.showing import Card, show_newest
from storage.models import WorkflowRun
from storage.workflows import WorkflowRepository


async def show_workflow(runtime: Runtime, channels: Mapping[str, Channel], walk_id: UUID) -> None:
    """Bring every message of a walk up to date. What can't be shown now is left for the sweeper."""

    async def read() -> tuple[int, WorkflowCard]:
        async with runtime.system_unit() as unit:
            revision = (await unit.workflows.get(walk_id)).revision
            card = await unit.workflows.card(walk_id)
            nudge = await WorkflowRepository(unit.session).take_nudge(walk_id)
        return revision, replace(card, nudge=nudge)

    async def not_shown(card: Card) -> None:
        if isinstance(card, WorkflowCard) and card.nudge:
            async with runtime.system_unit() as unit:
                await WorkflowRepository(unit.session).nudge(walk_id)

    await show_newest(runtime, channels, WorkflowRun, walk_id, read=read, not_shown=not_shown)
