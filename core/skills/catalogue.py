"""The skills that can be run, in memory, kept fresh while libraries are synced elsewhere."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self
from uuid import UUID

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from core.errors import SkillUnknownError, WorkflowUnknownError
from core.logging import get_logger
from core.skills.document import CATEGORIES, SkillDocument, SkillFileError, parse_skill
from core.workflows.document import WorkflowDocument, WorkflowFileError, parse_workflow
from storage import keys
from storage.database import system_transaction
from storage.models import RuleVersion, Skill, Workflow
from storage.objects import ObjectStore
from storage.rules import RuleVersionRepository
from storage.skills import SkillRepository
from storage.workflows import WorkflowLibraryRepository

CHANGED_CHANNEL = "marketing-agent:catalogue"
_LOOK_SECONDS = 30.0
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RuleText:
    """Rules as a prompt reads them. `version` 0 without an `id`: a text that is no version, or none yet."""

    version: int
    content_hash: str
    text: str
    id: UUID | None = None

    @classmethod
    def draft(cls, data: bytes) -> Self:
        """A text that no version holds."""
        return cls(0, content_hash(data), data.decode("utf-8", "replace"))


@dataclass(frozen=True, slots=True)
class LoadedSkill:
    """A skill, ready to run: its row's id, what it says, and the newest version of its own rules."""

    id: UUID
    document: SkillDocument
    newest_rules: RuleText | None
    content_hash: str
    version: int
    files: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.document.name

    @property
    def rules(self) -> str:
        """Its own rules in words, '' where it has none."""
        return self.newest_rules.text if self.newest_rules else ""


class Catalogue:
    """One for each process. `refresh` reads what has changed; `watch` does so as soon as somebody says so."""

    def __init__(self, engine: AsyncEngine, objects: ObjectStore, redis: Redis) -> None:
        self._engine = engine
        self._objects = objects
        self._redis = redis
        self._skills: Mapping[str, LoadedSkill] = {}
        self.workflows: Mapping[str, WorkflowDocument] = {}
        self.newest_house_rules: RuleText | None = None
        self.watching = asyncio.Event()
        self._refreshing = asyncio.Lock()
        self._on_change: list[Callable[[Sequence[LoadedSkill]], Awaitable[None]]] = []

    @property
    def house_rules(self) -> str:
        """Everybody's rules in words, '' where there are none."""
        return self.newest_house_rules.text if self.newest_house_rules else ""

    def on_change(self, call: Callable[[Sequence[LoadedSkill]], Awaitable[None]]) -> None:
        """Let `call` be told the skills whenever a refresh finds a change, and have it wait for that."""
        self._on_change.append(call)

    def all(self) -> Sequence[LoadedSkill]:
        """Every skill, by name."""
        return list(self._skills.values())

    def by_category(self) -> dict[str, list[LoadedSkill]]:
        """Skills by category, in the categories' own order; those of no category last."""
        order = [*CATEGORIES, "Other"]
        shelves: dict[str, list[LoadedSkill]] = {name: [] for name in order}
        for skill in self._skills.values():
            shelves[skill.document.category].append(skill)
        return {name: shelf for name, shelf in shelves.items() if shelf}

    def get(self, name: str) -> LoadedSkill:
        """A skill by name; a command's underscores are taken for hyphens.

        Raises:
            SkillUnknownError: no such skill can be run.
        """
        skill = self._skills.get(name) or self._skills.get(name.replace("_", "-"))
        if skill is None:
            raise SkillUnknownError(name=name)
        return skill

    def by_id(self, skill_id: UUID) -> LoadedSkill:
        """A skill by its row's id.

        Raises:
            SkillUnknownError: no such skill can be run.
        """
        for skill in self._skills.values():
            if skill.id == skill_id:
                return skill
        raise SkillUnknownError(name=str(skill_id))

    def workflow(self, name: str) -> WorkflowDocument:
        """A workflow by name; a command's underscores are taken for hyphens.

        Raises:
            WorkflowUnknownError: no such workflow can be started.
        """
        workflow = self.workflows.get(name.lower().replace("_", "-"))
        if workflow is None:
            raise WorkflowUnknownError(name=name)
        return workflow

    async def files_of(self, skill: LoadedSkill) -> dict[str, bytes]:
        """The files of a complex skill's subfolders, by path."""
        found = await self._objects.get_many(keys.skill_file(skill.name, path) for path in skill.files)
        prefix = keys.skill_prefix(skill.name)
        return {key.removeprefix(prefix): data for key, data in found.items() if data is not None}

    async def refresh(self) -> None:
        """Read the rows, and the files of what has changed. A broken skill is left out; the others stay.

        One at a time: what was read first is never put over what was read later.
        """
        async with self._refreshing:
            await self._refresh()

    async def _refresh(self) -> None:
        async with system_transaction(self._engine) as session:
            rows = await SkillRepository(session).enabled()
            workflows = await WorkflowLibraryRepository(session).enabled()
            versions = {row.skill_id: row for row in await RuleVersionRepository(session).newest_shared()}
        texts = (self.newest_house_rules, *(skill.newest_rules for skill in self.all()))
        held: dict[UUID | None, RuleText] = {it.id: it for it in texts if it and it.id}
        known = {row.name: skill for row in rows if (skill := self._known(row)) is not None}
        changed = [row for row in rows if row.name not in known]
        shipped: dict[UUID | None, str] = {row.id: keys.skill_file(row.name, "RULES.md") for row in rows}
        shipped[None] = keys.HOUSE_RULES
        found = await self._objects.get_many(
            [
                *(row.s3_key for row in workflows),
                *(row.s3_key for row in changed),
                *(row.s3_key for row in versions.values() if row.id not in held),
                *(shipped[row.id] for row in rows if row.has_rules and row.id not in versions),
                *(key for key in [keys.HOUSE_RULES] if None not in versions),
            ]
        )

        def newest(skill_id: UUID | None) -> RuleText | None:
            return _load_rules(versions.get(skill_id), shipped[skill_id], held, found)

        self.newest_house_rules = newest(None)
        fresh: dict[str, LoadedSkill] = {}
        for row in rows:
            skill = known.get(row.name) or _load(row, found)
            if skill is not None:
                fresh[row.name] = replace(skill, newest_rules=newest(row.id))
        before = self._skills, self.workflows
        self._skills = dict(sorted(fresh.items()))
        self.workflows = _load_workflows(workflows, found, self._skills)
        if (self._skills, self.workflows) != before:
            for call in self._on_change:
                await call(self.all())

    def _known(self, row: Skill) -> LoadedSkill | None:
        """The skill in memory, if it is what the row says."""
        known = self._skills.get(row.name)
        return known if known and known.content_hash == row.content_hash else None

    async def watch(self) -> None:
        """Refresh when a sync or new rules say so, and now and then in case it was missed. Runs until cancelled."""
        while True:
            try:
                async with self._redis.pubsub() as subscription:
                    await subscription.subscribe(CHANGED_CHANNEL)
                    await subscription.get_message(timeout=_LOOK_SECONDS)  # the server's word that it listens
                    self.watching.set()
                    while True:
                        await subscription.get_message(ignore_subscribe_messages=True, timeout=_LOOK_SECONDS)
                        await self.refresh()
            except (RedisError, SQLAlchemyError, OSError) as error:
                log.warning("catalogue_watch_interrupted", error=str(error))
                await asyncio.sleep(1)


def _load(row: Skill, found: Mapping[str, bytes | None]) -> LoadedSkill | None:
    raw = found.get(row.s3_key)
    if raw is None:
        log.error("skill_file_missing", skill=row.name, key=row.s3_key)
        return None
    try:
        document = parse_skill(row.name, raw)
    except SkillFileError as error:
        log.error("skill_broken", skill=row.name, error=str(error))  # noqa: TRY400 - the message has file and line
        return None
    return LoadedSkill(
        id=row.id,
        document=document,
        newest_rules=None,
        content_hash=row.content_hash,
        version=row.version,
        files=tuple(path for path in sorted(row.files) if "/" in path),
    )


def _load_rules(
    version: RuleVersion | None,
    shipped_key: str,
    held: Mapping[UUID | None, RuleText],
    found: Mapping[str, bytes | None],
) -> RuleText | None:
    """The newest version; before the first sync of a library has made one, the file that was shipped."""
    if version is None:
        shipped = found.get(shipped_key)
        return RuleText.draft(shipped) if shipped else None
    if version.id in held:
        return held[version.id]
    data = found.get(version.s3_key)
    if data is None:
        log.error("rules_missing", key=version.s3_key)
        return None
    return RuleText(version.version, version.content_hash, data.decode("utf-8", "replace"), version.id)


def _load_workflows(
    rows: Sequence[Workflow], found: Mapping[str, bytes | None], skills: Mapping[str, LoadedSkill]
) -> dict[str, WorkflowDocument]:
    """Workflows by name; one that can't be walked with these skills is left out."""
    loaded: dict[str, WorkflowDocument] = {}
    for row in rows:
        try:
            loaded[row.name] = parse_workflow(row.name, found.get(row.s3_key) or b"", skills=skills)
        except WorkflowFileError as error:
            log.error("workflow_broken", workflow=row.name, error=str(error))  # noqa: TRY400 - it has file and line
    return loaded


def content_hash(data: bytes) -> str:
    """The hash by which content is compared: 64 hexadecimal characters of SHA-256."""
    return hashlib.sha256(data).hexdigest()
