"""What a part of the stack is."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


class StackError(Exception):
    """The stack can't be started; the message says why."""


class Part(Protocol):
    """A server, a step that ends, or a process that stays."""

    @property
    def name(self) -> str:
        """What people see, and the name of its log."""

    @property
    def after(self) -> tuple[str, ...]:
        """The parts that start before this one and stop after it. Names that are not in the stack do not count."""

    async def start(self) -> None:
        """Start, and return when those that wait for this part may start.

        Raises:
            StackError: When it can't be started.
        """

    async def stop(self, hurry: asyncio.Event) -> None:
        """Stop within a bound, or at once when `hurry` is set. Does nothing when it is not running."""


@dataclass(frozen=True)
class Place:
    """Where parts leave their traces, and whom they tell.

    Attributes:
        logs: Folder of `<name>.log`.
        records: Folder of what is known about running processes, which the next start reads after a kill.
        say: Shows one line to whoever started the stack.
    """

    logs: Path
    records: Path
    say: Callable[[str], None]

    def log(self, name: str) -> Path:
        """The log of a part."""
        return self.logs / f"{name}.log"

    def record(self, name: str) -> Path:
        """The record of a part's process."""
        return self.records / f"{name}.json"


def last_lines(log: Path, count: int = 15) -> str:
    """How a log ends, with its path above."""
    lines = log.read_text(errors="replace").splitlines() if log.exists() else []
    return "\n".join([f"{log} ends with:", *lines[-count:]])
