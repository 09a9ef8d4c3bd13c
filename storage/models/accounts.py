"""Who uses the product, how they prove it, and where they speak from."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from storage.models.base import Dollars, Row, Timestamp, one_of

Role = Literal["member", "admin"]
WhoMayRun = Literal["linked", "everyone"]


class User(Row, table=True):
    """The tenant: everything that is somebody's names one of these."""

    __tablename__ = "users"
    __table_args__ = (
        one_of("role", Role),
        Index("ix_users_deleted", "deleted_at", postgresql_where=text("deleted_at IS NOT NULL")),
    )

    email: str | None = Field(default=None, unique=True)
    name: str
    role: Role = Field(default="member", sa_type=Text)
    settings: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    monthly_budget_usd: Decimal | None = Field(default=None, sa_type=Dollars)
    deleted_at: datetime | None = Field(default=None, sa_type=Timestamp)


class ApiKey(Row, table=True):
    """A key for the API. Only an HMAC of it is kept."""

    __tablename__ = "api_keys"

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    name: str
    prefix: str
    key_hash: str = Field(unique=True)
    pepper_id: int = 1
    scopes: list[str] = Field(sa_type=ARRAY(Text))
    expires_at: datetime | None = Field(default=None, sa_type=Timestamp)
    revoked_at: datetime | None = Field(default=None, sa_type=Timestamp)
    last_used_at: datetime | None = Field(default=None, sa_type=Timestamp)


class UserChannel(Row, table=True):
    """A link: one identity on one channel, tied to one user."""

    __tablename__ = "user_channels"
    __table_args__ = (UniqueConstraint("channel", "channel_user_id"),)

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    channel: str
    channel_user_id: str
    dead_at: datetime | None = Field(default=None, sa_type=Timestamp)


class Invite(Row, table=True):
    """A single-use code that lets one person in. Only an HMAC of it is kept."""

    __tablename__ = "invites"

    code_hash: str = Field(unique=True)
    created_by: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    used_by: UUID | None = Field(default=None, foreign_key="users.id", ondelete="SET NULL")
    expires_at: datetime = Field(sa_type=Timestamp)


class ChatBinding(Row, table=True):
    """The client that a chat or a topic works for, bound by that client's owner."""

    __tablename__ = "chat_bindings"
    __table_args__ = (
        Index(
            "uq_chat_bindings_place",
            "channel",
            "chat_id",
            text("coalesce(thread_id, 0)"),
            unique=True,
        ),
        one_of("who_may_run", WhoMayRun),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    channel: str
    chat_id: str
    thread_id: int | None = None
    client_id: UUID | None = Field(default=None, foreign_key="clients.id", ondelete="CASCADE")
    who_may_run: WhoMayRun = Field(default="linked", sa_type=Text)


class BudgetWarning(Row, table=True):
    """A limit of a month came near, and its owner is told: once for each limit, whichever runs ended together."""

    __tablename__ = "budget_warnings"
    __table_args__ = (
        Index(
            "uq_budget_warnings_crossing",
            "user_id",
            text("coalesce(client_id, user_id)"),
            "month",
            "limit_usd",
            unique=True,
        ),
    )

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    client_id: UUID | None = Field(default=None, foreign_key="clients.id", ondelete="CASCADE", index=True)
    month: date
    limit_usd: Decimal = Field(sa_type=Dollars)
    spent_usd: Decimal = Field(sa_type=Dollars)
    told_at: datetime | None = Field(default=None, sa_type=Timestamp)
