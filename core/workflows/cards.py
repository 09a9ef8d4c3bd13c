"""A walk as people see it: a checklist with what was made, what waits for them, and what it has cost."""

from collections.abc import Mapping
from uuid import UUID

from core.channel import StepCard, WorkflowCard
from core.outputs.service import card
from core.runs.plan import ReadyWorkflow
from core.workflows.engine import Walk, allowed
from storage.models import Output


def card_of(walk: Walk, outputs: Mapping[UUID, Output], client: str | None) -> WorkflowCard:
    """A walk under way, or at its end."""
    steps = [
        StepCard(
            id=step.step,
            title=walk.plan[step.step].title,
            status=step.status,
            tries=step.tries,
            output=card(outputs[step.output_id]) if step.output_id and step.output_id in outputs else None,
            error_code=step.error_code,
            allowed=frozenset() if walk.ended else allowed(step),
        )
        for step in walk.steps
    ]
    row = walk.row
    return WorkflowCard(
        walk_id=row.id,
        title=row.title,
        client=client,
        status=row.status,
        steps=tuple(steps),
        cost_usd=row.cost_usd,
        client_guessed=row.client_guessed,
    )


def first_card(plan: ReadyWorkflow, walk_id: UUID) -> WorkflowCard:
    """A walk that is about to begin."""
    return WorkflowCard(
        walk_id=walk_id,
        title=plan.workflow.title,
        client=plan.client.name if plan.client else None,
        status="running",
        steps=tuple(StepCard(step.id, step.title, "queued") for step in plan.workflow.steps),
        client_guessed=plan.client_guessed,
    )
