"""Taking updates in: secrets hidden, the row committed, the worker woken. Only then may the channel hear of it."""

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.telegram import CHANNEL
from core import metrics
from core.accounts.secrets import hide_secrets
from core.runtime import Runtime
from storage.inbox import InboxRepository


class NotAnUpdateError(ValueError):
    """The body is not an update of Telegram's."""


class Intake:
    """One for each web process. `news` is set when something came in."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._pepper = runtime.settings.key_pepper.get_secret_value()
        self.news = asyncio.Event()

    async def take(self, update: Any) -> bool:
        """Keep an update; False if it is here already.

        Raises:
            NotAnUpdateError: it has no number.
        """
        update_id = update.get("update_id") if isinstance(update, dict) else None
        if not isinstance(update_id, int):
            raise NotAnUpdateError
        hashes: list[str] = []
        payload = {"update": hide_secrets(update, self._pepper, hashes), "secrets": hashes}
        async with self._runtime.system_unit() as unit:
            fresh = await InboxRepository(unit.session).add(CHANNEL, update_id, chat_key(update), payload)
        metrics.UPDATES.labels(CHANNEL, "taken" if fresh else "known").inc()
        self.news.set()
        return fresh


def chat_key(update: Mapping[str, Any]) -> str:
    """What is handled in order: the updates of one chat; of one person where there is no chat."""
    for event in update.values():
        if not isinstance(event, Mapping):
            continue
        message = event.get("message", event)
        chat = message.get("chat") if isinstance(message, Mapping) else None
        if isinstance(chat, Mapping) and "id" in chat:
            return f"chat:{chat['id']}"
        sender = event.get("from")
        if isinstance(sender, Mapping) and "id" in sender:
            return f"person:{sender['id']}"
    return f"update:{update.get('update_id')}"
