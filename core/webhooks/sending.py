"""Sending webhooks: thin, signed, with one id for all tries of a day; an address that never listens is left be."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

from core.channel import Channel, ChannelAwayError, Place, WebhookSwitchedOff
from core.fetch.client import FetchError, GuardedClient
from core.logging import get_logger
from core.queue import Job
from core.runtime import Runtime, Unit
from core.webhooks.signing import secret_of, sign
from storage.models import Run, WebhookDelivery
from storage.models.base import utc_now
from storage.webhooks import WebhookRepository

DELAYS = (5, 30, 120, 600, 1800, 3600, 7200, 14_400, 28_800, 28_800)
"""Seconds between tries: eleven in a little over a day."""
FAILURES_IN_A_ROW = 20
_HOLD = timedelta(seconds=60)
_OK = range(200, 300)
log = get_logger(__name__)


class WebhookSender:
    """One for each worker process."""

    def __init__(self, runtime: Runtime, client: GuardedClient, channels: Mapping[str, Channel]) -> None:
        self._runtime = runtime
        self._client = client
        self._channels = channels

    async def send(self, delivery_id: UUID) -> None:
        """Try once to send a message, unless it was sent or its address is switched off."""
        async with self._runtime.system_unit() as unit:
            webhooks = WebhookRepository(unit.session)
            found = await webhooks.get(delivery_id)
            if found is None or found[0].state != "waiting":
                return
            delivery, run = found
            endpoint = await webhooks.endpoint(delivery.user_id, delivery.url)
            if endpoint is not None and endpoint.disabled_at is not None:
                await webhooks.note(delivery.id, "switched_off", answer="this address is switched off")
                return
        answer, taken = await self._post(delivery, run)
        log.info("webhook_sent", run_id=str(run.id), attempt=delivery.attempts + 1, answer=answer)
        await self._note(delivery, answer, taken=taken)

    async def _post(self, delivery: WebhookDelivery, run: Run) -> tuple[str, bool]:
        body = payload(delivery, run)
        secret = secret_of(delivery.user_id, self._runtime.settings.key_pepper.get_secret_value())
        headers = {"Content-Type": "application/json", **sign(secret, delivery.event_id, body)}
        try:
            status = await self._client.post(delivery.url, body, headers=headers)
        except FetchError as error:
            return str(error), False
        return str(status), status in _OK

    async def _note(self, delivery: WebhookDelivery, answer: str, *, taken: bool) -> None:
        switched_off = False
        async with self._runtime.system_unit() as unit:
            webhooks = WebhookRepository(unit.session)
            endpoint = await webhooks.count(delivery.user_id, delivery.url, failed=not taken)
            if taken:
                await webhooks.note(delivery.id, "delivered", answer=answer)
            elif delivery.attempts < len(DELAYS):
                wait = timedelta(seconds=DELAYS[delivery.attempts])
                await webhooks.note(delivery.id, "waiting", answer=answer, next_at=utc_now() + wait)
            else:
                await webhooks.note(delivery.id, "given_up", answer=answer)
            if endpoint.failures >= FAILURES_IN_A_ROW and endpoint.disabled_at is None:
                endpoint.disabled_at = utc_now()
                switched_off = True
        if switched_off:
            await self._tell_owner(delivery)

    async def _tell_owner(self, delivery: WebhookDelivery) -> None:
        log.warning("webhook_switched_off", user_id=str(delivery.user_id))
        for name, channel in self._channels.items():
            async with self._runtime.system_unit() as unit:
                chats = await unit.accounts.chats_of(delivery.user_id, name)
            for chat in chats:
                try:
                    await channel.announce(Place(name, chat), WebhookSwitchedOff(delivery.url, FAILURES_IN_A_ROW))
                except ChannelAwayError as error:
                    log.warning("owner_not_told", error=str(error))


def payload(delivery: WebhookDelivery, run: Run) -> bytes:
    """What is sent: that a run ended, and nothing of what it says."""
    ended = run.completed_at or datetime.now(UTC)
    return json.dumps(
        {
            "id": delivery.event_id,
            "type": f"run.{run.status}",
            "created_at": ended.isoformat().replace("+00:00", "Z"),
            "data": {"run_id": str(run.id)},
        }
    ).encode()


async def ring_due(unit: Unit, run_id: UUID | None = None) -> None:
    """Let the worker send what is due: of one run that has just ended, or of all."""
    for delivery in await WebhookRepository(unit.session).take_due(hold=_HOLD, run_id=run_id):
        await unit.tell(webhook_bell(delivery))


def webhook_bell(delivery: WebhookDelivery) -> Job:
    """The job that tries once to send a message."""
    return Job("send_webhook", (str(delivery.id),), f"webhook:{delivery.id}:{delivery.attempts}")
