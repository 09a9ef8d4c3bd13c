"""Showing a run that was started over HTTP in its owner's chat too."""

from uuid import UUID

from bot.http.call import Call
from bot.telegram import CHANNEL
from core.channel import ChannelAwayError, ChannelState, Place, Progress, Subject
from core.errors import MarketingAgentError, ServiceAwayError
from core.runs.plan import Ready, ReadyWorkflow
from core.runs.service import Shown
from core.workflows.cards import first_card

_RETRY_AFTER_SECONDS = 5


class TelegramNotLinkedError(MarketingAgentError):
    """The user has no chat to show a run in."""

    code = "telegram-not-linked"
    status = 422


async def announce(call: Call, plan: Ready, run_id: UUID) -> Shown:
    """Say in the linked chat that a run is under way, before it is: from its claim on the message is the worker's.

    Raises:
        TelegramNotLinkedError: no chat is linked.
        ServiceAwayError: Telegram does not take the message now; nothing was started.
    """
    async with call.runtime.system_unit() as unit:
        ahead = await unit.runs.queue_length()
    subject = Subject(run_id, plan.label, plan.client.name if plan.client else None)
    return await _say(call, Progress(subject, "queued", ahead=ahead))


async def announce_workflow(call: Call, plan: ReadyWorkflow, walk_id: UUID) -> Shown:
    """Show a workflow's checklist in the linked chat, before it begins: from then on the message is the worker's.

    Raises:
        TelegramNotLinkedError: no chat is linked.
        ServiceAwayError: Telegram does not take the message now; nothing was started.
    """
    return await _say(call, first_card(plan, walk_id))


async def _say(call: Call, state: ChannelState) -> Shown:
    async with call.runtime.system_unit() as unit:
        chats = await unit.accounts.chats_of(call.user_id, CHANNEL)
    if not chats or CHANNEL not in call.frame.channels:
        raise TelegramNotLinkedError
    place = Place(CHANNEL, chats[0])
    try:
        message_id = await call.frame.channels[CHANNEL].announce(place, state)
    except ChannelAwayError as error:
        raise ServiceAwayError(str(error), retry_after=_RETRY_AFTER_SECONDS) from error
    return Shown(place, message_id)
