"""Skills, and what a message is detected to ask for."""

from typing import Literal
from uuid import UUID

from pydantic import Field

from bot.http.schemas.common import Body, Input, Line, Reference, Schema, Text
from core.detection.result import Method
from core.skills.document import Tool


class SkillQuery(Input):
    """Which skills."""

    category: Line | None = Field(None, description="Of this category only.", examples=["Email"])
    text: Line | None = Field(
        None, description="Whose name, title or description contains this.", examples=["copy"]
    )


class SkillSummary(Schema):
    """A skill in a list."""

    id: UUID
    name: str = Field(examples=["copywriting"])
    title: str
    category: str
    purpose: str = Field(description="What it does, in a line.")


class SkillList(Schema):
    """All skills that fit, by category and name. There are few enough for one page."""

    data: list[SkillSummary]


class OutputTypeView(Schema):
    """A kind of text that a skill makes."""

    id: str
    label: str


class SkillDetail(SkillSummary):
    """One skill."""

    description: str
    examples: list[str] = Field(description="Requests that it answers.")
    context_files: list[str] = Field(description="Files of a client's profile that it reads, most important first.")
    output_types: list[OutputTypeView]
    output_format: Literal["md", "json"]
    tools: list[Tool] = Field(description="What its agent may use; without any, one answer of the model is all.")
    version: int
    is_complex: bool = Field(description="Whether it brings folders of its own; such runs have a lower limit.")


class DetectRequest(Body):
    """A message, as a person would write it."""

    model_config = Body.model_config | {
        "json_schema_extra": {"examples": [{"message": "Write homepage copy for Yaz Automate"}]}
    }

    message: Text = Field(min_length=1)
    client_id: Reference | None = Field(None, description="A client's slug or id, where it is known already.")


class Extracted(Schema):
    """What else the message says."""

    client_id: UUID | None = Field(description="The one client that is named, or the one that was given.")
    output_type: str | None


class Candidate(Schema):
    """A skill that may be meant."""

    skill: str
    confidence: float = Field(ge=0, le=1)


class Detected(Schema):
    """What a message asks for. `skill` is null where it is unclear or asks for nothing that a skill does."""

    skill: str | None
    confidence: float = Field(ge=0, le=1, description="That `skill` is right, or that there is none.")
    method: Method = Field(description="The stage that decided.")
    extracted: Extracted
    alternatives: list[Candidate] = Field(description="The best five, best first.")
