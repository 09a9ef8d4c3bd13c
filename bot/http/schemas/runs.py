"""Runs: one execution of one skill each."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from bot.http.schemas.common import Body, Money, PageQuery, Reference, Schema, Text, Time
from bot.http.schemas.outputs import OutputView
from storage.models.runs import AttemptOutcome, RunSource, RunStatus

WebAddress = Annotated[
    str,
    StringConstraints(pattern=r"^https?://[^\s/?#@\x00-\x1f\x7f]+([/?#][^\s\x00-\x1f\x7f]*)?$", max_length=2048),
]


class RunRequest(Body):
    """What to write."""

    model_config = Body.model_config | {
        "json_schema_extra": {
            "examples": [
                {
                    "skill_id": "copywriting",
                    "client_id": "yaz-automate",
                    "user_message": "Write homepage copy for the new booking page",
                },
                {"user_message": "Write homepage copy for Yaz Automate"},
            ]
        }
    }

    skill_id: Reference | None = Field(None, description="A skill's name or id; detected if left out.")
    client_id: Reference | None = Field(
        None, description="A client's slug or id; else the one that the message names, else none. Never guessed."
    )
    user_message: Text = Field(min_length=1)
    callback_url: WebAddress | None = Field(None, description="Called when the run has ended; see Webhooks.")
    parent_output_id: UUID | None = Field(None, description="An output to revise, by the skill that made it.")
    notify: Literal["telegram"] | None = Field(None, description="Also show the run in your linked chat.")
    confirm_cost: bool = Field(default=False, description="Run it even if it is expected to cost much.")


class RunState(Schema):
    """Where a run stands."""

    run_id: UUID
    status: RunStatus
    position: int | None = Field(description="In line, from 1; null when it is not in line.")
    cancel_requested: bool
    skill: str
    client_id: UUID | None


class RunQuery(PageQuery):
    """Which runs."""

    status: RunStatus | None = None
    skill: Reference | None = Field(None, description="A skill's name or id.")
    client: Reference | None = Field(None, description="A client's slug or id.")


class RunSummary(Schema):
    """A run in a list."""

    id: UUID
    status: RunStatus
    skill: str
    client: str | None = Field(description="The client's slug.")
    client_id: UUID | None
    output_type: str
    source: RunSource
    user_message: str
    parent_output_id: UUID | None
    cancel_requested: bool
    error_code: str | None
    model: str | None
    tokens_used: int
    cost_usd: Money = Field(description="US dollars, of all attempts, with six decimals.")
    queued_at: Time
    started_at: Time | None
    completed_at: Time | None


class AttemptView(Schema):
    """One try at a run, accounted for whether it worked or not."""

    attempt: int
    outcome: AttemptOutcome | None = Field(description="Null while it goes on.")
    started_at: Time
    ended_at: Time | None
    tokens_in: int
    tokens_out: int
    tokens_cache_read: int
    tokens_cache_write: int
    cost_usd: Money


class ErrorView(Schema):
    """Why a run failed."""

    code: str
    detail: str = Field(description="A sentence for people.")
    reference: str = Field(description="Quote this when you ask about it.")


class RunDetail(RunSummary):
    """One run, with all that is known of it."""

    position: int | None = Field(description="In line, from 1; null when it is not in line.")
    error: ErrorView | None
    callback_url: str | None
    attempts: list[AttemptView]
    outputs: list[OutputView]
    provenance: dict[str, Any] = Field(
        description="Hashes and versions of the skill, its rules and each client file that went into the prompt."
    )
