"""Deleting an account: nothing of it is left in any table, under any prefix or in Redis, whatever crashes."""

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any, cast

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel

from core.accounts.authentication import Authenticator
from core.accounts.deletion import belongings, delete_account, request_deletion, sweep_deletions
from core.channel import AccountDeleted, Channel, ChannelAwayError, News, Place
from core.errors import KeyInvalidError
from core.learning.deciding import approve
from core.learning.evaluation import Evaluation, Pair, Planned
from core.queue import QUEUE_NAME
from core.runtime import Runtime
from storage import keys
from storage.deletion import DeletionRepository, owned_tables
from storage.models import InboundUpdate
from storage.rules import RuleVersionRepository, Scope
from storage.runs import RunRepository
from tests.conftest import PEPPER
from tests.core.accounts.belongings import SECRET, Two, two
from tests.core.learning.past import SKILL, Past
from tests.core.runs.people import queued, somebody, status_of


class Told:
    """A channel that remembers what it was to say, and is away as often as it is told."""

    def __init__(self, *, away: int = 0) -> None:
        self.said: list[tuple[Place, News]] = []
        self._away = away

    async def announce(self, place: Place, news: News) -> int:
        if self._away:
            self._away -= 1
            raise ChannelAwayError("away")
        self.said.append((place, news))
        return 1

    @property
    def channels(self) -> dict[str, Channel]:
        return {"telegram": cast("Channel", self)}


async def _rows_that_say(runtime: Runtime, *words: str) -> dict[str, int]:
    """How many rows of each table hold one of these words anywhere."""
    found = {}
    async with runtime.system_unit() as unit:
        for table in SQLModel.metadata.tables:
            says = " OR ".join(f"to_jsonb(t)::text LIKE :w{number}" for number in range(len(words)))
            query = text(f"SELECT count(*) FROM {table} t WHERE {says}")  # noqa: S608 - names from our own models
            values = {f"w{number}": f"%{word}%" for number, word in enumerate(words)}
            found[table] = (await unit.session.execute(query, values)).scalar_one()
    return {table: count for table, count in found.items() if count}


async def _objects_of(runtime: Runtime, word: str) -> list[str]:
    return [key async for key in runtime.objects.list("") if word in key]


async def _redis_keys_of(runtime: Runtime, *words: str) -> list[str]:
    every = [key.decode() async for key in runtime.redis.scan_iter()]
    ours = [key for key in every if not key.startswith("arq:")]  # a job's own key goes with the job
    return [key for key in ours if any(word in key for word in words)]


async def _left_of_maya(runtime: Runtime, both: Two) -> list[Any]:
    user, person = str(both.maya.account.user_id), both.maya.place.chat_id
    await runtime.settle()  # what was told leaves the outbox
    async with runtime.system_unit() as unit:
        await unit.session.execute(text("DELETE FROM outbox"))
    left = [await _rows_that_say(runtime, user, person), await _objects_of(runtime, user)]
    left.append(await _redis_keys_of(runtime, user, person))
    return [one for one in left if one]


async def _let_the_lease_run_out(runtime: Runtime) -> None:
    async with runtime.system_unit() as unit:
        query = "UPDATE users SET settings = settings - 'until', deleted_at = deleted_at - interval '1 minute'"
        await unit.session.execute(text(f"{query} WHERE deleted_at IS NOT NULL"))


async def test_nothing_is_left_and_nobody_else_loses_anything(fresh_runtime: Runtime) -> None:
    runtime = fresh_runtime
    both = await two(runtime)
    user_id, told = both.maya.account.user_id, Told()
    before = await _rows_that_say(runtime, str(user_id))
    assert {table.name for table in owned_tables()} <= set(before), "somebody has something in every table"
    of_sam = await _rows_that_say(runtime, str(both.sam.account.user_id))
    objects_of_sam = await _objects_of(runtime, str(both.sam.account.user_id))

    await request_deletion(runtime, user_id)
    assert await delete_account(runtime, told.channels, user_id)

    assert await _left_of_maya(runtime, both) == []
    assert told.said == [(both.maya.place, AccountDeleted())]
    after = await _rows_that_say(runtime, str(both.sam.account.user_id))
    gone = {table: of_sam[table] - after.get(table, 0) for table in of_sam if of_sam[table] != after.get(table, 0)}
    assert gone == {"feedback": 1, "pending_requests": 1}, "what she said and was asked in his group"
    left_of_sam = await _objects_of(runtime, str(both.sam.account.user_id))
    assert len(set(objects_of_sam) - set(left_of_sam)) == 1, "her judgement of his text"
    assert (await _rows_that_say(runtime, SECRET))["runs"] == 2


async def test_rules_for_many_quote_nobody_who_is_gone(fresh_runtime: Runtime) -> None:
    runtime, past = fresh_runtime, Past(fresh_runtime)
    gone, stays = await past.client("gone"), await past.client("stays")
    runs = [await past.run(client, 2, said="too long") for client in (gone, stays)]
    async with runtime.system_unit() as unit:
        query = text("UPDATE users SET role = 'admin', name = 'Ada Gone' WHERE id = :id")
        await unit.session.execute(query, {"id": gone.user_id})
        ada = await unit.accounts.by_id(gone.user_id)
    assert ada is not None
    pairs = [Pair(run.id, "guard", run.user_message, "win", f"Of {run.user_message}", Decimal(1)) for run in runs]
    planned = tuple(Planned(run.id, "guard") for run in runs)
    found = Evaluation(planned=planned, pairs=tuple(pairs)).to_json()
    warnings = [{"code": "orders", "detail": "for gone"}, {"code": "repeats", "detail": "a rule"}]
    under_test = await past.proposal(evaluation=found, warnings=warnings)
    ready = await past.proposal(evaluation=found, status="ready")
    version = await approve(runtime, ready.id, ada.signature)
    assert b"Learned from feedback, by Ada Gone." in await runtime.objects.get(keys.skill_changelog(SKILL))

    await request_deletion(runtime, gone.user_id)
    async with runtime.system_unit() as unit:
        stopped = await unit.proposals.get(under_test.id)
        assert (stopped.status, stopped.evaluation) == ("draft", {}), "no test writes what is deleted"
    assert await delete_account(runtime, {}, gone.user_id)

    async with runtime.system_unit() as unit:
        after = await unit.proposals.get(ready.id)
        kept = (await RuleVersionRepository(unit.session).history(Scope.of(ready)))[0]
        warned = (await unit.proposals.get(under_test.id)).warnings
    assert [(it["request"], it["verdict"]) for it in after.evaluation["pairs"]] == [
        ("…", "win"),
        (runs[1].user_message, "win"),
    ]
    assert [it["detail"] for it in warned] == ["…", "a rule"]
    assert (after.decided_by, kept.id, kept.made_by) == ("deleted", version.id, "deleted")
    assert await _rows_that_say(runtime, "Ada Gone", ada.signature, "for gone") == {}
    changelog = await runtime.objects.get(keys.skill_changelog(SKILL))
    assert b"Learned from feedback, by somebody who has left." in changelog
    assert b"Ada" not in changelog


async def test_what_would_go_is_counted(runtime: Runtime) -> None:
    who = await somebody(runtime)
    await queued(runtime, who)
    theirs = await belongings(runtime, who.account.user_id)
    assert {kind: count for kind, count in theirs.counts.items() if count} == {
        "clients": 1,
        "files": 21,
        "requests": 1,
    }
    assert theirs.under_way == 1


async def test_from_the_word_on_nobody_is_let_in(runtime: Runtime) -> None:
    who = await somebody(runtime)
    user_id = who.account.user_id
    async with runtime.system_unit() as unit:
        _, key = await unit.keys.create(user_id, "site", ["read"])
    keys = Authenticator(runtime.engine, pepper=PEPPER)
    assert (await keys.caller(key)).account.user_id == user_id
    await request_deletion(runtime, user_id)
    with pytest.raises(KeyInvalidError):
        await keys.caller(key)
    async with runtime.system_unit() as unit:
        assert await unit.accounts.identify("telegram", who.place.chat_id) is None
        assert await unit.accounts.by_id(user_id) is None


async def test_what_is_under_way_is_stopped_and_waited_for(runtime: Runtime) -> None:
    who = await somebody(runtime)
    user_id, told = who.account.user_id, Told()
    waiting, running = await queued(runtime, who), await queued(runtime, who)
    async with runtime.system_unit() as unit:
        claimed = await RunRepository(unit.session).claim(
            running.id, 1, worker="w", lease=timedelta(seconds=30), per_user=9, per_skill=99
        )
    assert claimed is not None
    await request_deletion(runtime, user_id)
    assert await status_of(runtime, waiting.id) == "cancelled"
    assert not await delete_account(runtime, told.channels, user_id)
    assert await status_of(runtime, running.id) == "running"
    async with runtime.system_unit() as unit:
        held = await RunRepository(unit.session).renew([(running.id, claimed.fence)], timedelta(seconds=30))
        assert held == {running.id: True}, "its worker hears that it is to stop"
        await RunRepository(unit.session).finish(running.id, claimed.fence, "cancelled")
    assert await delete_account(runtime, told.channels, user_id)
    assert len(told.said) == 1


async def test_messages_from_before_are_handled_first(runtime: Runtime) -> None:
    who = await somebody(runtime)
    row = InboundUpdate(channel="telegram", update_id=-7, chat_key=f"chat:{who.place.chat_id}", payload={})
    async with runtime.system_unit() as unit:
        unit.session.add(row)
    await request_deletion(runtime, who.account.user_id)
    assert not await delete_account(runtime, {}, who.account.user_id)
    async with runtime.system_unit() as unit:
        await unit.session.execute(text("UPDATE inbound_updates SET handled_at = now() WHERE update_id = -7"))
    assert await delete_account(runtime, {}, who.account.user_id)


async def test_crashes_halfway_are_completed_by_the_sweeper(
    fresh_runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed before each stage in turn: what a dead worker held stays held until its lease runs out."""
    runtime, told = fresh_runtime, Told()
    both = await two(runtime)
    user_id = both.maya.account.user_id
    await request_deletion(runtime, user_id)

    async def die(*_: object) -> None:
        raise asyncio.CancelledError

    for stage in ("_erase_rows", "_erase_objects", "_erase_conversations", "_tell"):
        with monkeypatch.context() as patch:
            patch.setattr(f"core.accounts.deletion.{stage}", die)
            patch.setattr(DeletionRepository, "release", lambda *_: asyncio.sleep(0))
            with pytest.raises(asyncio.CancelledError):
                await delete_account(runtime, told.channels, user_id)
        assert not await delete_account(runtime, told.channels, user_id), "somebody has it in hand"
        assert await _left_of_maya(runtime, both) != []
        await _let_the_lease_run_out(runtime)

    await runtime.redis.delete(QUEUE_NAME)
    async with runtime.system_unit() as unit:
        await sweep_deletions(unit)
    assert await runtime.redis.zcard(QUEUE_NAME) == 1
    assert await delete_account(runtime, told.channels, user_id)
    assert await _left_of_maya(runtime, both) == []
    assert len(told.said) == 1


async def test_two_at_once_erase_once(runtime: Runtime) -> None:
    who = await somebody(runtime)
    told = Told()
    await request_deletion(runtime, who.account.user_id)
    await request_deletion(runtime, who.account.user_id)
    ends = await asyncio.gather(*(delete_account(runtime, told.channels, who.account.user_id) for _ in range(3)))
    assert sorted(ends) == [False, False, True]
    assert len(told.said) == 1


async def test_who_can_not_be_told_now_is_told_later_and_not_for_ever(runtime: Runtime) -> None:
    who, gone = await somebody(runtime), await somebody(runtime)
    told = Told(away=1)
    await request_deletion(runtime, who.account.user_id)
    assert not await delete_account(runtime, told.channels, who.account.user_id)
    assert await delete_account(runtime, told.channels, who.account.user_id)
    assert len(told.said) == 1

    never = Told(away=1000)
    await request_deletion(runtime, gone.account.user_id)
    async with runtime.system_unit() as unit:
        query = text("UPDATE users SET deleted_at = now() - interval '11 minutes' WHERE id = :id")
        await unit.session.execute(query, {"id": gone.account.user_id})
    assert await delete_account(runtime, never.channels, gone.account.user_id)
