"""The place in line, kept true on the messages of runs that wait: until a worker's claim they are the web's."""

import asyncio
from datetime import timedelta
from hashlib import sha256

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot import messages
from bot.telegram import CHANNEL
from bot.view import View
from bot.views.runs import progress
from core.channel import Progress, Subject
from core.logging import get_logger
from core.runtime import Runtime
from storage.deliveries import DeliveryRepository, InLine

EVERY_SECONDS = 3.0
_LOCK = 0x6C696E65
log = get_logger(__name__)


async def keep_positions(runtime: Runtime, bot: Bot) -> None:
    """Edit what has changed every three seconds, in one process at a time, until cancelled."""
    while True:
        await asyncio.sleep(EVERY_SECONDS)
        try:
            for waiting in await _changed(runtime):
                await messages.edit(bot, int(waiting.delivery.chat_id), waiting.delivery.message_id, _view(waiting))
        except (SQLAlchemyError, TelegramAPIError, OSError) as error:
            log.warning("positions_not_shown", error=str(error))


async def _changed(runtime: Runtime) -> list[InLine]:
    """Those whose place is another than the message says; what they will say is noted at once."""
    async with runtime.system_unit() as unit:
        if not await unit.session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _LOCK}):
            return []
        deliveries = DeliveryRepository(unit.session)
        changed = []
        for waiting in await deliveries.in_line(CHANNEL, waited=timedelta(seconds=EVERY_SECONDS)):
            rendered = sha256(_view(waiting).text.encode()).hexdigest()
            if rendered != waiting.delivery.last_rendered_hash:
                waiting.delivery.last_rendered_hash = rendered
                changed.append(waiting)
        return changed


def _view(waiting: InLine) -> View:
    subject = Subject(waiting.run.id, waiting.run.output_label, waiting.client)
    return progress(Progress(subject, "queued", ahead=waiting.ahead))
