"""What is on its way: updates that came in, questions that wait, things to tell after a commit."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from storage.models.base import Row, Timestamp, utc_now


class InboundUpdate(Row, table=True):
    """The inbox: an update is a row here before the channel hears that we have it."""

    __tablename__ = "inbound_updates"
    __table_args__ = (
        UniqueConstraint("channel", "update_id"),
        Index("ix_inbound_updates_open", "update_id", postgresql_where=text("handled_at IS NULL")),
        Index(
            "uq_inbound_updates_claimed_chat",
            "chat_key",
            unique=True,
            postgresql_where=text("claimed_by IS NOT NULL AND handled_at IS NULL"),
        ),
    )

    channel: str
    update_id: int = Field(sa_type=BigInteger)
    chat_key: str
    payload: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    received_at: datetime = Field(
        default_factory=utc_now, sa_type=Timestamp, sa_column_kwargs={"server_default": text("now()")}
    )
    available_at: datetime = Field(
        default_factory=utc_now, sa_type=Timestamp, sa_column_kwargs={"server_default": text("now()")}
    )
    claimed_by: str | None = None
    lease_until: datetime | None = Field(default=None, sa_type=Timestamp)
    handled_at: datetime | None = Field(default=None, sa_type=Timestamp)
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    error: str | None = None


class PendingRequest(Row, table=True):
    """What the buttons of a question refer to; the request itself never travels in a button."""

    __tablename__ = "pending_requests"

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    channel: str
    chat_id: str
    person: str
    origin_key: str
    text: str
    plan: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    used_at: datetime | None = Field(default=None, sa_type=Timestamp)
    expires_at: datetime = Field(sa_type=Timestamp, index=True)


class DetectionLabel(Row, table=True):
    """A choice that a person made when the detector was unsure: a labelled case."""

    __tablename__ = "detection_labels"

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    message: str
    skill: str
    chosen_by: str


APPOINTMENT = "appointment"
"""A message that is nothing to tell, but something to do at its time: it stays until that is done."""


class OutboxMessage(Row, table=True):
    """Something to tell after the commit that made it true, kept until it was told."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_due", "available_at"),)

    kind: str
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    available_at: datetime = Field(default_factory=utc_now, sa_type=Timestamp)
    claimed_until: datetime | None = Field(default=None, sa_type=Timestamp)
    attempts: int = 0
