"""Keeping messages true: one writer at a time, at the channel's pace, the newest state wins."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import timedelta
from uuid import UUID

from core.channel import Channel, ChannelAwayError, Place, ProposalCard, WorkflowCard
from core.logging import get_logger
from core.runtime import Runtime
from storage.deliveries import DeliveryRepository
from storage.messages import MessageRepository, Shown
from storage.models import Delivery
from storage.models.base import utc_now

Card = WorkflowCard | ProposalCard
NOT_SENT = 0
"""The message id of a delivery whose message has yet to be sent."""
_HOLD_IN_LEASES = 1.5  # a writer that died is missed a little later than its runs: it may have waited for the pace
log = get_logger(__name__)


async def show_newest(
    runtime: Runtime,
    channels: Mapping[str, Channel],
    table: Shown,
    row_id: UUID,
    *,
    read: Callable[[], Awaitable[tuple[int, Card]]],
    not_shown: Callable[[Card], Awaitable[None]] | None = None,
) -> None:
    """Bring every message of a row up to date; send those that were never sent.

    `read` gives the newest revision and its state. What can't be shown now is told to `not_shown`, and left for the
    sweeper.
    """
    failed: set[UUID] = set()
    while (delivery := await _take(runtime, channels, table, row_id, failed)) is not None:
        channel = channels[delivery.channel]
        if delivery.message_id != NOT_SENT:
            age = (utc_now() - delivery.sent_at).total_seconds()
            await asyncio.sleep(max(channel.pace(delivery) - age, 0.0))
        revision, card = await read()
        try:
            await _show(runtime, channel, delivery, card)
        except ChannelAwayError as error:
            log.warning("not_shown_yet", table=table.__tablename__, error=str(error), retry_after=error.retry_after)
            async with runtime.system_unit() as unit:
                pause = timedelta(seconds=error.retry_after)
                await MessageRepository(unit.session, table).put_off(delivery.id, pause)
            if not_shown is not None:
                await not_shown(card)
            failed.add(delivery.id)
            continue
        async with runtime.system_unit() as unit:
            messages = MessageRepository(unit.session, table)
            await messages.release(delivery.id, shown=revision, final=card.final)


async def _take(
    runtime: Runtime, channels: Mapping[str, Channel], table: Shown, row_id: UUID, failed: Collection[UUID]
) -> Delivery | None:
    """Hold a message that is behind, that nobody else writes, and that has not failed just now, if there is one."""
    hold = timedelta(seconds=_HOLD_IN_LEASES * runtime.settings.run_lease_seconds)
    async with runtime.system_unit() as unit:
        messages = MessageRepository(unit.session, table)
        return await messages.take(row_id, channels=list(channels), hold=hold, but=failed)


async def _show(runtime: Runtime, channel: Channel, delivery: Delivery, card: Card) -> None:
    if delivery.message_id != NOT_SENT:
        await channel.show(delivery, card)
        return
    place = Place(delivery.channel, delivery.chat_id, delivery.thread_id)
    message_id = await channel.announce(place, card)
    async with runtime.system_unit() as unit:
        await DeliveryRepository(unit.session).move(delivery.id, delivery.chat_id, message_id)
