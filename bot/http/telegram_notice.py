"""Showing a run that was started over HTTP in its owner's chat too."""

from uuid import UUID

from bot.http.call import Call
from bot.telegram import CHANNEL
from core.channel import ChannelAwayError, Place, Progress, Subject
from core.errors import MarketingAgentError, ServiceAwayError
from core.runs.plan import Ready
from core.runs.service import Shown

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
        chats = await unit.accounts.chats_of(call.user_id, CHANNEL)
        ahead = await unit.runs.queue_length()
    if not chats or CHANNEL not in call.frame.channels:
        raise TelegramNotLinkedError
    place = Place(CHANNEL, chats[0])
    subject = Subject(run_id, plan.label, plan.client.name if plan.client else None)
    try:
        message_id = await call.frame.channels[CHANNEL].announce(place, Progress(subject, "queued", ahead=ahead))
    except ChannelAwayError as error:
        raise ServiceAwayError(str(error), retry_after=_RETRY_AFTER_SECONDS) from error
    return Shown(place, message_id)
