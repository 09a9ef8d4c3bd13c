"""API keys, and the webhook of a user."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from bot.http.schemas.common import Body, Line, PageQuery, Schema, Time
from bot.http.schemas.runs import WebAddress
from core.accounts.authentication import Scope

Scopes = Annotated[list[Scope], Field(min_length=1, max_length=3)]
_LONGEST_GRACE = 30 * 24 * 3600


class KeyRequest(Body):
    """A new key. It can do no more than the one that asks for it."""

    model_config = Body.model_config | {
        "json_schema_extra": {"examples": [{"name": "website", "scopes": ["read", "run"]}]}
    }

    name: Line
    scopes: Scopes = Field(default=["read", "run"])
    expires_at: AwareDatetime | None = Field(None, description="When it stops to work; never if left out.")


class RotateRequest(Body):
    """How the old key leaves."""

    grace: int = Field(86_400, ge=0, le=_LONGEST_GRACE, description="Seconds for which the old key works on.")


class KeyQuery(PageQuery):
    """Which page of the keys."""


class KeyView(Schema):
    """A key, by what may be shown of it."""

    id: UUID
    name: str
    prefix: str = Field(description="Its first 14 characters.")
    scopes: list[str]
    created_at: Time
    expires_at: Time | None
    revoked_at: Time | None
    last_used_at: Time | None = Field(description="To the minute.")


class KeyMade(KeyView):
    """A key that was just made."""

    key: str = Field(description="Shown this once.")


class WebhookRequest(Body):
    """Where to call when any of your runs has ended."""

    model_config = Body.model_config | {
        "json_schema_extra": {"examples": [{"url": "https://example.com/hooks/marketing"}]}
    }

    url: WebAddress | None = Field(description="null: nowhere, but for a run's own `callback_url`.")


class WebhookView(Schema):
    """Your webhook."""

    url: str | None
    secret: str = Field(description="Signs every call, also to a run's own `callback_url` (Standard Webhooks).")
    failures: int = Field(description="In a row; after 20 the address is switched off.")
    disabled_at: Time | None


class RunReference(Schema):
    """Which run."""

    run_id: UUID


class RunEnded(Schema):
    """What a webhook is told: nothing of what was written."""

    id: str = Field(description="The same at each try.")
    type: Literal["run.completed", "run.failed", "run.cancelled"]
    created_at: Time
    data: RunReference


class JobEvent(Schema):
    """What a worker without the bot's token tells."""

    event: str = Field(pattern=r"^skill\.execute\.(completed|failed)$")
    run_id: UUID
    output_id: UUID | None = None
    s3_key: str | None = Field(None, max_length=1024)
