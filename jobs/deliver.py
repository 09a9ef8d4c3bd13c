"""Show the end of a run whose message does not say so yet."""

from typing import Any
from uuid import UUID

from core.channel import ChannelAwayError
from core.logging import get_logger
from core.runs.showing import show_end
from jobs.context import tools_of

log = get_logger(__name__)


async def deliver(context: dict[Any, Any], run_id: str) -> None:
    """Show how the run `run_id` ended. What can't be shown now is left for the next sweep."""
    tools = tools_of(context)
    async with tools.runtime.system_unit() as unit:
        run = await unit.runs.get(UUID(run_id))
    try:
        await show_end(tools.runtime, tools.channels, run)
    except ChannelAwayError as error:
        log.warning("end_not_shown_yet", run_id=run_id, error=str(error))
