"""The bot's queue of updates, and long polling from it.

Source: https://core.telegram.org/bots/api#getting-updates
"""

import asyncio
import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from .records import Record
from .store import Store
from .wire import Json, conflict

NOT_BY_DEFAULT = {"chat_member", "message_reaction", "message_reaction_count"}
_LIFETIME = {"callback_query": 150.0}  # seconds
_DAY = 24 * 3600.0


@dataclass
class Update(Record):
    """One update that the bot has not taken yet.

    `lane` names the queue within which a webhook gets updates in order: messages by chat, taps by person.
    """

    kind = "update"
    update_id: int
    type: str
    payload: Json
    lane: str
    at: float

    def wire(self) -> Json:
        """Give the Bot API `Update`."""
        return {"update_id": self.update_id, self.type: self.payload}

    @property
    def is_stale(self) -> bool:
        """Tell whether the servers would have dropped it by now."""
        return time.time() - self.at > _LIFETIME.get(self.type, _DAY)


class UpdateQueue:
    """Updates in the order in which they came, until the bot confirms them."""

    def __init__(self, store: Store) -> None:
        self._store = store
        pending = sorted(map(Update.of, store.load("update")), key=lambda update: update.update_id)
        self.pending = {update.update_id: update for update in pending}
        kept = store.one("bot", "updates") or {}
        self._next_id: int = kept.get("next_id", 100_000_000)
        self.allowed: list[str] = kept.get("allowed", [])
        self._arrived = asyncio.Event()
        self._poller = 0  # the number of the newest one
        self.on_add: Callable[[Update], None] | None = None  # set by the webhook

    def allow(self, types: list[str] | None) -> None:
        """Choose the types of update to come; None keeps the choice, an empty list is the default one."""
        if types is not None:
            self.allowed = types
            self._save()

    def add(self, kind: str, payload: Json, lane: str) -> int | None:
        """Queue an update; give its id, or None when the bot did not ask for its type."""
        if kind not in self.allowed if self.allowed else kind in NOT_BY_DEFAULT:
            return None
        update = Update(self._next_id, kind, payload, lane, time.time())
        self._next_id += 1
        self.pending[update.update_id] = update
        self._store.put("update", update.update_id, update.document())
        self._save()
        self._arrived.set()
        if self.on_add is not None:
            self.on_add(update)
        return update.update_id

    def confirm(self, update_id: int) -> None:
        """Forget an update that the bot has taken."""
        if self.pending.pop(update_id, None) is not None:
            self._store.drop("update", update_id)

    def clear(self) -> None:
        """Drop everything that waits."""
        for update_id in list(self.pending):
            self.confirm(update_id)

    def lane(self, name: str) -> list[Update]:
        """Give what waits in one lane, oldest first; what is too old is dropped."""
        self._drop_stale()
        return [update for update in self.pending.values() if update.lane == name]

    async def poll(self, offset: int, limit: int, timeout: float) -> list[Json]:  # noqa: ASYNC109 - Telegram's word
        """Wait up to `timeout` seconds for updates, and give at most `limit`.

        Args:
            offset: confirms all updates before it; a negative one forgets all but the last `-offset`.
            limit: 1 to 100.
            timeout: seconds; 0 answers at once.

        Raises:
            ApiError: 409 when another poller comes meanwhile: the newer one wins.
        """
        known = list(self.pending)
        if offset < 0:
            offset = known[max(len(known) + offset, 0)] if known else 0
        for update_id in known:
            if update_id < offset:
                self.confirm(update_id)
        self._poller = mine = self._poller + 1
        self._arrived.set()  # wakes the poller before this one, to tell it that it lost
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while not self._take(limit):
                    self._arrived.clear()
                    await self._arrived.wait()
                    if mine != self._poller:
                        raise conflict(
                            "terminated by other getUpdates request; "
                            "make sure that only one bot instance is running"
                        )
        return self._take(limit)

    def _take(self, limit: int) -> list[Json]:
        self._drop_stale()
        return [update.wire() for update in list(self.pending.values())[:limit]]

    def _drop_stale(self) -> None:
        for update in [update for update in self.pending.values() if update.is_stale]:
            self.confirm(update.update_id)

    def _save(self) -> None:
        self._store.put("bot", "updates", {"next_id": self._next_id, "allowed": self.allowed})
