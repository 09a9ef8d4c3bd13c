"""The worker is killed with -9 at ten points of one workflow: every finished step is run and billed once."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from local.claude.client import ClaudeStandIn, ReceivedRequest
from local.harness import Process, Stack, open_stack
from local.telegram.client import Message, Person, Telegram
from storage.database import make_engine, system_transaction
from tests.conftest import Servers
from tests.forks import Fork

ASKS = {
    "copy": "Write the complete landing page",
    "review": "Review the page in the material",
    "test": "Decide from the page",
    "tracking": "Write the measurement plan for this page",
}
PIECE = "<output>\n# {name}\n\nThe {name} of the page.\n</output>"
QUICK = {"RUN_LEASE_SECONDS": "3", "HEARTBEAT_SECONDS": "1"}
PATIENCE = 60.0


@pytest.fixture
async def frail(servers: Servers) -> AsyncIterator[Stack]:
    """A stack of its own, that a test may break."""
    folder = Path(tempfile.mkdtemp(prefix="marketing-agent-frail-"))
    stack = await open_stack(
        servers.environment(servers.fresh_database(), redis_number=4), folder, start=Fork.start
    )
    try:
        yield stack
    finally:
        await stack.close()
        shutil.rmtree(folder, ignore_errors=True)


class Killer:
    """A worker that is killed and started again, and the model that it asks."""

    def __init__(self, stack: Stack, worker: Process) -> None:
        self.kills = 0
        self.claude = ClaudeStandIn(stack.claude_url)
        self._stack = stack
        self._worker = worker

    async def strike(self, person: Person | None = None, tap: tuple[Message, str] | None = None) -> None:
        """Kill the worker, tap while there is none, and start another."""
        self._worker.kill()
        await self._worker.ended()
        self.kills += 1
        if person is not None and tap is not None:
            await person.answer_to(await person.tap(*tap))
        self._worker = await self._stack.start_worker(**QUICK)

    async def hang(self, *steps: str, revising: str = "") -> None:
        """Let the next request of each step get no answer."""
        for step in steps:
            await self.claude.script({"hang": True}, user=revising or ASKS[step], times=1, name=f"hang {step}")

    async def asked(self, *steps: str, by: str = "hang") -> None:
        """Wait until these steps have asked the model and were answered by such a script."""

        def heard(name: str, request: ReceivedRequest) -> bool:
            return request.answered_by == name

        await asyncio.gather(
            *(self.claude.wait_for_request(partial(heard, f"{by} {step}"), PATIENCE) for step in steps)
        )


async def _rows(stack: Stack, query: str) -> list[Any]:
    engine = make_engine(stack.environment["DATABASE_URL"], pool_size=0)
    try:
        async with system_transaction(engine) as session:
            return [tuple(row) for row in (await session.execute(text(query))).all()]
    finally:
        await engine.dispose()


@pytest.mark.timeout(400)
@pytest.mark.long
async def test_ten_kills_in_one_workflow(frail: Stack) -> None:
    async with Telegram(frail.telegram_url) as telegram:
        _, worker = await asyncio.gather(frail.start_web(), frail.start_worker(**QUICK))
        killer = Killer(frail, worker)
        person = await telegram.admin.add_person("maya4", "Maya")
        await person.start()
        await person.wait_for(lambda m: "Welcome" in m.text, timeout=20)

        # 1: the first step is at work, and nothing of it is kept
        await killer.hang("copy", "test", "tracking")  # once each; the first script that fits answers
        await _answers(killer.claude)
        await person.send("/workflow landing-page-launch A page for Yaz Automate")
        price = await person.wait_for(lambda m: "will cost about" in m.text)
        await person.answer_to(await person.tap(price, "Go"))
        await killer.asked("copy")
        await killer.strike()
        # 2: the model has answered; whether that was kept is a matter of milliseconds
        await killer.asked("copy", by="piece")
        await killer.strike()
        gate = await _gate(person, "Write the page")
        # 3: the gate waits; what is decided while there is no worker is not lost
        await killer.strike(person, (gate, "✓ Approve"))
        # 4: the second step has just been put in line
        await killer.strike()
        gate = await _gate(person, "Audit before launch")
        await person.answer_to(await person.tap(gate, "Revise"))
        question = await person.wait_for(lambda m: "What should change" in m.text)
        # 5: its revision is at work
        await killer.hang("review", revising="name the three worst")
        await killer.claude.script(
            PIECE.format(name="revision"), user="name the three worst", name="piece revision"
        )
        await person.reply(question, "name the three worst")
        await killer.asked("review")
        await killer.strike()
        gate = await person.wait_for(lambda m: "Audit before launch (v2)" in m.text and _waits(m), timeout=PATIENCE)
        # 6: both parallel steps are at work
        await person.answer_to(await person.tap(gate, "✓ Approve"))
        await killer.asked("test", "tracking")
        await killer.strike()
        # 7: again, with both of them in line
        await killer.strike()
        gate = await person.wait_for(
            lambda m: "⏸ Decide what to test" in m.text and "⏸ Make it measurable" in m.text, timeout=PATIENCE
        )
        # 8: two gates wait; one is passed while there is no worker
        await killer.strike(person, (gate, "✓ Approve"))
        gate = await person.wait_for(
            lambda m: "✓ Decide what to test" in m.text and "⏸ Make it measurable" in m.text, timeout=PATIENCE
        )
        # 9: nothing but the last gate is left
        await killer.strike()
        # 10: the last word is said while there is no worker
        await killer.strike(person, (gate, "✓ Approve"))
        done = await person.wait_for(lambda m: "is complete!" in m.text, timeout=PATIENCE)
        assert "Cost: $0." in done.text
        await _once_each(frail)
    assert killer.kills == 10


def _waits(message: Message) -> bool:
    return "✓ Approve" in message.labels


async def _gate(person: Person, title: str) -> Message:
    return await person.wait_for(lambda m: f"⏸ {title}" in m.text and _waits(m), timeout=PATIENCE)


async def _answers(claude: ClaudeStandIn) -> None:
    for step, ask in ASKS.items():
        await claude.script(PIECE.format(name=step), user=ask, name=f"piece {step}")


async def _once_each(stack: Stack) -> None:
    """One completed run for each step and one for the revision, each with one output and one paid attempt."""
    runs = await _rows(
        stack,
        "SELECT step, status, count(*), count(DISTINCT origin_key) FROM runs GROUP BY 1, 2 ORDER BY 1",
    )
    assert runs == [
        ("copy", "completed", 1, 1),
        ("review", "completed", 2, 2),
        ("test", "completed", 1, 1),
        ("tracking", "completed", 1, 1),
    ]
    outputs = await _rows(
        stack, "SELECT r.id, count(o.id) FROM runs r JOIN outputs o ON o.run_id = r.id GROUP BY 1"
    )
    assert [count for _, count in outputs] == [1] * 5
    paid = await _rows(stack, "SELECT run_id, count(*) FROM run_attempts WHERE cost_usd > 0 GROUP BY 1")
    assert [count for _, count in paid] == [1] * 5
    ((walk,),) = await _rows(stack, "SELECT cost_usd FROM workflow_runs")
    ((by_runs,),) = await _rows(stack, "SELECT sum(cost_usd) FROM runs")
    ((by_attempts,),) = await _rows(stack, "SELECT sum(cost_usd) FROM run_attempts")
    assert walk == by_runs == by_attempts > 0
