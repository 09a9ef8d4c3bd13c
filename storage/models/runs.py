"""One execution of one skill: the run, what it cost, what it said on the way, and what it made."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from storage.models.base import Dollars, Row, Timestamp, one_of, utc_now

RunSource = Literal["telegram", "api", "workflow"]
RunStatus = Literal["queued", "running", "completed", "failed", "cancelled"]
DeliveryState = Literal["working", "final", "superseded"]
AttemptOutcome = Literal["completed", "failed", "cancelled", "lost", "handed_back"]
TERMINAL: frozenset[RunStatus] = frozenset({"completed", "failed", "cancelled"})
SUMMED = ["client_id", "skill_id", "status", "tokens_used", "cost_usd"]
"""What sums over a user's runs read: it stands in the index, so that they do not look at the rows."""


class Run(Row, table=True):
    """One execution of one skill. The truth of the queue: Redis is only its bell."""

    __tablename__ = "runs"
    __table_args__ = (
        one_of("source", RunSource),
        one_of("status", RunStatus),
        Index("ix_runs_user_newest", "user_id", text("id DESC"), postgresql_include=SUMMED),
        Index(
            "ix_runs_skill_completed",
            "skill_id",
            "model",
            text("id DESC"),
            postgresql_where=text("status = 'completed'"),
        ),
        Index("ix_runs_queued", "queued_at", postgresql_where=text("status = 'queued'")),
        Index("ix_runs_running", "lease_until", postgresql_where=text("status = 'running'")),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    requested_by: str
    origin_key: str = Field(unique=True)
    skill_id: UUID = Field(foreign_key="skills.id", index=True)
    client_id: UUID | None = Field(default=None, foreign_key="clients.id", ondelete="SET NULL", index=True)
    parent_output_id: UUID | None = None
    workflow_run_id: UUID | None = Field(
        default=None, foreign_key="workflow_runs.id", ondelete="SET NULL", index=True
    )
    step: str | None = None
    source: RunSource = Field(sa_type=Text)
    status: RunStatus = Field(default="queued", sa_type=Text)
    user_message: str
    material_key: str | None = None
    output_type: str
    output_label: str
    callback_url: str | None = None
    notify: bool = True
    job_id: str | None = None
    attempt: int = 1
    lease_until: datetime | None = Field(default=None, sa_type=Timestamp)
    fence: int = 0
    cancel_requested_at: datetime | None = Field(default=None, sa_type=Timestamp)
    error_code: str | None = None
    error_detail: str | None = None
    tokens_used: int = 0
    cost_usd: Decimal = Field(default=Decimal(0), sa_type=Dollars)
    model: str | None = None
    provenance: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    queued_at: datetime = Field(default_factory=utc_now, sa_type=Timestamp)
    available_at: datetime = Field(default_factory=utc_now, sa_type=Timestamp)
    started_at: datetime | None = Field(default=None, sa_type=Timestamp)
    completed_at: datetime | None = Field(default=None, sa_type=Timestamp)


class RunAttempt(Row, table=True):
    """One try at a run, accounted for whether it worked or not."""

    __tablename__ = "run_attempts"
    __table_args__ = (UniqueConstraint("run_id", "attempt"), one_of("outcome", AttemptOutcome))

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    run_id: UUID = Field(foreign_key="runs.id", ondelete="CASCADE")
    attempt: int
    worker: str
    started_at: datetime = Field(default_factory=utc_now, sa_type=Timestamp)
    ended_at: datetime | None = Field(default=None, sa_type=Timestamp)
    outcome: AttemptOutcome | None = Field(default=None, sa_type=Text)
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cache_read: int = 0
    tokens_cache_write: int = 0
    cost_usd: Decimal = Field(default=Decimal(0), sa_type=Dollars)


class RunEvent(Row, table=True):
    """A phase or a fact of a run, in order. Growing text is not kept here."""

    __tablename__ = "run_events"
    __table_args__ = (UniqueConstraint("run_id", "seq"),)

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    run_id: UUID = Field(foreign_key="runs.id", ondelete="CASCADE")
    seq: int
    kind: str
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)


class Delivery(Row, table=True):
    """Which message shows the run, the walk through a workflow, or the proposal of a rule.

    `message_id` belongs to the channel and means nothing to the core.
    `shown` is the revision of the workflow that the message shows; `held_until` keeps other writers from it.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        one_of("state", DeliveryState),
        CheckConstraint("num_nonnulls(run_id, workflow_run_id, proposal_id) = 1", name="shows_one"),
        Index("ix_deliveries_working", "run_id", postgresql_where=text("state = 'working'")),
        Index("ix_deliveries_message", "channel", "chat_id", "message_id"),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    run_id: UUID | None = Field(default=None, foreign_key="runs.id", ondelete="CASCADE", index=True)
    workflow_run_id: UUID | None = Field(
        default=None, foreign_key="workflow_runs.id", ondelete="CASCADE", index=True
    )
    proposal_id: UUID | None = Field(default=None, foreign_key="rule_proposals.id", ondelete="CASCADE", index=True)
    channel: str
    chat_id: str
    thread_id: int | None = None
    message_id: int = Field(sa_type=BigInteger)
    state: DeliveryState = Field(default="working", sa_type=Text)
    last_rendered_hash: str | None = None
    shown: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    held_until: datetime | None = Field(default=None, sa_type=Timestamp)
    sent_at: datetime = Field(default_factory=utc_now, sa_type=Timestamp)


class Output(Row, table=True):
    """What a run produced. The text itself lies in the object store under `s3_key`."""

    __tablename__ = "outputs"
    __table_args__ = (
        Index("ix_outputs_user_newest", "user_id", text("id DESC")),
        Index("ix_outputs_client_newest", "client_id", text("id DESC")),
    )

    run_id: UUID = Field(foreign_key="runs.id", ondelete="CASCADE", index=True)
    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    client_id: UUID | None = Field(default=None, foreign_key="clients.id", ondelete="SET NULL")
    skill_id: UUID = Field(foreign_key="skills.id")
    s3_key: str = Field(unique=True)
    format: str = "md"
    title: str
    preview: str
    version: int = 1
    parent_output_id: UUID | None = Field(default=None, foreign_key="outputs.id", ondelete="SET NULL", index=True)
    short_id: str = Field(unique=True)
    bytes: int
    checks: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)


class Feedback(Row, table=True):
    """One person's judgement of one output. Scores go from 1 to 5.

    `created_at` is when it was last given or changed, `processed_at` when learning has counted it as it was then.
    """

    __tablename__ = "feedback"
    __table_args__ = (
        UniqueConstraint("output_id", "rater"),
        Index("ix_feedback_unprocessed", "changed_at", postgresql_where=text("processed_at IS NULL")),
        Index("ix_feedback_user_newest", "user_id", text("id DESC")),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    output_id: UUID = Field(foreign_key="outputs.id", ondelete="CASCADE")
    rater: str
    accuracy_score: int | None = Field(default=None, ge=1, le=5)
    quality_score: int | None = Field(default=None, ge=1, le=5)
    usefulness_score: int | None = Field(default=None, ge=1, le=5)
    rule_compliance_score: int | None = Field(default=None, ge=1, le=5)
    overall_score: int = Field(ge=1, le=5)
    what_worked_well: str | None = None
    issues_json: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    suggested_rule_changes: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    source: str
    s3_key: str | None = None
    processed_at: datetime | None = Field(default=None, sa_type=Timestamp)
    changed_at: datetime = Field(default_factory=utc_now, sa_type=Timestamp)
