"""Show the end of a run whose message does not say so yet."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from core.errors import NotFoundError
from core.runs.showing import show_end
from jobs.context import tools_of


async def deliver(context: dict[Any, Any], run_id: str) -> None:
    """Show how the run `run_id` ended. What can't be shown now is left for the next sweep."""
    tools = tools_of(context)
    with suppress(NotFoundError):  # it went with its account
        async with tools.runtime.system_unit() as unit:
            run = await unit.runs.get(UUID(run_id))
        await show_end(tools.runtime, tools.channels, run)
