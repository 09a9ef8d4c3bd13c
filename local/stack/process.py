"""A command of the stack, run as a process in a session of its own."""

import asyncio
import contextlib
import sys
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import psutil

from local.servers import orphans
from local.stack.output import ErrorLines
from local.stack.part import Place, last_lines

_ECHO_SECONDS = 0.2

Environment = Callable[[], Mapping[str, str]]
"""Gives a process all its variables when it starts: the ports of servers are known no earlier."""


@dataclass(frozen=True)
class Command:
    """What to run.

    Attributes:
        name: What people see, and the name of the log.
        arguments: What follows the name of the Python interpreter.
        after: The parts that must have started.
        ready: For a process that stays: the URL that answers (below 500) when it is ready. Without it, being
            alive is enough.
        stop_seconds: How long it may take to stop before it is killed.
    """

    name: str
    arguments: tuple[str, ...]
    after: tuple[str, ...] = ()
    ready: str | None = None
    stop_seconds: float = 5.0


class Process:
    """A command, run once or again and again. Its output goes to a log, and errors in it are shown at once."""

    def __init__(self, command: Command, environment: Environment, place: Place) -> None:
        self.command = command
        self.environment = environment
        self._place = place
        self._process: asyncio.subprocess.Process | None = None
        self._has_shown_errors = False

    async def run(self) -> int:
        """Run the command to its end.

        Returns:
            Its exit code; negative for the signal that killed it.
        """
        record = self._place.record(self.command.name)
        path = self._place.log(self.command.name)
        with path.open("ab") as log, path.open("rb") as tail:
            tail.seek(0, 2)
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *self.command.arguments,
                env=dict(self.environment()),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=asyncio.subprocess.STDOUT,
                start_new_session=True,
            )
            orphans.remember(record, self._process.pid)
            echo = asyncio.create_task(self._echo(tail))
            try:
                code = await self._process.wait()
                orphans.forget(record)
            finally:
                echo.cancel()
                await asyncio.wait({echo})
        return code

    async def end(self, hurry: asyncio.Event) -> None:
        """End the running process and its children: SIGTERM, then SIGKILL after `stop_seconds` or at `hurry`."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        family: list[psutil.Process] = []
        with contextlib.suppress(psutil.Error, ProcessLookupError):
            family = orphans.descendants(psutil.Process(process.pid))
            process.terminate()
        await _first(process.wait(), hurry.wait(), seconds=self.command.stop_seconds)
        if process.returncode is None:
            if not hurry.is_set():
                self._place.say(f"{self.command.name} did not stop in {self.command.stop_seconds:g} s; killing it")
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        await asyncio.to_thread(orphans.kill_after, family, seconds=0)
        orphans.forget(self._place.record(self.command.name))

    def last_words(self, end: str) -> str:
        """What to say of a process that came to this end, without repeating errors that were shown."""
        log = self._place.log(self.command.name)
        told = f"{self.command.name} {end}"
        return f"{told}; see {log}" if self._has_shown_errors else f"{told}. {last_lines(log)}"

    async def _echo(self, tail: BinaryIO) -> None:
        """Show the errors that are written to the log, until cancelled, and those that stand there then."""
        errors = ErrorLines()
        try:
            while True:
                self._show(errors.feed(tail.read()))
                await asyncio.sleep(_ECHO_SECONDS)
        finally:
            self._show(errors.feed(tail.read() + b"\n"))

    def _show(self, lines: list[str]) -> None:
        for line in lines:
            self._has_shown_errors = True
            self._place.say(f"{self.command.name}: {line}")


async def _first(*waits: Coroutine[Any, Any, object], seconds: float) -> None:
    """Wait for the first of these, but no longer than that."""
    tasks = [asyncio.create_task(wait) for wait in waits]
    await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
