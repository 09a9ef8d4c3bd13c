"""The order in which parts start and stop."""

import asyncio
from collections.abc import Sequence

from local.stack.part import Part, StackError


class Supervisor:
    """Starts every part as soon as those it comes after have started, and stops them the other way round."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self._parts = parts

    async def start(self) -> None:
        """Start all parts, as many at once as their order allows.

        Raises:
            StackError: The first failure; what was started is left for `stop`.
        """
        started = {part.name: asyncio.Event() for part in self._parts}

        async def start(part: Part) -> None:
            for name in part.after:
                if name in started:
                    await started[name].wait()
            await part.start()
            started[part.name].set()

        try:
            async with asyncio.TaskGroup() as group:
                for part in self._parts:
                    group.create_task(start(part))
        except* StackError as errors:
            raise errors.exceptions[0] from None

    async def stop(self, hurry: asyncio.Event) -> None:
        """Stop all parts, whatever happens to one; a part stops when all that come after it have stopped."""
        stopped = {part.name: asyncio.Event() for part in self._parts}

        async def stop(part: Part) -> None:
            for other in self._parts:
                if part.name in other.after:
                    await stopped[other.name].wait()
            try:
                await part.stop(hurry)
            finally:
                stopped[part.name].set()

        ends = await asyncio.gather(*(stop(part) for part in self._parts), return_exceptions=True)
        for end in ends:
            if isinstance(end, BaseException):
                raise end
