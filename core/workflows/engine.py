"""What follows from what: pure functions on a walk and its steps. Nothing here reads or writes a store.

A step goes `queued → running → awaiting_input → completed`, back to `running` by a revision, to `skipped` by a
person's word, and to `failed` where its run made nothing: then a person decides, as at a gate.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core.errors import BudgetSpentError
from core.workflows.document import StepField
from storage.models import Run, WorkflowRun, WorkflowStep
from storage.models.base import utc_now
from storage.models.workflows import STEP_PASSED, STEP_WAITS, WORKFLOW_ENDED, Decision, WorkflowStatus

MOST_FAILURES = 3
QUIET = timedelta(seconds=15)
"""A gate that opens sooner makes no sound: the person is still looking."""


@dataclass(frozen=True, slots=True)
class Walk:
    """A walk, the steps of its plan, and where each stands, in order."""

    row: WorkflowRun
    plan: Mapping[str, StepField]
    steps: Sequence[WorkflowStep]

    @property
    def ended(self) -> bool:
        """Whether nothing more will be started."""
        return self.row.status in WORKFLOW_ENDED

    def step(self, name: str) -> WorkflowStep | None:
        """The step of this id."""
        return next((step for step in self.steps if step.step == name), None)


def walk_of(row: WorkflowRun, steps: Sequence[WorkflowStep]) -> Walk:
    """A walk from its rows."""
    fields = [StepField.model_validate(field) for field in row.plan]
    return Walk(row, {field.id: field for field in fields}, steps)


def harvest(walk: Walk, step: WorkflowStep, run: Run, output_id: UUID | None) -> None:
    """Take over how the run of a step ended: to its gate, past it, or to a person who has to decide."""
    step.changed_at = utc_now()
    if run.status == "completed":
        step.output_id, step.failures, step.error_code = output_id, 0, None
        gated = walk.plan[step.step].gate == "approve" and not walk.ended
        step.status = "awaiting_input" if gated else "completed"
    elif walk.ended:
        step.status = "cancelled"
    else:
        step.failures += run.error_code != BudgetSpentError.code
        step.status, step.error_code = "failed", run.error_code or "stopped"
    if step.status in STEP_WAITS:
        step.waiting_since, step.reminded_at = utc_now(), None
        took = (run.completed_at or run.queued_at) - run.queued_at
        walk.row.nudge = walk.row.nudge or (walk.row.notify and took > QUIET)


def put_off(step: WorkflowStep, reason: str) -> None:
    """Let a step that can't begin now wait for a person who tries it again."""
    step.status, step.error_code = "failed", reason
    step.changed_at, step.waiting_since, step.reminded_at = utc_now(), utc_now(), None


def ready(walk: Walk) -> Sequence[WorkflowStep]:
    """The steps that can start now: everything that they use is finished or skipped."""
    if walk.ended:
        return ()
    passed = {step.step for step in walk.steps if step.status in STEP_PASSED}
    return [step for step in walk.steps if step.status == "queued" and passed.issuperset(walk.plan[step.step].uses)]


def allowed(step: WorkflowStep) -> frozenset[Decision]:
    """What a person may decide about a step now, beside stopping everything."""
    if step.status == "awaiting_input":
        return frozenset({"approve", "revise", "skip"})
    if step.status != "failed":
        return frozenset()
    decisions: set[Decision] = {"skip"}
    if step.failures < MOST_FAILURES:
        decisions.add("retry")
    if step.output_id is not None:  # a revision failed; the version before it still stands
        decisions.add("approve")
    return frozenset(decisions)


def decided(step: WorkflowStep, decision: Decision, *, by: str, comment: str | None) -> None:
    """Write a decision down. Whether it is allowed was asked before; what it starts is started after."""
    step.decision, step.decided_by, step.decided_at = decision, by, utc_now()
    step.changed_at, step.waiting_since = utc_now(), None
    if decision == "approve":
        step.status, step.error_code = "completed", None
    elif decision == "skip":
        step.status = "skipped"
    elif decision == "revise":
        step.comment = comment


def stop(walk: Walk) -> Sequence[WorkflowStep]:
    """End a walk before its time; the steps whose runs have to be stopped. They end when their runs do."""
    walk.row.status, walk.row.completed_at = "cancelled", utc_now()
    running = [step for step in walk.steps if step.status == "running"]
    for step in walk.steps:
        if step.status == "queued" or step.status in STEP_WAITS:
            step.status, step.changed_at, step.waiting_since = "cancelled", utc_now(), None
    return running


def status_of(walk: Walk) -> WorkflowStatus:
    """Where the walk stands as a whole."""
    if walk.ended:
        return walk.row.status
    states = {step.status for step in walk.steps}
    if states <= STEP_PASSED:
        return "completed"
    return "running" if "running" in states else "awaiting_input"


def request_for(walk: Walk, step: WorkflowStep) -> str:
    """What the run of a step is asked: its part of the plan and the brief; of a revision what should change."""
    if step.output_id is not None and step.comment:
        return step.comment
    return f"{walk.plan[step.step].ask}\n\nThe brief for the whole of it:\n{walk.row.brief}"
