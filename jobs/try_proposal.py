"""Test a proposed rule on past requests."""

from typing import Any
from uuid import UUID

from core.learning.replay import replay
from jobs.context import tools_of


async def try_proposal(context: dict[Any, Any], proposal_id: str) -> None:
    """Work on the test of the proposal `proposal_id`, unless somebody does or did."""
    tools = tools_of(context)
    await replay(tools.runtime, tools.agents, UUID(proposal_id))
