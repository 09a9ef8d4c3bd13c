"""Deleting an account: marked at once, then erased by a worker; what a crash interrupts, the sweeper takes up.

The row of the user is what makes it durable. Marked, it lets nobody in; it goes when nothing else is left.
"""

import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from core.channel import AccountDeleted, Channel, ChannelAwayError, Place
from core.errors import ProposalBusyError, ProposalDecidedError, ServiceAwayError
from core.logging import get_logger
from core.queue import Job
from core.rules.changelog import write_changelog
from core.rules.shelf import find_shelf
from core.runs.showing import show_end
from core.runtime import Runtime, Unit
from core.workflows.service import Choice
from core.workflows.showing import show_workflow
from storage import keys
from storage.accounts import signature
from storage.deletion import DeletionRepository, Leaving, owned_tables
from storage.models.base import utc_now
from storage.traces import empty_traces, tests_on

PATIENCE = timedelta(minutes=10)
"""For how long somebody who can't be told is tried again; then the account goes untold."""

_LEASE = timedelta(minutes=1)
_LEFT_AFTER = timedelta(seconds=10)
_AGAIN_SECONDS = 1.0
_BELL_EVERY_SECONDS = 5
_PASSES = 3
_REDIS_KEYS = "marketing-agent:*"
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Belongings:
    """How much is somebody's: of each kind by name, and what is under way."""

    counts: Mapping[str, int]
    under_way: int


async def belongings(runtime: Runtime, user_id: UUID) -> Belongings:
    """What would be deleted with an account."""
    uploads = [key async for key in runtime.objects.list(keys.upload_prefix(user_id))]
    async with runtime.system_unit() as unit:
        deletion = DeletionRepository(unit.session)
        counts = {**await deletion.counts(user_id), "uploads": len(uploads)}
        return Belongings(counts, len(await deletion.active_runs(user_id)))


async def request_deletion(runtime: Runtime, user_id: UUID) -> None:
    """Let nobody in any more, stop what is under way, and have a worker erase the rest.

    Doing so twice changes nothing.
    """
    async with runtime.system_unit() as unit:
        if await DeletionRepository(unit.session).mark(user_id):
            log.info("deletion_requested", user_id=str(user_id))
        await _stop(unit, user_id)
        await unit.tell(_bell(user_id))


async def delete_account(runtime: Runtime, channels: Mapping[str, Channel], user_id: UUID) -> bool:
    """Erase an account that is marked as deleted; whether nothing is left. Doing so twice changes nothing.

    Where something of it is still under way, this is tried again a second later.
    """
    async with runtime.system_unit() as unit:
        leaving = await DeletionRepository(unit.session).claim(user_id, _LEASE)
    if leaving is None:
        return False
    done = False
    try:
        done = await _erase(runtime, channels, leaving)
    finally:
        if not done:
            async with runtime.system_unit() as unit:
                await DeletionRepository(unit.session).release(user_id)
    if not done:
        async with runtime.system_unit() as unit:
            await unit.tell(replace(_bell(user_id, f":{time.time():.1f}"), delay_seconds=_AGAIN_SECONDS))
    return done


async def sweep_deletions(unit: Unit) -> None:
    """Ring for deletions that a crash left unfinished."""
    for user_id in await DeletionRepository(unit.session).left(older_than=_LEFT_AFTER):
        await unit.tell(_bell(user_id, f":{int(time.time() / _BELL_EVERY_SECONDS)}"))


async def _erase(runtime: Runtime, channels: Mapping[str, Channel], leaving: Leaving) -> bool:
    """Nothing goes before all that is under way has ended, since that might write something anew."""
    async with runtime.system_unit() as unit:
        await _stop(unit, leaving.user_id)
        deletion = DeletionRepository(unit.session)
        if await deletion.active_runs(leaving.user_id) or await deletion.unheard(leaving):
            return False
        runs, walks = await deletion.unshown(leaving.user_id)
        judged = await deletion.judged_elsewhere(leaving.persons)
    for run in runs:
        await show_end(runtime, channels, run)
    for walk_id in walks:
        await show_workflow(runtime, channels, walk_id)
    for key in judged:
        await runtime.objects.delete(key)
    await _erase_rows(runtime, leaving)
    await _erase_objects(runtime, leaving.user_id)
    await _erase_conversations(runtime, leaving)
    if not await _tell(channels, leaving):
        return False
    async with runtime.system_unit() as unit:
        await DeletionRepository(unit.session).forget(leaving.user_id)
    log.info("account_deleted", user_id=str(leaving.user_id))
    return True


async def _stop(unit: Unit, user_id: UUID) -> None:
    """Stop everything that is under way; what is at work stops within two seconds."""
    deletion = DeletionRepository(unit.session)
    for walk_id in await deletion.active_walks(user_id):
        await unit.workflows.decide(walk_id, Choice("stop", by=signature(user_id)))
    for run_id in await deletion.active_runs(user_id):
        await unit.runs.cancel(run_id)
    for proposal_id in await tests_on(unit.session, user_id):
        with suppress(ProposalBusyError, ProposalDecidedError):  # it ended meanwhile
            await unit.proposals.change(proposal_id, ("testing",), status="draft", evaluation={})


async def _erase_rows(runtime: Runtime, leaving: Leaving) -> None:
    """A few at a time, so that nobody else waits for a lock."""
    async with runtime.system_unit() as unit:
        await empty_traces(unit.session, leaving.user_id, leaving.persons)
    for table in owned_tables():
        gone = 1
        while gone:
            async with runtime.system_unit() as unit:
                gone = await DeletionRepository(unit.session).erase_some(table, leaving.user_id)
    async with runtime.system_unit() as unit:
        await DeletionRepository(unit.session).erase_traces(leaving)
        shelves = [
            await find_shelf(unit.session, it) for it in await DeletionRepository(unit.session).rules_of_nobody()
        ]
    for shelf in shelves:
        await write_changelog(runtime, shelf)


async def _erase_objects(runtime: Runtime, user_id: UUID) -> None:
    """Delete until a look finds nothing.

    Raises:
        ServiceAwayError: the store does not let go of something.
    """
    for _ in range(_PASSES):
        prefixes = list(keys.user_prefixes(user_id))
        for shelf in keys.SHELVES:
            prefixes += [f"{folder}{user_id}/" async for folder in runtime.objects.folders(shelf)]
        if not sum([await runtime.objects.delete_prefix(prefix) for prefix in prefixes]):
            return
    raise ServiceAwayError(f"objects of user {user_id} are still there")


async def _erase_conversations(runtime: Runtime, leaving: Leaving) -> None:
    """Every key of ours in Redis of which this user, or an identity of theirs, is a part."""
    names = {str(leaving.user_id), *(name for _, name in leaving.identities)}
    async for key in runtime.redis.scan_iter(match=_REDIS_KEYS, count=1000):
        if names & set(key.decode().split(":")):
            await runtime.redis.delete(key)


async def _tell(channels: Mapping[str, Channel], leaving: Leaving) -> bool:
    """Say that it is done, to everybody who was linked; False if that should be tried again."""
    for name, person in leaving.identities:
        if name not in channels:
            continue
        try:
            await channels[name].announce(Place(name, person), AccountDeleted())
        except ChannelAwayError as error:
            log.warning("deletion_not_told", error=str(error))
            if utc_now() - leaving.since < PATIENCE:
                return False
    return True


def _bell(user_id: UUID, again: str = "") -> Job:
    """The job that erases an account."""
    return Job("delete_account", (str(user_id),), f"delete:{user_id}{again}")
