"""Erase an account that is marked as deleted."""

from typing import Any
from uuid import UUID

from core.accounts import deletion
from jobs.context import tools_of


async def delete_account(context: dict[Any, Any], user_id: str) -> None:
    """Erase the user `user_id`, unless somebody is at it. What is still under way is waited for."""
    tools = tools_of(context)
    await deletion.delete_account(tools.runtime, tools.channels, UUID(user_id))
