"""Workflows: several skills in order, with a person's yes between the steps."""

from typing import Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from bot.http.schemas.common import Body, Money, Reference, Schema, Text, Time
from bot.http.schemas.outputs import OutputView
from core.workflows.document import Gate
from storage.models.workflows import Decision, StepStatus, WorkflowStatus


class WorkflowSummary(Schema):
    """A workflow in a list."""

    name: str = Field(examples=["email-campaign"])
    title: str
    description: str


class WorkflowList(Schema):
    """All workflows, by name. There are few enough for one page."""

    data: list[WorkflowSummary]


class PlannedStep(Schema):
    """A step as the workflow's file has it."""

    id: str
    title: str
    skill: str
    uses: list[str] = Field(description="The earlier steps whose outputs it is given as material.")
    gate: Gate = Field(description="Whether a person has to approve its output before the steps that use it start.")


class WorkflowDetail(WorkflowSummary):
    """One workflow."""

    steps: list[PlannedStep]
    body: str = Field(description="What people should know of it, in Markdown.")


class WorkflowRequest(Body):
    """What to start."""

    model_config = Body.model_config | {
        "json_schema_extra": {
            "examples": [
                {"workflow": "email-campaign", "brief": "Everyone who downloaded the guide should book a call."}
            ]
        }
    }

    workflow: Reference = Field(description="Its name.")
    brief: Text = Field(min_length=1, description="What it is about; each step is given it.")
    client_id: Reference | None = Field(
        None, description="A client's slug or id; else the one that the brief names, else none. Never guessed."
    )
    notify: Literal["telegram"] | None = Field(
        None, description="Also show it, with its gates, in your linked chat."
    )
    confirm_cost: bool = Field(default=False, description="Start it even if its steps are expected to cost much.")


class WorkflowRunSummary(Schema):
    """A workflow that was started."""

    id: UUID
    workflow: str
    title: str
    client_id: UUID | None
    status: WorkflowStatus
    brief: str
    cost_usd: Money = Field(description="US dollars so far, of all runs of all steps, with six decimals.")
    created_at: Time
    completed_at: Time | None


class StepView(Schema):
    """Where a step stands."""

    id: str
    title: str
    skill: str
    status: StepStatus
    run_id: UUID | None = Field(description="Its newest run.")
    tries: int = Field(ge=0, description="How many runs it has had, revisions too.")
    output: OutputView | None = Field(description="The newest version of what it made.")
    error_code: str | None
    decision: Decision | None = Field(description="The last decision about it.")
    comment: str | None
    allowed: list[Decision] = Field(description="What may be decided about it now. Stop is always allowed.")


class WorkflowRunDetail(WorkflowRunSummary):
    """One started workflow, with its steps in order."""

    steps: list[StepView]


class DecisionRequest(Body):
    """What you decide about a step that waits for you."""

    model_config = Body.model_config | {
        "json_schema_extra": {
            "examples": [{"decision": "approve"}, {"decision": "revise", "comment": "Shorter, and name the pilot"}]
        }
    }

    decision: Decision = Field(description="`stop` ends the whole workflow; what was made is kept.")
    comment: Text | None = Field(None, description="What should change; needed to revise.")
    tries: int | None = Field(None, ge=0, le=1000, description="The version that you saw: another one is refused.")

    @model_validator(mode="after")
    def _revision_says_what(self) -> Self:
        if self.decision == "revise" and not (self.comment or "").strip():
            raise ValueError("a revision needs a comment")
        return self
