"""Feedback: one judgement for each output and person."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from bot.http.schemas.common import Body, Line, PageQuery, Schema, Text, Time

Score = Annotated[int, Field(ge=1, le=5)]
Path = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00]*$")]


class Issue(Body):
    """Something that was not right."""

    description: Text = Field(min_length=1)
    severity: Literal["high", "medium", "low"]
    suggested_fix: Text | None = None


class RuleChange(Body):
    """A rule that would have helped."""

    file: Path
    current_rule: Text | None = None
    suggested_change: Text = Field(min_length=1)
    rationale: Text


class FeedbackRequest(Body):
    """A judgement. Giving one again for the same output replaces it."""

    output_id: UUID
    overall_score: Score
    accuracy_score: Score | None = None
    quality_score: Score | None = None
    usefulness_score: Score | None = None
    rule_compliance_score: Score | None = None
    what_worked_well: Text | None = None
    issues: list[Issue] = Field(default=[], max_length=50)
    suggested_rule_changes: list[RuleChange] = Field(default=[], max_length=20)
    source: Line = Field("api", description="Where it was given, such as the name of your tool.")


class FeedbackQuery(PageQuery):
    """Which judgements."""

    output_id: UUID | None = None


class FeedbackView(Schema):
    """A judgement."""

    id: UUID
    output_id: UUID
    rater: str = Field(description="Who gave it: a user, or an identity on a channel.")
    overall_score: int
    accuracy_score: int | None
    quality_score: int | None
    usefulness_score: int | None
    rule_compliance_score: int | None
    what_worked_well: str | None
    issues: list[dict[str, Any]] = Field(validation_alias="issues_json")
    suggested_rule_changes: list[dict[str, Any]]
    source: str
    created_at: Time
    changed_at: Time
