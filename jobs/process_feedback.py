"""Process the feedback on a skill."""

from typing import Any
from uuid import UUID

from core.learning.scheduling import process_when_quiet
from jobs.context import tools_of


async def process_feedback(context: dict[Any, Any], skill_id: str) -> None:
    """Count what was said of the skill `skill_id`, and propose rules, once nobody has rated it for a while."""
    await process_when_quiet(tools_of(context).runtime, UUID(skill_id))
