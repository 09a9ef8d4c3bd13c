"""What a crash left of workflows: steps whose run has ended, messages that are behind, unanswered gates."""

import time
from datetime import timedelta

from core.runtime import Runtime
from core.workflows.service import show_bell
from storage.messages import MessageRepository
from storage.models import WorkflowRun
from storage.workflows import WorkflowRepository

REMIND_AFTER = timedelta(hours=24)
_BELL_EVERY_SECONDS = 5


async def sweep_workflows(runtime: Runtime) -> None:
    """Look once. Each walk is moved on in a transaction of its own, so that none waits for another."""
    async with runtime.system_unit() as unit:
        left = await WorkflowRepository(unit.session).left_behind()
    for walk_id in left:
        async with runtime.system_unit() as unit:
            await unit.workflows.advance(walk_id)
    suffix = f":{int(time.time() / _BELL_EVERY_SECONDS)}"
    async with runtime.system_unit() as unit:
        await WorkflowRepository(unit.session).remind(after=REMIND_AFTER)
        for walk_id in await MessageRepository(unit.session, WorkflowRun).behind():
            await unit.tell(show_bell(await unit.workflows.get(walk_id), suffix))
