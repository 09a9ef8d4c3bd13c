"""Tell admins that outputs are rated worse since a version of rules."""

from typing import Any
from uuid import UUID

from core.channel import Place
from core.learning.watching import tell_alert
from jobs.context import tools_of


async def tell_rules_alert(
    context: dict[Any, Any], version_id: str, channel: str = "", chat_id: str = "", tries: int = 1
) -> None:
    """Say of the version `version_id` what is to say: to all admins, or again to the one who could not be told."""
    tools = tools_of(context)
    only = Place(channel, chat_id) if channel else None
    await tell_alert(tools.runtime, tools.channels, UUID(version_id), only=only, tries=tries)
