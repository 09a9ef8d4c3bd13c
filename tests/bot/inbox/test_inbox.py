"""The inbox: once, in order for each chat, and without a secret in it."""

import asyncio
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.inbox.intake import Intake, NotAnUpdateError, chat_key
from core.accounts.secrets import hash_secret, make_secret
from core.runtime import Runtime
from storage.inbox import InboxRepository
from storage.models import InboundUpdate
from tests.conftest import PEPPER

LEASE = timedelta(seconds=20)
_updates = count(1)


def _update(chat: int, words: str = "hello") -> dict[str, object]:
    return {
        "update_id": next(_updates),
        "message": {"message_id": 1, "date": 1, "chat": {"id": chat, "type": "private"}, "text": words},
    }


async def _claim(runtime: Runtime, worker: str) -> InboundUpdate | None:
    async with runtime.system_unit() as unit:
        return await InboxRepository(unit.session).claim("telegram", worker, LEASE)


async def _done(runtime: Runtime, row: InboundUpdate) -> None:
    async with runtime.system_unit() as unit:
        await InboxRepository(unit.session).done(row.id)


async def test_an_update_that_comes_again_is_kept_once(fresh_runtime: Runtime) -> None:
    intake, update = Intake(fresh_runtime), _update(1)
    assert await intake.take(update)
    assert not await intake.take(update)
    assert intake.news.is_set()


async def test_a_chat_is_handled_in_order_and_chats_side_by_side(fresh_runtime: Runtime) -> None:
    intake = Intake(fresh_runtime)
    for chat, words in ((1, "first"), (1, "second"), (2, "other")):
        await intake.take(_update(chat, words))
    first, other = await _claim(fresh_runtime, "a"), await _claim(fresh_runtime, "b")
    assert first is not None
    assert other is not None
    assert {first.chat_key, other.chat_key} == {"chat:1", "chat:2"}
    assert await _claim(fresh_runtime, "c") is None
    await _done(fresh_runtime, first)
    second = await _claim(fresh_runtime, "c")
    assert second is not None
    assert (second.payload or {})["update"]["message"]["text"] == "second"


async def test_many_workers_never_hold_two_updates_of_one_chat(fresh_runtime: Runtime) -> None:
    intake = Intake(fresh_runtime)
    for number in range(30):
        await intake.take(_update(number % 3))
    held: dict[str, int] = {}
    order: dict[str, list[int]] = {}

    async def work(name: str) -> None:
        while True:
            try:
                row = await _claim(fresh_runtime, name)
            except IntegrityError:  # the unique index refuses the second of two
                continue
            if row is None:
                if sum(map(len, order.values())) == 30:
                    return
                await asyncio.sleep(0)
                continue
            held[row.chat_key] = held.get(row.chat_key, 0) + 1
            assert held[row.chat_key] == 1
            order.setdefault(row.chat_key, []).append(row.update_id)
            held[row.chat_key] -= 1
            await _done(fresh_runtime, row)

    async with asyncio.timeout(30):
        await asyncio.gather(*(work(f"worker{number}") for number in range(4)))
    assert all(ids == sorted(ids) for ids in order.values())
    assert sum(map(len, order.values())) == 30


async def test_what_a_dead_process_held_is_freed(fresh_runtime: Runtime) -> None:
    await Intake(fresh_runtime).take(_update(1))
    row = await _claim(fresh_runtime, "dies")
    assert row is not None
    async with fresh_runtime.system_unit() as unit:
        await unit.session.execute(text("UPDATE inbound_updates SET lease_until = now() - interval '1 s'"))
        assert await InboxRepository(unit.session).free_expired() == 1
    again = await _claim(fresh_runtime, "lives")
    assert again is not None
    assert again.attempts == 2


async def test_no_key_and_no_invite_stands_in_the_inbox_and_a_handled_payload_is_empty(
    fresh_runtime: Runtime,
) -> None:
    key, invite = make_secret("key"), make_secret("invite")
    intake = Intake(fresh_runtime)
    await intake.take(_update(1, f"/link {key}"))
    await intake.take(_update(2, f"/start {invite}"))
    async with fresh_runtime.system_unit() as unit:
        kept = str((await unit.session.execute(text("SELECT payload::text FROM inbound_updates"))).all())
    assert key not in kept
    assert invite not in kept
    row = await _claim(fresh_runtime, "a")
    assert row is not None
    assert (row.payload or {})["secrets"] in ([hash_secret(key, PEPPER)], [hash_secret(invite, PEPPER)])
    await _done(fresh_runtime, row)
    async with fresh_runtime.system_unit() as unit:
        payload = await unit.session.scalar(
            text("SELECT payload FROM inbound_updates WHERE id = :id"), {"id": row.id}
        )
    assert payload is None


async def test_what_is_no_update_is_refused(runtime: Runtime) -> None:
    rubbish: Any
    for rubbish in ([], "x", None, {}, {"update_id": "7"}):
        with pytest.raises(NotAnUpdateError):
            await Intake(runtime).take(rubbish)


def test_what_belongs_to_one_chat() -> None:
    assert chat_key(_update(7)) == "chat:7"
    callback = {"update_id": 1, "callback_query": {"from": {"id": 3}, "message": {"chat": {"id": -5}}}}
    assert chat_key(callback) == "chat:-5"
    assert chat_key({"update_id": 1, "inline_query": {"from": {"id": 3}}}) == "person:3"
    assert chat_key({"update_id": 9}) == "update:9"
