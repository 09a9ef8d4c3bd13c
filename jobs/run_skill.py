"""Run one attempt of a run."""

from typing import Any
from uuid import UUID

from jobs.context import tools_of


async def run_skill(context: dict[Any, Any], run_id: str, attempt: int) -> None:
    """Work on attempt `attempt` of the run `run_id`, unless somebody does or did."""
    await tools_of(context).executor.execute(UUID(run_id), attempt)
