"""Keeping a new version of rules: the text first, then its row, then everybody who should know.

A version is never changed again. The highest one of its scope is what prompts read: to undo one is to add another.
"""

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from uuid import UUID

from botocore.exceptions import BotoCoreError, ClientError
from redis.exceptions import RedisError
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from core.errors import NotFoundError, ProposalBusyError, ProposalDecidedError, StaleButtonError
from core.logging import get_logger
from core.rules.changelog import write_changelog
from core.rules.shelf import Shelf, find_shelf
from core.rules.texts import read_text
from core.runtime import Runtime, Unit
from core.skills.catalogue import CHANGED_CHANNEL, content_hash
from storage import keys
from storage.models import RuleVersion
from storage.models.rules import RuleOrigin
from storage.objects import ObjectExistsError
from storage.rules import RuleVersionRepository, Scope

Also = Callable[[Unit], Awaitable[None]]
log = get_logger(__name__)


class RulesMovedError(Exception):
    """The newest version is not the one that the new text was made from."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A version to be: its text, where it came from, and a line that says what and why."""

    text: str
    origin: RuleOrigin
    changelog: str
    made_by: str | None = None
    proposal_id: UUID | None = None


async def keep_version(
    runtime: Runtime,
    scope: Scope,
    text: str,
    *,
    expected: int,
    origin: RuleOrigin,
    changelog: str,
    made_by: str | None,
    proposal_id: UUID | None = None,
    also: Also | None = None,
) -> RuleVersion:
    """Keep one new version, and let every process read it within seconds.

    `expected` is the version that `text` was made from, 0 for none. `also` does what must be written in the same
    transaction or not at all; what it raises keeps the version from being kept.

    Raises:
        RulesMovedError: another version has come since `expected`.
        NotFoundError: the client is there no more.
    """
    draft = Draft(text, origin, changelog, made_by, proposal_id)
    (version,) = await keep_versions(runtime, scope, [draft], expected=expected, also=also)
    return version


async def keep_versions(
    runtime: Runtime, scope: Scope, drafts: Sequence[Draft], *, expected: int, also: Also | None = None
) -> list[RuleVersion]:
    """Keep several in one transaction, the newest last; otherwise as `keep_version`."""
    async with runtime.system_unit() as unit:
        shelf = await find_shelf(unit.session, scope)
    versions: list[RuleVersion] = []
    for draft in drafts:
        versions.append(await _write(runtime, shelf, draft, above=versions[-1].version if versions else expected))
    try:
        async with runtime.system_unit() as unit:
            repository = RuleVersionRepository(unit.session)
            await repository.lock(scope)
            newest = await repository.newest(scope)
            if (newest.version if newest else 0) != expected:
                raise RulesMovedError(f"{scope.lock_key}: {expected} was expected")
            for version in versions:
                await repository.add(version)
            if also is not None:
                await also(unit)
    except IntegrityError as error:
        if scope.kind != "client":
            raise
        for version in versions:
            await runtime.objects.delete(version.s3_key)
        raise NotFoundError(f"{scope.lock_key} is gone") from error
    await _tell(runtime, shelf)
    return versions


async def roll_back(runtime: Runtime, version_id: UUID, by: str) -> RuleVersion:
    """Undo the newest version of a scope: another with the text that stood before it. Its proposal is rolled back.

    Before a merge stood what had been learned, not the shipped text that was merged into it. Before the first
    version that somebody made stood nothing.

    Raises:
        NotFoundError: there is no such version.
        StaleButtonError: it is not the newest, or it is the first that was shipped.
    """
    async with runtime.system_unit() as unit:
        repository = RuleVersionRepository(unit.session)
        undone = await repository.get(version_id)
        if undone is None:
            raise NotFoundError
        newest, *older = await repository.history(Scope.of(undone))
    if newest.id != undone.id or (undone.origin == "shipped" and not older):
        raise StaleButtonError
    before = next(iter(older[1:] if undone.origin == "merge" else older), None)

    text, stands = (await read_version(runtime, before), f"version {before.version}") if before else ("", "nothing")

    async def note(unit: Unit) -> None:
        if undone.proposal_id is not None:
            with suppress(ProposalDecidedError, ProposalBusyError):
                await unit.proposals.change(undone.proposal_id, ("approved",), status="rolled_back")

    try:
        return await keep_version(
            runtime,
            Scope.of(undone),
            text,
            expected=undone.version,
            origin="rollback",
            changelog=f"Version {undone.version} is undone; what stood before it, {stands}, stands again.",
            made_by=by,
            also=note,
        )
    except RulesMovedError:
        raise StaleButtonError from None


async def read_version(runtime: Runtime, version: RuleVersion) -> str:
    """The text of a version.

    Raises:
        ObjectMissingError: it is not in the object store.
    """
    return (await read_text(runtime, version)).text


async def _tell(runtime: Runtime, shelf: Shelf) -> None:
    """Let every process read the newest rules now, and write down what became of them.

    What can't be told now harms nothing: processes look by themselves before long, the next version tells of all.
    """
    try:
        if shelf.scope.kind != "client":  # these are read anew for each prompt
            await runtime.redis.publish(CHANGED_CHANNEL, "rules")
        await write_changelog(runtime, shelf)
    except (RedisError, SQLAlchemyError, BotoCoreError, ClientError, OSError) as error:
        log.warning("new_rules_not_told", rules=shelf.prefix, error=str(error))


async def _write(runtime: Runtime, shelf: Shelf, draft: Draft, *, above: int) -> RuleVersion:
    """Write a text under the first number above `above` that is free; a crash may have left one without a row."""
    data = draft.text.encode()
    for number in count(above + 1):
        key = keys.rules(shelf.prefix, number)
        try:
            await runtime.objects.put_new(key, data)
        except ObjectExistsError:
            continue
        return RuleVersion(
            scope=shelf.scope.kind,
            skill_id=shelf.scope.skill_id,
            client_id=shelf.scope.client_id,
            user_id=shelf.scope.user_id,
            version=number,
            s3_key=key,
            content_hash=content_hash(data),
            changelog=draft.changelog,
            proposal_id=draft.proposal_id,
            origin=draft.origin,
            made_by=draft.made_by,
        )
    raise AssertionError("numbers do not end")
