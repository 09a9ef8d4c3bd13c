"""Delivery of updates to the bot's webhook: again and again until it says 2xx.

Source: https://core.telegram.org/bots/api#setwebhook. The pace of redelivery, and that taps have a queue apart
from messages, are as observed on the real servers.
"""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout

from .records import Record
from .store import Store
from .updates import Update, UpdateQueue
from .wire import Json

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0  # seconds
_PATIENCE = 60.0  # seconds for an answer
Execute = Callable[[ClientResponse], Awaitable[None]]


@dataclass
class Hook(Record):
    """Where updates go, as the bot set it."""

    kind = "webhook"
    url: str = ""
    secret_token: str = ""
    max_connections: int = 40
    has_custom_certificate: bool = False
    ip_address: str = ""
    last_error_date: int | None = None
    last_error_message: str | None = None


@dataclass
class Webhook:
    """The webhook, and one task for each lane that has updates waiting.

    `execute` is given every 2xx answer: its body may hold a call of a method.
    """

    store: Store
    updates: UpdateQueue
    execute: Execute | None = None
    first_pause: float = _FIRST_PAUSE
    hook: Hook = field(default_factory=Hook)
    _lanes: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    _session: ClientSession | None = None
    _slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(40))

    def __post_init__(self) -> None:
        """Take up the webhook that was set before a restart."""
        kept = self.store.one("bot", "webhook")
        self.hook = Hook.of(kept) if kept else Hook()
        self.updates.on_add = self._on_add

    async def start(self) -> None:
        """Begin to deliver what waits."""
        self._session = ClientSession(timeout=ClientTimeout(total=_PATIENCE), auto_decompress=True)
        self._resume()

    async def close(self) -> None:
        """Stop delivering; what was not accepted stays in the queue."""
        await self._halt()
        if self._session is not None:
            await self._session.close()

    async def set(self, hook: Hook) -> None:
        """Send updates to another address from now on; an empty `url` ends delivery."""
        await self._halt()
        self.hook = hook
        self._slots = asyncio.Semaphore(hook.max_connections)
        self._save()
        self._resume()

    def info(self) -> Json:
        """Give the Bot API `WebhookInfo`."""
        hook = self.hook
        body: Json = {
            "url": hook.url,
            "has_custom_certificate": hook.has_custom_certificate,
            "pending_update_count": len(self.updates.pending),
        }
        if hook.url:
            body["max_connections"] = hook.max_connections
            body |= {"ip_address": hook.ip_address} if hook.ip_address else {}
        if self.updates.allowed:
            body["allowed_updates"] = self.updates.allowed
        if hook.last_error_date:
            body["last_error_date"] = hook.last_error_date
            body["last_error_message"] = hook.last_error_message
        return body

    def _resume(self) -> None:
        for update in list(self.updates.pending.values()):
            self._on_add(update)

    async def _halt(self) -> None:
        # A method in a webhook's reply may be what changes the webhook; it can't wait for itself.
        tasks = [task for task in self._lanes.values() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._lanes.clear()

    def _on_add(self, update: Update) -> None:
        running = self._lanes.get(update.lane)
        if self.hook.url and self._session is not None and (running is None or running.done()):
            self._lanes[update.lane] = asyncio.create_task(self._deliver_lane(update.lane))

    async def _deliver_lane(self, lane: str) -> None:
        pause = self.first_pause
        while waiting := self.updates.lane(lane):
            async with self._slots:
                wait = await self._deliver(waiting[0])
            if wait is None:
                self.updates.confirm(waiting[0].update_id)
                pause = self.first_pause
                continue
            await asyncio.sleep(wait or pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
        self._lanes.pop(lane, None)

    async def _deliver(self, update: Update) -> float | None:
        """Post one update; give None if it was accepted, else the seconds asked for, or 0 if none were."""
        assert self._session is not None  # noqa: S101 - no lane runs before start()
        headers = {"Content-Type": "application/json"}
        if self.hook.secret_token:
            headers["X-Telegram-Bot-Api-Secret-Token"] = self.hook.secret_token
        body = json.dumps(update.wire(), ensure_ascii=False).encode()
        try:
            async with self._session.post(
                self.hook.url, data=body, headers=headers, allow_redirects=False
            ) as answer:
                if answer.status // 100 == 2:  # noqa: PLR2004 - "any 2xx"
                    if self.execute is not None:
                        await self.execute(answer)
                    return None
                self._failed(f"Wrong response from the webhook: {answer.status} {answer.reason}")
                asked = answer.headers.get("Retry-After", "")
                return float(asked) if asked.isdigit() else 0.0
        except TimeoutError:
            self._failed("Read timeout expired")
        except (ClientError, OSError) as error:
            self._failed(f"Connection failed: {error}")
        return 0.0

    def _failed(self, why: str) -> None:
        self.hook.last_error_date = int(time.time())
        self.hook.last_error_message = why
        self._save()

    def _save(self) -> None:
        self.store.put("bot", "webhook", self.hook.document())
