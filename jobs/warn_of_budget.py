"""Tell the owner of a monthly limit that it has come near."""

from typing import Any
from uuid import UUID

from core.usage.warning import warn_of_budget as warn
from jobs.context import tools_of


async def warn_of_budget(context: dict[Any, Any], warning_id: str) -> None:
    """Tell the warning `warning_id`, unless that was done."""
    tools = tools_of(context)
    await warn(tools.runtime, tools.channels, UUID(warning_id))
