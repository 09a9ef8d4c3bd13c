"""The skills that can be run, in memory, kept fresh while libraries are synced elsewhere."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
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
from storage.models import Skill, Workflow
from storage.objects import ObjectStore
from storage.skills import SkillRepository
from storage.workflows import WorkflowLibraryRepository

CHANGED_CHANNEL = "marketing-agent:catalogue"
_LOOK_SECONDS = 30.0
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class LoadedSkill:
    """A skill, ready to run: its row's id, what it says, and its own rules ('' where it has none)."""

    id: UUID
    document: SkillDocument
    rules: str
    content_hash: str
    version: int
    files: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of its folder."""
        return self.document.name


class Catalogue:
    """One for each process. `refresh` reads what has changed; `watch` does so as soon as a sync says so."""

    def __init__(self, engine: AsyncEngine, objects: ObjectStore, redis: Redis) -> None:
        self._engine = engine
        self._objects = objects
        self._redis = redis
        self._skills: Mapping[str, LoadedSkill] = {}
        self.workflows: Mapping[str, WorkflowDocument] = {}
        self.house_rules = ""
        self.watching = asyncio.Event()
        self._on_change: list[Callable[[Sequence[LoadedSkill]], None]] = []

    def on_change(self, call: Callable[[Sequence[LoadedSkill]], None]) -> None:
        """Let `call` be told the skills now and after every change."""
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
        """Read the rows, and the files of what has changed. A broken skill is left out; the others stay."""
        async with system_transaction(self._engine) as session:
            rows = await SkillRepository(session).enabled()
            workflows = await WorkflowLibraryRepository(session).enabled()
        fresh: dict[str, LoadedSkill] = {}
        changed: list[Skill] = []
        for row in rows:
            known = self._skills.get(row.name)
            if known and known.content_hash == row.content_hash:
                fresh[row.name] = known
            else:
                changed.append(row)
        wanted = [keys.HOUSE_RULES, *(row.s3_key for row in workflows)]
        for row in changed:
            wanted.append(row.s3_key)
            if row.has_rules:
                wanted.append(keys.skill_file(row.name, "RULES.md"))
        found = await self._objects.get_many(wanted)
        self.house_rules = (found[keys.HOUSE_RULES] or b"").decode("utf-8", "replace")
        for row in changed:
            loaded = _load(row, found)
            if loaded is not None:
                fresh[row.name] = loaded
        self._skills = dict(sorted(fresh.items()))
        self.workflows = _load_workflows(workflows, found, self._skills)
        for call in self._on_change:
            call(self.all())

    async def watch(self) -> None:
        """Refresh when a sync says so, and now and then in case that was missed. Runs until cancelled."""
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
    rules = found.get(keys.skill_file(row.name, "RULES.md")) or b""
    return LoadedSkill(
        id=row.id,
        document=document,
        rules=rules.decode("utf-8", "replace"),
        content_hash=row.content_hash,
        version=row.version,
        files=tuple(path for path in sorted(row.files) if "/" in path),
    )


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
