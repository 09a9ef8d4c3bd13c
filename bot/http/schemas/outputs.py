"""Outputs: what runs made."""

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from bot.http.schemas.common import Input, PageQuery, Reference, Schema, Time

Format = Literal["md", "json", "docx", "pdf", "html"]


class OutputQuery(PageQuery):
    """Which outputs."""

    skill: Reference | None = Field(None, description="A skill's name or id.")
    client: Reference | None = Field(None, description="A client's slug or id.")


class OutputView(Schema):
    """A text that a run made. The whole of it is behind `GET /outputs/{output_id}/download`."""

    id: UUID
    run_id: UUID
    client_id: UUID | None
    short_id: str = Field(description="What people type in the chat: /download_<short id>.")
    title: str
    preview: str = Field(description="The first 500 characters, in plain text.")
    format: str
    version: int = Field(ge=1)
    parent_output_id: UUID | None = Field(description="The version that it revises.")
    bytes: int
    checks: list[dict[str, Any]] = Field(description="What to look at before it is used.")
    created_at: Time


class DownloadQuery(Input):
    """In which format."""

    format: Format | None = Field(None, description="Its own if left out; docx, pdf and html are made on demand.")


class DownloadView(Schema):
    """Where the file can be had, without a key, for an hour."""

    download_url: str
    expires_at: Time
    filename: str
