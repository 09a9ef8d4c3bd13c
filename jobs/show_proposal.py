"""Bring the messages about a proposed change of rules up to date."""

from typing import Any
from uuid import UUID

from core.learning.showing import show_proposal as show
from jobs.context import tools_of


async def show_proposal(context: dict[Any, Any], proposal_id: str) -> None:
    """Make every admin's message about the proposal show where it stands."""
    tools = tools_of(context)
    await show(tools.runtime, tools.channels, UUID(proposal_id))
