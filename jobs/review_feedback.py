"""The weekly look over the feedback on all skills."""

from typing import Any

from core.learning.scheduling import review_now
from jobs.context import tools_of


async def review_feedback(context: dict[Any, Any]) -> None:
    """Process what was left of every skill, and propose rules that hold for all."""
    await review_now(tools_of(context).runtime)
