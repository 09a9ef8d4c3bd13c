"""An embedded server as a part of the stack."""

import asyncio
import contextlib
from collections.abc import Callable

from local.servers import Server, ServerError
from local.stack.part import Place, StackError

_WATCH_SECONDS = 0.2
_PAUSE_SECONDS = 5.0


class ServerPart:
    """An embedded server that is started again, on its port and with its data, when it dies."""

    after: tuple[str, ...] = ()

    def __init__(self, server: Server, place: Place) -> None:
        self.name = server.name
        self.server = server
        self._place = place
        self._watch: asyncio.Task[None] | None = None
        server.log = place.log(server.name)

    async def start(self) -> None:
        """Start the server.

        Raises:
            StackError: As `Server.start` says.
        """
        try:
            await _to_its_end(self.server.start)
        except (ServerError, OSError) as error:
            raise StackError(f"{self.name} can't start: {error}") from error
        self._watch = asyncio.create_task(self._keep())

    async def stop(self, hurry: asyncio.Event) -> None:  # noqa: ARG002 - a server's stop is short, and data is at stake
        """Stop the server."""
        if self._watch:
            self._watch.cancel()
            await asyncio.wait({self._watch})
        await asyncio.to_thread(self.server.stop)

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(_WATCH_SECONDS)
            if self.server.alive:
                continue
            self._place.say(f"{self.name} has died; starting it again")
            try:
                await _to_its_end(self.server.start)
            except (ServerError, OSError) as error:
                self._place.say(f"{self.name} can't start: {error}")
                await asyncio.sleep(_PAUSE_SECONDS)


async def _to_its_end(function: Callable[[], None]) -> None:
    """Run a function in a thread, and wait for its end even when cancelled: no thread can be stopped half-way."""
    work = asyncio.create_task(asyncio.to_thread(function))
    try:
        await asyncio.shield(work)
    except asyncio.CancelledError:
        with contextlib.suppress(ServerError, OSError):
            await work
        raise
