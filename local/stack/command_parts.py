"""Commands as parts of the stack: a step that ends, and a service that stays."""

import asyncio
import http.client
import time
import urllib.parse

from local.stack.part import Place, StackError, last_lines
from local.stack.process import Command, Environment, Process

_READY_SECONDS = 120.0
_POLL_SECONDS = 0.05
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_STEADY_SECONDS = 60.0  # a process that lived this long is started again as soon as at first


class Step:
    """A command that ends before those that wait for it may start.

    Args:
        command: What to run.
        environment: Its variables.
        place: Where its traces go.
        required: Whether the stack can't do without its success.
    """

    def __init__(self, command: Command, environment: Environment, place: Place, *, required: bool = True) -> None:
        self.name = command.name
        self.after = command.after
        self._process = Process(command, environment, place)
        self._place = place
        self._required = required

    async def start(self) -> None:
        """Run the command.

        Raises:
            StackError: When it is required, and ends with another code than 0.
        """
        code = await self._process.run()
        if code:
            words = self._process.last_words(f"ended with code {code}")
            if self._required:
                raise StackError(words)
            self._place.say(words)

    async def stop(self, hurry: asyncio.Event) -> None:
        """End the command if it is still running."""
        await self._process.end(hurry)


class Service:
    """A command that stays: started again, after a pause that grows, whenever it ends."""

    def __init__(self, command: Command, environment: Environment, place: Place) -> None:
        self.name = command.name
        self.after = command.after
        self._process = Process(command, environment, place)
        self._place = place
        self._is_ready = False
        self._is_wanted = False
        self._keeper: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the command and wait until it is ready.

        Raises:
            StackError: When it ends before it is ready, or is not ready after two minutes.
        """
        self._is_wanted = True
        self._keeper = asyncio.create_task(self._keep())
        ready = asyncio.create_task(self._wait_until_ready())
        try:
            await asyncio.wait({self._keeper, ready}, return_when=asyncio.FIRST_COMPLETED)
            if self._keeper.done():
                self._keeper.result()
            await ready
        finally:
            ready.cancel()

    async def stop(self, hurry: asyncio.Event) -> None:
        """End the command, and do not start it again."""
        self._is_wanted = False
        await self._process.end(hurry)
        if self._keeper:
            self._keeper.cancel()
            await asyncio.wait({self._keeper})

    async def _keep(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            began = time.monotonic()
            try:
                end = f"ended with code {await self._process.run()}"
            except OSError as error:  # out of memory or of processes
                end = f"can't start: {error}"
            if not self._is_wanted:
                return
            if not self._is_ready:
                raise StackError(self._process.last_words(end))
            if time.monotonic() - began > _STEADY_SECONDS:
                pause = _FIRST_PAUSE
            self._place.say(f"{self.name} {end}; starting it again in {pause:g} s")
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)

    async def _wait_until_ready(self) -> None:
        url = self._process.command.ready
        if url:
            deadline = time.monotonic() + _READY_SECONDS
            while not await asyncio.to_thread(_answers, url):
                if time.monotonic() > deadline:
                    raise StackError(
                        f"{self.name} does not answer on {url}. {last_lines(self._place.log(self.name))}"
                    )
                await asyncio.sleep(_POLL_SECONDS)
        self._is_ready = True


def _answers(url: str) -> bool:
    address = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=2)
    try:
        connection.request("GET", address.path or "/")
        return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
