"""What can be done, and for whom: skills, clients, and the index of a client's files."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlmodel import Field

from storage.models.base import Dollars, Row, Timestamp, one_of, utc_now

SkillType = Literal["simple", "ruled", "complex"]


class Skill(Row, table=True):
    """A row for each skill of the library, written by its sync."""

    __tablename__ = "skills"
    __table_args__ = (one_of("type", SkillType),)

    name: str = Field(unique=True)
    title: str
    type: SkillType = Field(sa_type=Text)
    category: str
    description: str
    s3_key: str
    triggers: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    context_files: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    tools: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    model: str | None = None
    has_rules: bool = False
    has_subdirs: bool = False
    files: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    version: int = 1
    content_hash: str
    enabled: bool = True


class Workflow(Row, table=True):
    """A row for each workflow of the library, written by its sync."""

    __tablename__ = "workflows"

    name: str = Field(unique=True)
    title: str
    description: str
    s3_key: str
    content_hash: str
    version: int = 1
    enabled: bool = True


class Client(Row, table=True):
    """A brand that a user works for."""

    __tablename__ = "clients"
    __table_args__ = (UniqueConstraint("user_id", "slug"),)

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    name: str
    slug: str
    aliases: list[str] = Field(default_factory=list, sa_type=ARRAY(Text))
    s3_prefix: str
    completeness: int = 0
    is_example: bool = False
    monthly_budget_usd: Decimal | None = Field(default=None, sa_type=Dollars)


class ClientFile(Row, table=True):
    """What lies in the object store for a client: a path such as `brand/voice.md` and its hash."""

    __tablename__ = "client_files"
    __table_args__ = (UniqueConstraint("client_id", "path"),)

    user_id: UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    client_id: UUID = Field(foreign_key="clients.id", ondelete="CASCADE")
    path: str
    content_hash: str
    size: int
    updated_at: datetime = Field(default_factory=utc_now, sa_type=Timestamp)
