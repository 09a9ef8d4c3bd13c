"""Rules that prompts read: every version that ever stood, and the changes that somebody has to decide about."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Column, Field

from storage.models.base import Dollars, Row, Timestamp, one_of

RuleScope = Literal["skill", "client", "global"]
RuleOrigin = Literal["shipped", "proposal", "edit", "rollback", "merge"]
ChangeType = Literal["add", "clarify", "strengthen", "anti-pattern", "remove"]
ProposalOrigin = Literal["feedback", "library"]
ProposalStatus = Literal["draft", "testing", "ready", "approved", "rejected", "rolled_back"]
OPEN: frozenset[ProposalStatus] = frozenset({"draft", "testing", "ready"})


class RuleVersion(Row, table=True):
    """One text of a RULES.md, never changed again; the highest `version` of its scope is what prompts read.

    The text lies in the object store under `s3_key`. `user_id` owns a client's rules; shared ones have none.
    """

    __tablename__ = "rule_versions"
    __table_args__ = (
        one_of("scope", RuleScope),
        one_of("origin", RuleOrigin),
        Index(
            "uq_rule_versions_skill", "skill_id", "version", unique=True, postgresql_where=text("scope = 'skill'")
        ),
        Index(
            "uq_rule_versions_client",
            "client_id",
            "version",
            unique=True,
            postgresql_where=text("scope = 'client'"),
        ),
        Index("uq_rule_versions_global", "version", unique=True, postgresql_where=text("scope = 'global'")),
    )

    scope: RuleScope = Field(sa_type=Text)
    skill_id: UUID | None = Field(default=None, foreign_key="skills.id")
    client_id: UUID | None = Field(default=None, foreign_key="clients.id", ondelete="CASCADE")
    user_id: UUID | None = Field(default=None, foreign_key="users.id", ondelete="CASCADE", index=True)
    version: int
    s3_key: str
    content_hash: str
    changelog: str
    proposal_id: UUID | None = Field(
        default=None,
        sa_column=Column(Uuid, ForeignKey("rule_proposals.id", ondelete="SET NULL"), nullable=True, index=True),
    )
    origin: RuleOrigin = Field(sa_type=Text)
    made_by: str | None = None
    alerted_at: datetime | None = Field(default=None, sa_type=Timestamp)


class RuleProposal(Row, table=True):
    """A change of one rule that waits for a person: what it rests on, how it did in the test, what was decided.

    `current_rule` is the rule that would be changed or removed (None: one is added), `proposed_rule` what would
    stand instead (None: nothing). `evidence` are ids of feedback. `revision` grows with each change, so that a
    message knows whether it shows the newest.
    """

    __tablename__ = "rule_proposals"
    __table_args__ = (
        one_of("scope", RuleScope),
        one_of("change_type", ChangeType),
        one_of("origin", ProposalOrigin),
        one_of("status", ProposalStatus),
        Index("ix_rule_proposals_status", "status", text("id DESC")),
    )

    scope: RuleScope = Field(sa_type=Text)
    skill_id: UUID | None = Field(default=None, foreign_key="skills.id", index=True)
    client_id: UUID | None = Field(default=None, foreign_key="clients.id", ondelete="CASCADE", index=True)
    user_id: UUID | None = Field(default=None, foreign_key="users.id", ondelete="CASCADE", index=True)
    base_version: int
    change_type: ChangeType = Field(sa_type=Text)
    origin: ProposalOrigin = Field(default="feedback", sa_type=Text)
    theme: str
    current_rule: str | None = None
    proposed_rule: str | None = None
    diff: str
    rationale: str
    evidence: list[UUID] = Field(default_factory=list, sa_type=ARRAY(Uuid))
    warnings: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSONB)
    status: ProposalStatus = Field(default="draft", sa_type=Text)
    evaluation: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    decided_by: str | None = None
    decided_at: datetime | None = Field(default=None, sa_type=Timestamp)
    revision: int = 1


class LearningCost(Row, table=True):
    """What learning has cost on a day (UTC), in US dollars, by what was asked of a model."""

    __tablename__ = "learning_costs"
    __table_args__ = (UniqueConstraint("day", "purpose"),)

    day: date
    purpose: str = Field(sa_type=Text)
    cost_usd: Decimal = Field(sa_type=Dollars)
