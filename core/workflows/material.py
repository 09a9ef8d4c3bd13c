"""What a step is given of the steps before it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from core.workflows.engine import walk_of
from storage.models import Output, Run
from storage.workflows import WorkflowRepository


@dataclass(frozen=True, slots=True)
class Earlier:
    """A piece of an earlier step, called by that step's title."""

    title: str
    output: Output


async def earlier_outputs(session: AsyncSession, run: Run) -> Sequence[Earlier]:
    """The outputs of the steps that the run's step uses, in order. A step that was skipped gives nothing."""
    if run.workflow_run_id is None or run.step is None:
        return ()
    walks = WorkflowRepository(session)
    row = await walks.get(run.workflow_run_id)
    if row is None:
        return ()
    steps = await walks.steps(row.id)
    walk = walk_of(row, steps)
    used = [step for step in steps if step.step in walk.plan[run.step].uses and step.status == "completed"]
    outputs = await walks.outputs(used)
    return [
        Earlier(walk.plan[step.step].title, outputs[step.output_id]) for step in used if step.output_id in outputs
    ]
