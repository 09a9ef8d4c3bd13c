"""Clients and their files."""

from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from bot.http.schemas.common import Body, Input, Line, Money, PageQuery, Schema, Slug, Time

Path = Annotated[str, StringConstraints(max_length=200)]
Dollars = Annotated[
    str, StringConstraints(pattern=r"^[0-9]{1,6}(\.[0-9]{1,6})?$"), Field(description="US dollars, such as 12.50.")
]
Aliases = Annotated[list[Line], Field(max_length=20, description="Other names that messages may use.")]


class ClientCreate(Body):
    """A new client."""

    model_config = Body.model_config | {
        "json_schema_extra": {"examples": [{"name": "Harbor Lane Bakery", "aliases": ["Harbor Lane"]}]}
    }

    name: Line
    slug: Slug | None = Field(None, description="Made from the name if left out. It never changes.")
    aliases: Aliases = Field(default=[])
    monthly_budget_usd: Dollars | None = None


class ClientPatch(Body):
    """What is to change; what is left out stays."""

    model_config = Body.model_config | {"json_schema_extra": {"examples": [{"aliases": ["Harbor Lane", "HLB"]}]}}

    name: Line | None = None
    aliases: Aliases | None = None
    monthly_budget_usd: Dollars | None = None


class ClientQuery(PageQuery):
    """Which page of the clients."""


class DeleteQuery(Input):
    """The client's slug once more, so that none is deleted by mistake."""

    confirm: Slug | None = Field(None, description="Must be the client's slug.")


class ClientView(Schema):
    """A brand that you work for."""

    id: UUID
    slug: str
    name: str
    aliases: list[str]
    completeness: int = Field(ge=0, le=100, description="How much of the profile is on file, in percent.")
    is_example: bool = Field(description="Whether it came with the account, to try things with.")
    monthly_budget_usd: Money | None
    created_at: Time


class FileView(Schema):
    """A file in the index of a client."""

    path: str = Field(examples=["brand/voice.md"])
    content_hash: str = Field(description="SHA-256 of the content, which is also its `ETag`.")
    size: int = Field(description="In bytes.")
    updated_at: Time


class FileList(Schema):
    """What is on file for a client, by path, and what is missing of the profile."""

    data: list[FileView]
    missing: list[str]
