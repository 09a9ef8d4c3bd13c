"""How a group rates a piece, kept on the piece's buttons at the pace that Telegram allows in groups."""

import asyncio
from dataclasses import dataclass

from aiogram import Bot
from aiogram.exceptions import TelegramAPIError
from aiogram.types import Message
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from bot import messages
from bot.channel import GROUP_PACE
from bot.keyboards.outputs import result
from bot.view import View
from core.logging import get_logger
from core.outputs.service import card
from core.runtime import Runtime
from storage.models import Output

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class GroupScores:
    """Edits the buttons at once, then every `pace` seconds at most, over all processes; the last edit is true."""

    bot: Bot
    runtime: Runtime
    pace: float = GROUP_PACE

    def show(self, message: Message, output: Output, *, whole: bool) -> None:
        """Show it beside other work; nobody waits for this. `whole`: the message shows the whole text now."""
        self.runtime.in_background(self._show(message, output, whole=whole))

    async def _show(self, message: Message, output: Output, *, whole: bool) -> None:
        try:
            wait = await self._turn(f"marketing-agent:scores:{message.chat.id}:{message.message_id}")
            if wait is None:
                return
            await asyncio.sleep(wait)
            async with self.runtime.unit(output.user_id) as unit:
                group = await unit.feedback.rated(output.id)
            view = View("", result(card(output), group=group, whole=whole))
            await messages.edit_keyboard(self.bot, message.chat.id, message.message_id, view)
        except (TelegramAPIError, RedisError, SQLAlchemyError, OSError) as error:
            log.warning("group_score_not_shown", output=str(output.id), error=str(error))

    async def _turn(self, key: str) -> float | None:
        """How many seconds to wait before the edit; None if somebody else waits to make it."""
        redis, pace = self.runtime.redis, int(self.pace * 1000)
        if await redis.set(key, 1, nx=True, px=pace):
            return 0.0
        left = max(int(await redis.pttl(key)), 1)
        if not await redis.set(f"{key}:next", 1, nx=True, px=left):
            return None
        await redis.set(key, 1, px=left + pace)
        return left / 1000
