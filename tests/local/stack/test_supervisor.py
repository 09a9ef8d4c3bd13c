import asyncio
from dataclasses import dataclass, field

import pytest

from local.stack.part import StackError
from local.stack.supervisor import Supervisor


@dataclass
class Noted:
    """A part that notes what happens to it, and may wait or fail."""

    name: str
    notes: list[str]
    after: tuple[str, ...] = ()
    gate: asyncio.Event | None = None
    failure: Exception | None = None
    started: asyncio.Event = field(default_factory=asyncio.Event)

    async def start(self) -> None:
        self.started.set()
        if self.gate:
            await self.gate.wait()
        if self.failure:
            raise self.failure
        self.notes.append(f"+{self.name}")

    async def stop(self, hurry: asyncio.Event) -> None:
        self.notes.append(f"-{self.name}{'!' if hurry.is_set() else ''}")


async def test_parts_start_after_what_they_need_and_stop_before_it() -> None:
    notes: list[str] = []
    web = Noted("web", notes, after=("migrate", "valkey"))
    migrate = Noted("migrate", notes, after=("postgres",))
    supervisor = Supervisor([web, migrate, Noted("valkey", notes), Noted("postgres", notes)])
    await supervisor.start()
    assert sorted(notes[:2]) == ["+postgres", "+valkey"]
    assert notes[2:] == ["+migrate", "+web"]
    notes.clear()
    await supervisor.stop(asyncio.Event())
    assert notes.index("-web") < notes.index("-migrate") < notes.index("-postgres")
    assert notes.index("-web") < notes.index("-valkey")


async def test_what_is_not_related_starts_at_once() -> None:
    gate = asyncio.Event()
    parts = [Noted(name, [], gate=gate) for name in "abc"]
    starting = asyncio.create_task(Supervisor(parts).start())
    for part in parts:
        await part.started.wait()
    gate.set()
    await starting


async def test_what_a_real_service_replaces_is_not_waited_for() -> None:
    notes: list[str] = []
    await Supervisor([Noted("migrate", notes, after=("postgres",))]).start()
    assert notes == ["+migrate"]


async def test_a_failure_ends_the_start_and_everything_can_be_stopped() -> None:
    notes: list[str] = []
    slow = Noted("slow", notes, gate=asyncio.Event())
    broken = Noted("broken", notes, failure=StackError("no luck"))
    supervisor = Supervisor([slow, broken, Noted("web", notes, after=("broken",))])
    with pytest.raises(StackError, match="no luck"):
        await supervisor.start()
    assert notes == []
    hurry = asyncio.Event()
    hurry.set()
    await supervisor.stop(hurry)
    assert sorted(notes) == ["-broken!", "-slow!", "-web!"]
