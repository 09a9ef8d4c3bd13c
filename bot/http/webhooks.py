"""A user's own webhook, and what workers without the bot's token tell us."""

import json

from pydantic import ValidationError

from bot.http.call import Call
from bot.http.errors import BodyNotJsonError, RequestInvalidError
from bot.http.reading import LARGEST_JSON, field_problems, read_bytes
from bot.http.routing import Routes
from bot.http.schemas.keys import JobEvent, WebhookRequest, WebhookView
from core.channel import ChannelAwayError
from core.errors import MarketingAgentError, NotFoundError, ServiceAwayError
from core.runs.showing import show_end
from core.webhooks.own import own_webhook, set_own_webhook
from core.webhooks.signing import SignatureInvalidError, verify
from storage.webhooks import WebhookRepository

routes = Routes("Webhooks")
_SIGNED = {
    "webhook-id": "The same for every try of one message.",
    "webhook-timestamp": "Seconds since 1970, at most five minutes off.",
    "webhook-signature": "`v1,` and the HMAC-SHA256 of `id.timestamp.body`, in base64.",
}


class RunGoesOnError(MarketingAgentError):
    """The run has not ended."""

    code = "run-goes-on"
    status = 409


@routes.add("GET", "/webhook", "run")
async def get_webhook(call: Call) -> WebhookView:
    """Get your webhook: where we call when a run has ended, and what signs that."""
    return WebhookView.model_validate(await own_webhook(call.runtime, call.user_id))


@routes.add("PUT", "/webhook", "run")
async def set_webhook(call: Call, body: WebhookRequest) -> WebhookView:
    """Say where to call when any of your runs has ended. Addresses that were switched off are tried again."""
    await set_own_webhook(call.runtime, call.user_id, body.url)
    return WebhookView.model_validate(await own_webhook(call.runtime, call.user_id))


@routes.add(
    "POST",
    "/webhooks/jobs",
    None,
    status=204,
    raw_body=True,
    media_type="application/json",
    headers=_SIGNED,
    errors=[SignatureInvalidError, NotFoundError, RunGoesOnError],
)
async def receive_job(call: Call) -> None:
    """Take a worker's word that a run has ended, and show its end. A replay changes nothing."""
    runtime, request = call.runtime, call.request
    secret = runtime.settings.jobs_webhook_secret
    raw = await read_bytes(request, LARGEST_JSON)
    if secret is None:
        raise SignatureInvalidError
    message_id = verify(secret.get_secret_value(), request.headers, raw)
    async with runtime.system_unit() as unit:
        if await WebhookRepository(unit.session).has_seen(message_id):
            return
        run = await unit.runs.get(_event(raw).run_id)
    try:
        await show_end(runtime, call.frame.channels, run)
    except ChannelAwayError as error:
        raise ServiceAwayError(str(error), retry_after=int(error.retry_after)) from error
    except ValueError:
        raise RunGoesOnError from None
    async with runtime.system_unit() as unit:
        await WebhookRepository(unit.session).see(message_id)


def _event(raw: bytes) -> JobEvent:
    try:
        return JobEvent.model_validate(json.loads(raw))
    except ValidationError as error:
        raise RequestInvalidError(fields=field_problems("body", error)) from None
    except ValueError:
        raise BodyNotJsonError from None
