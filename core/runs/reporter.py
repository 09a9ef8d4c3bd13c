"""Showing progress at the channel's pace: the newest state wins, and the end never overtakes an edit under way."""

import asyncio
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from core.channel import Channel, Phase, Progress, Subject
from core.logging import get_logger
from core.runtime import Runtime
from storage.deliveries import DeliveryRepository
from storage.models import Delivery
from storage.models.base import utc_now

TAIL_CHARACTERS = 280
log = get_logger(__name__)


class Reporter:
    """An async context around a run's work. `report` never waits; leaving waits for the edit that is under way."""

    def __init__(
        self,
        runtime: Runtime,
        channels: Mapping[str, Channel],
        deliveries: Sequence[Delivery],
        subject: Subject,
    ) -> None:
        self._runtime = runtime
        self._channels = channels
        self._deliveries = [it for it in deliveries if it.channel in channels]
        self._subject = subject
        self._news = asyncio.Event()
        self._closing = asyncio.Event()
        self._state = Progress(subject, "starting")
        self._pumps: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        """Begin to show what is reported."""
        self._pumps = [asyncio.create_task(self._pump(it)) for it in self._deliveries]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop showing. An edit that was sent is waited for, since it may arrive whenever it likes otherwise."""
        self._closing.set()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    def report(self, phase: Phase, detail: str = "", text: str = "") -> None:
        """Note where the work is. `text` is all that was written so far; its end is shown."""
        tail = text[-TAIL_CHARACTERS:]
        if len(text) > TAIL_CHARACTERS:
            tail = "…" + tail.split(" ", 1)[-1]
        self._state = Progress(self._subject, phase, detail=detail, tail=tail)
        self._news.set()

    async def _pump(self, delivery: Delivery) -> None:
        channel = self._channels[delivery.channel]
        pace = channel.pace(delivery)
        age = (utc_now() - delivery.sent_at).total_seconds()
        wait = max(pace - age, 0.0)
        while not await self._closed_within(wait):
            await self._next_news()
            if self._closing.is_set():
                return
            self._news.clear()
            try:
                if not await self._is_ours(delivery):
                    return
                await channel.show(delivery, self._state)
            except Exception as error:  # noqa: BLE001 - progress is a courtesy; the work goes on
                log.warning("progress_not_shown", error=str(error))
            wait = pace

    async def _is_ours(self, delivery: Delivery) -> bool:
        """Whether the message still shows this run: another may have been started on it."""
        async with self._runtime.system_unit() as unit:
            return await DeliveryRepository(unit.session).is_working(delivery.id)

    async def _closed_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return False
        return True

    async def _next_news(self) -> None:
        news = asyncio.create_task(self._news.wait())
        closing = asyncio.create_task(self._closing.wait())
        await asyncio.wait({news, closing}, return_when=asyncio.FIRST_COMPLETED)
        for task in (news, closing):
            task.cancel()
