"""Showing how a run ended, from what the tables say: at the end of the work, and after a crash."""

from collections.abc import Mapping, Sequence

from core.channel import Channel, ChannelAwayError, Failed, Finished, RunState, Stopped, Subject
from core.logging import get_logger
from core.outputs.service import card
from core.runtime import Runtime
from storage.clients import ClientRepository
from storage.deliveries import DeliveryRepository
from storage.models import Delivery, Run
from storage.models.runs import TERMINAL
from storage.outputs import OutputRepository
from storage.runs import RunRepository

NOTIFY_AFTER_SECONDS = 15
log = get_logger(__name__)


def reference(run: Run) -> str:
    """What a person can quote and the logs carry: the last eight characters of the run's id."""
    return run.id.hex[-8:]


async def show_end(runtime: Runtime, channels: Mapping[str, Channel], run: Run) -> None:
    """Make every message of an ended run say so, and note that it does. Repeating it changes nothing."""
    async with runtime.system_unit() as unit:
        deliveries = await DeliveryRepository(unit.session).working(run.id)
    if deliveries:
        await show_state(runtime, channels, deliveries, await end_state(runtime, run))


async def show_state(
    runtime: Runtime, channels: Mapping[str, Channel], deliveries: Sequence[Delivery], state: RunState
) -> None:
    """Show how a run ended; what a channel does not take now is left for the sweeper."""
    for delivery in deliveries:
        channel = channels.get(delivery.channel)
        if channel is None:
            continue
        try:
            await channel.show(delivery, state)
        except ChannelAwayError as error:
            log.warning("end_not_shown_yet", error=str(error), retry_after=error.retry_after)
            continue
        async with runtime.system_unit() as unit:
            await DeliveryRepository(unit.session).set_state(delivery.id, "final")


async def end_state(runtime: Runtime, run: Run) -> RunState:
    """How an ended run ended, read from the tables.

    Raises:
        ValueError: it has not ended.
    """
    async with runtime.system_unit() as unit:
        current = await RunRepository(unit.session).get(run.id) or run
        client = await ClientRepository(unit.session).get(run.user_id, run.client_id) if run.client_id else None
        outputs = await OutputRepository(unit.session).of_run(run.id)
    if current.status not in TERMINAL:
        raise ValueError(f"run {run.id} is {current.status}")
    subject = Subject(run.id, run.output_label, client.name if client else None)
    if current.status == "cancelled":
        return Stopped(subject)
    if current.status == "failed" or not outputs:
        return Failed(subject, current.error_code or "internal", reference(run))
    ended = current.completed_at or current.queued_at
    seconds = (ended - current.queued_at).total_seconds()
    return Finished(
        subject,
        card(outputs[0]),
        others=tuple(card(output) for output in outputs[1:]),
        seconds=seconds,
        notify=current.notify and seconds > NOTIFY_AFTER_SECONDS,
        cost_usd=current.cost_usd,
    )
