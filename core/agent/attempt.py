"""What both roads keep of a task under way: its text, what it has used, and whom to tell."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from core.agent.failures import AgentError, AgentTimeoutError
from core.agent.pricing import price
from core.agent.task import AgentResult, AgentTask, OnEvent, Spent, Writing
from core.agent.usage import Meter

_SECONDS_BETWEEN_WRITINGS = 0.2


class Attempt:
    """One run of one task."""

    def __init__(self, task: AgentTask, tell: OnEvent, clock: Callable[[], float] = time.monotonic) -> None:
        self.task = task
        self.tell = tell
        self.meter = Meter()
        self._clock = clock
        self._chunks: list[str] = []
        self._told_at = float("-inf")

    @property
    def text(self) -> str:
        """What the turn that goes on, or the last one, has written."""
        return "".join(self._chunks)

    async def begin_turn(self, usage: Mapping[str, Any]) -> None:
        """A turn starts: `usage` of a `message_start`. If the one before broke off, what it wrote is counted."""
        self.meter.break_off(self.text)
        self.meter.begin_turn(usage)
        self._chunks = []
        await self._tell_spent()

    async def write(self, chunk: str) -> None:
        """The turn writes on. The whole is put together only when it is told."""
        self._chunks.append(chunk)
        now = self._clock()
        if now - self._told_at >= _SECONDS_BETWEEN_WRITINGS:
            self._told_at = now
            await self.tell(Writing(self.text))

    @asynccontextmanager
    async def bounded(self) -> AsyncIterator[None]:
        """Within the task's time; whatever happens, what was used is told, and a failure knows it.

        Raises:
            AgentTimeoutError: when the time is over.
        """
        try:
            async with asyncio.timeout(self.task.timeout_seconds) as deadline:
                yield
        except TimeoutError as error:
            if not deadline.expired():
                raise
            raise self._paid(AgentTimeoutError(f"over {self.task.timeout_seconds:g} s")) from error
        except AgentError as error:
            raise self._paid(error)  # noqa: B904 - it is the same error
        finally:
            self.meter.break_off(self.text)
            await self._tell_spent()

    def result(self, text: str, files: dict[str, bytes] | None = None) -> AgentResult:
        """The task's result, with what it has cost."""
        usage, model = self.meter.usage, self.task.model
        return AgentResult(text, usage, price(model, usage), model, files or {})

    def _paid(self, error: AgentError) -> AgentError:
        self.meter.break_off(self.text)
        usage = self.meter.usage
        return error.spent(usage, price(self.task.model, usage))

    async def _tell_spent(self) -> None:
        await self.tell(Spent(self.meter.usage))
