"""What every table shares: a UUIDv7 key, the time it was made, and enumerations as text with a CHECK."""

from datetime import UTC, datetime
from typing import Any, get_args
from uuid import UUID

import uuid_utils.compat as uuid
from sqlalchemy import CheckConstraint, DateTime, Numeric, func
from sqlmodel import Field, SQLModel

Timestamp = DateTime(timezone=True)
Dollars = Numeric(12, 6)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
SQLModel.metadata.naming_convention = NAMING


def utc_now() -> datetime:
    """Now, aware, in UTC."""
    return datetime.now(UTC)


def first_id_at(moment: datetime) -> UUID:
    """The least id of a row made at `moment`: ids begin with the time in milliseconds (RFC 9562, section 5.7)."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | 0b10 << 62)


class Row(SQLModel):
    """The columns that every table has. Ids grow with time, so that a list by id is a list by age."""

    id: UUID = Field(default_factory=uuid.uuid7, primary_key=True)
    created_at: datetime = Field(
        default_factory=utc_now, sa_type=Timestamp, sa_column_kwargs={"server_default": func.now()}
    )


def one_of(column: str, values: Any) -> CheckConstraint:
    """A CHECK that `column` holds one of the strings of the Literal `values`."""
    options = ", ".join(f"'{value}'" for value in get_args(values))
    return CheckConstraint(f"{column} IN ({options})", name=column)
