"""Bring the message of a workflow up to date."""

from typing import Any
from uuid import UUID

from core.workflows.showing import show_workflow as show
from jobs.context import tools_of


async def show_workflow(context: dict[Any, Any], walk_id: str) -> None:
    """Make the message of the walk `walk_id` show where it stands, unless somebody is at it."""
    tools = tools_of(context)
    await show(tools.runtime, tools.channels, UUID(walk_id))
