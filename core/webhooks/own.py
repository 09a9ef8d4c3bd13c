"""The address that a user gives for all of their runs."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.errors import NotFoundError
from core.runtime import Runtime
from core.webhooks.signing import secret_of
from storage.accounts import AccountRepository
from storage.webhooks import WebhookRepository

SETTING = "webhook_url"


@dataclass(frozen=True, slots=True)
class OwnWebhook:
    """Where, what it is signed with, how often in a row it failed, and since when it is switched off."""

    url: str | None
    secret: str
    failures: int
    disabled_at: datetime | None


async def own_webhook(runtime: Runtime, user_id: UUID) -> OwnWebhook:
    """A user's webhook as it is.

    Raises:
        NotFoundError: the account is gone.
    """
    async with runtime.unit(user_id) as unit:
        user = await AccountRepository(unit.session).user(user_id)
        if user is None:
            raise NotFoundError
        url = user.settings.get(SETTING)
        endpoint = await WebhookRepository(unit.session).endpoint(user_id, url) if url else None
    return OwnWebhook(
        url=url,
        secret=secret_of(user_id, runtime.settings.key_pepper.get_secret_value()),
        failures=endpoint.failures if endpoint else 0,
        disabled_at=endpoint.disabled_at if endpoint else None,
    )


async def set_own_webhook(runtime: Runtime, user_id: UUID, url: str | None) -> None:
    """Use this address from now on, or none; what was switched off is switched on.

    Raises:
        NotFoundError: the account is gone.
    """
    async with runtime.unit(user_id) as unit:
        user = await AccountRepository(unit.session).user(user_id)
        if user is None:
            raise NotFoundError
        user.settings = {**user.settings, SETTING: url}
        await WebhookRepository(unit.session).switch_on(user_id)
