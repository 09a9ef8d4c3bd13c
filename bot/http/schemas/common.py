"""What all bodies, queries and answers share."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints

from bot.http import cursors

T = TypeVar("T")
_NO_NUL = r"^[^\x00]*$"  # PostgreSQL keeps every character but this one

Text = Annotated[str, StringConstraints(pattern=_NO_NUL, max_length=4096)]
Line = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$", min_length=1, max_length=200)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](-?[a-z0-9])*$", max_length=60)]
Reference = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]+$", min_length=1, max_length=64)]
"""A slug, a name or an id of something."""
Time = Annotated[datetime, Field(description="ISO 8601, UTC.")]
Cursor = Annotated[str, StringConstraints(pattern=rf"^[A-Za-z0-9_-]{{{cursors.LENGTH}}}$")]


class Schema(BaseModel):
    """An answer. Times are ISO 8601 in UTC."""

    model_config = ConfigDict(from_attributes=True)


class Input(BaseModel):
    """A body or a query. Names that are not described are refused, so that a typing error is seen."""

    model_config = ConfigDict(extra="forbid")


class Body(Input):
    """A body: a number is a number, and a string that looks like one is refused."""

    model_config = ConfigDict(strict=True)


class PageQuery(Input):
    """Which page of a list."""

    limit: int = Field(20, ge=1, le=100, description="How many at most.")
    cursor: Cursor | None = Field(None, description="`next_cursor` of the page before.")


class PageOf(Schema, Generic[T]):
    """A page of a list, newest first unless it says otherwise."""

    data: list[T]
    next_cursor: str | None = Field(description="For the next page; null on the last. Also in the `Link` header.")


class FieldProblem(Schema):
    """One field that is wrong."""

    field: str = Field(description="Where, such as `body.issues.0.severity`.")
    message: str
    type: str = Field(description="A word for programs, such as `missing` or `string_too_long`.")


class Alternative(Schema):
    """What else may have been meant."""

    id: str = Field(description="A skill's name or a client's slug.")
    title: str


class BudgetState(Schema):
    """A monthly limit that is reached."""

    client: str | None = Field(description="The client's name; null: it is your own, for all of your runs.")
    limit_usd: str
    spent_usd: str
    resets_at: Time


class Problem(Schema):
    """Why a request was refused (RFC 9457)."""

    type: str
    title: str
    status: int
    code: str = Field(description="A word for programs; it does not change.")
    detail: str = Field(description="A sentence for people.")
    request_id: str = Field(description="Quote this when you ask about it; the logs carry it.")
    fields: list[FieldProblem] = Field(default=[], description="Which fields are wrong, if it is about fields.")
    alternatives: list[Alternative] = Field(default=[], description="What to choose from, if it was unclear.")
    estimate_usd: str | None = Field(None, description="What it is expected to cost, if that needs your yes.")
    budget: BudgetState | None = Field(None, description="The limit that is reached, if it is about one.")


Money = Annotated[
    Decimal,
    PlainSerializer(lambda amount: f"{amount:.6f}", return_type=str),
    Field(description="US dollars, with six decimals, as a string."),
]
