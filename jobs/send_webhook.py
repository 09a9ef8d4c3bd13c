"""Try once to send a webhook."""

from typing import Any
from uuid import UUID

from jobs.context import tools_of


async def send_webhook(context: dict[Any, Any], delivery_id: str) -> None:
    """Send the message `delivery_id`, unless it was sent. What fails is tried again when its time comes."""
    await tools_of(context).webhooks.send(UUID(delivery_id))
