"""One writer for a walk's message: the newest state wins, and what a channel does not take now comes later."""

import asyncio
from dataclasses import dataclass, field

import pytest
from sqlalchemy import text

from core.channel import ChannelAwayError, ChannelState, News, Place, WorkflowCard
from core.workflows.showing import show_workflow
from storage.deliveries import DeliveryRepository
from storage.messages import MessageRepository
from storage.models import Delivery, WorkflowRun
from storage.workflows import WorkflowRepository
from tests.core.workflows.conftest import Walker, workflow

LINE = workflow(("write", []), ("edit", ["write"]))


def chat_of(walker: Walker) -> str:
    """A chat that is no other test's."""
    return str(walker.walk_id)


@dataclass
class Chat:
    """A channel of this test: remembers what it showed, and can be slow or away."""

    shown: list[WorkflowCard] = field(default_factory=list)
    busy: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)
    away: bool = False

    def pace(self, delivery: Delivery) -> float:  # noqa: ARG002 - as the protocol has it
        return 0.0

    async def show(self, delivery: Delivery, state: ChannelState) -> None:
        assert isinstance(state, WorkflowCard)
        assert delivery.message_id == 7
        self.busy.set()
        await self.go.wait()
        if self.away:
            raise ChannelAwayError("away", 0.0)
        self.shown.append(state)

    async def announce(self, place: Place, news: News) -> int:
        raise NotImplementedError


@pytest.fixture
async def chat(walker: Walker) -> Chat:
    await walker.start(LINE, chat=chat_of(walker))
    return Chat()


async def _state(walker: Walker) -> str:
    async with walker.runtime.system_unit() as unit:
        delivery = await DeliveryRepository(unit.session).of_message("telegram", chat_of(walker), 7)
    assert delivery is not None
    return delivery.state


async def _behind(walker: Walker) -> bool:
    async with walker.runtime.system_unit() as unit:
        return walker.walk_id in await MessageRepository(unit.session, WorkflowRun).behind()


async def test_of_many_who_show_a_walk_one_writes_and_ends_with_the_newest(walker: Walker, chat: Chat) -> None:
    first = asyncio.create_task(show_workflow(walker.runtime, {"telegram": chat}, walker.walk_id))
    await chat.busy.wait()
    await walker.end("write")  # while the first edit is under way
    await show_workflow(walker.runtime, {"telegram": chat}, walker.walk_id)
    assert chat.shown == []
    chat.go.set()
    await first
    assert [card.status for card in chat.shown] == ["running", "awaiting_input"]
    assert not await _behind(walker)


async def test_what_is_shown_is_not_shown_again(walker: Walker, chat: Chat) -> None:
    chat.go.set()
    for _ in range(3):
        await show_workflow(walker.runtime, {"telegram": chat}, walker.walk_id)
    assert len(chat.shown) == 1


async def test_a_stopped_walk_is_final_when_its_last_run_has_ended(walker: Walker, chat: Chat) -> None:
    chat.go.set()
    async with walker.runtime.system_unit() as unit:
        await unit.session.execute(
            text("UPDATE runs SET status = 'running', lease_until = now() + '1 min' WHERE workflow_run_id = :id"),
            {"id": walker.walk_id},
        )
    await walker.decide("stop")
    await show_workflow(walker.runtime, {"telegram": chat}, walker.walk_id)
    assert await _state(walker) == "working"
    async with walker.runtime.system_unit() as unit:
        await unit.session.execute(
            text("UPDATE runs SET status = 'cancelled' WHERE workflow_run_id = :id"), {"id": walker.walk_id}
        )
        await unit.workflows.advance(walker.walk_id)
    assert await _behind(walker)
    await show_workflow(walker.runtime, {"telegram": chat}, walker.walk_id)
    assert await _state(walker) == "final"
    assert not await _behind(walker)


async def test_a_channel_that_is_away_is_tried_again_with_its_sound(walker: Walker, chat: Chat) -> None:
    chat.go.set()
    chat.away = True
    async with walker.runtime.system_unit() as unit:
        await WorkflowRepository(unit.session).nudge(walker.walk_id)
    await show_workflow(walker.runtime, {"telegram": chat}, walker.walk_id)
    assert await _behind(walker)
    chat.away = False
    await show_workflow(walker.runtime, {"telegram": chat}, walker.walk_id)
    assert [card.nudge for card in chat.shown] == [True]
    await walker.end("write")
    await show_workflow(walker.runtime, {"telegram": chat}, walker.walk_id)
    assert [card.nudge for card in chat.shown] == [True, False]
