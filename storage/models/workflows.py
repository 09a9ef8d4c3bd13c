"""Several skills in order, with a person's yes between the steps: where each such walk stands."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from storage.models.base import Dollars, Row, Timestamp, one_of, utc_now

WorkflowStatus = Literal["running", "awaiting_input", "completed", "cancelled"]
StepStatus = Literal["queued", "running", "awaiting_input", "completed", "skipped", "failed", "cancelled"]
Decision = Literal["approve", "revise", "skip", "retry", "stop"]
WORKFLOW_ENDED: frozenset[WorkflowStatus] = frozenset({"completed", "cancelled"})
STEP_PASSED: frozenset[StepStatus] = frozenset({"completed", "skipped"})
STEP_WAITS: frozenset[StepStatus] = frozenset({"awaiting_input", "failed"})


class WorkflowRun(Row, table=True):
    """One walk through a workflow.

    `plan` holds its steps as the file had them at the start, whatever it says later. `revision` grows with each
    change, so that a message knows whether it shows the newest; `nudge` asks whoever shows it to make a sound once.
    """

    __tablename__ = "workflow_runs"
    __table_args__ = (
        one_of("status", WorkflowStatus),
        Index("ix_workflow_runs_user_newest", "user_id", text("id DESC")),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    requested_by: str
    origin_key: str = Field(unique=True)
    workflow: str
    title: str
    client_id: UUID | None = Field(default=None, foreign_key="clients.id", ondelete="SET NULL", index=True)
    client_guessed: bool = False
    status: WorkflowStatus = Field(default="running", sa_type=Text)
    brief: str
    plan: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    cost_usd: Decimal = Field(default=Decimal(0), sa_type=Dollars)
    notify: bool = True
    revision: int = 1
    nudge: bool = False
    completed_at: datetime | None = Field(default=None, sa_type=Timestamp)


class WorkflowStep(Row, table=True):
    """One step of a walk. `tries` counts its runs, revisions too; `failures` those in a row that failed."""

    __tablename__ = "workflow_steps"
    __table_args__ = (
        one_of("status", StepStatus),
        one_of("decision", Decision),
        UniqueConstraint("workflow_run_id", "step"),
        Index("ix_workflow_steps_running", "run_id", postgresql_where=text("status = 'running'")),
        Index(
            "ix_workflow_steps_waiting",
            "waiting_since",
            postgresql_where=text("status IN ('awaiting_input', 'failed')"),
        ),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    workflow_run_id: UUID = Field(foreign_key="workflow_runs.id", ondelete="CASCADE")
    position: int
    step: str
    status: StepStatus = Field(default="queued", sa_type=Text)
    run_id: UUID | None = None
    output_id: UUID | None = Field(default=None, foreign_key="outputs.id", ondelete="SET NULL", index=True)
    tries: int = 0
    failures: int = 0
    error_code: str | None = None
    decision: Decision | None = Field(default=None, sa_type=Text)
    comment: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Timestamp)
    waiting_since: datetime | None = Field(default=None, sa_type=Timestamp)
    reminded_at: datetime | None = Field(default=None, sa_type=Timestamp)
    changed_at: datetime = Field(default_factory=utc_now, sa_type=Timestamp)
