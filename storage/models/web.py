"""What the HTTP surface keeps: answers for repeated requests, and webhooks in both directions."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from storage.models.base import Row, Timestamp, one_of, utc_now

WebhookState = Literal["waiting", "delivered", "given_up", "switched_off"]


class IdempotencyKey(Row, table=True):
    """A request that was made under a key, and its answer; `status` is empty while it is being worked on."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (UniqueConstraint("user_id", "key"),)

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    key: str
    method: str
    path: str
    request_hash: str
    status: int | None = None
    response: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    expires_at: datetime = Field(sa_type=Timestamp, index=True)


class WebhookEndpoint(Row, table=True):
    """An address of a user that hears of ended runs, and how often in a row it failed to listen."""

    __tablename__ = "webhook_endpoints"
    __table_args__ = (UniqueConstraint("user_id", "url"),)

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    url: str
    failures: int = 0
    disabled_at: datetime | None = Field(default=None, sa_type=Timestamp)


class WebhookDelivery(Row, table=True):
    """One message to one address: made with its run, sent when that has ended, with the same id at each try."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        one_of("state", WebhookState),
        Index("ix_webhook_deliveries_due", "next_at", postgresql_where=text("state = 'waiting'")),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    run_id: UUID = Field(foreign_key="runs.id", ondelete="CASCADE", index=True)
    event_id: str = Field(unique=True)
    url: str
    state: WebhookState = Field(default="waiting", sa_type=Text)
    attempts: int = 0
    next_at: datetime = Field(default_factory=utc_now, sa_type=Timestamp)
    first_at: datetime | None = Field(default=None, sa_type=Timestamp)
    last_answer: str | None = None


class WebhookReceipt(Row, table=True):
    """The id of a signed message that was taken, so that a replay changes nothing."""

    __tablename__ = "webhook_receipts"

    message_id: str = Field(unique=True)
