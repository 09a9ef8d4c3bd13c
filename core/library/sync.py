"""Bringing a library to the bucket and the tables: what changed is uploaded, what vanished is disabled."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from core.library.folder import Library, SkillFolder, WorkflowFile
from core.rules.syncing import sync_rules
from core.runtime import Runtime
from core.skills.catalogue import CHANGED_CHANNEL, content_hash
from storage import keys
from storage.models import Skill, Workflow
from storage.models.catalogue import SkillType
from storage.rules import GLOBAL, Scope
from storage.skills import SkillRepository
from storage.workflows import WorkflowLibraryRepository

Deed = Literal["added", "updated", "unchanged", "disabled", "merged", "conflict"]
_UPLOADS_AT_ONCE = 16


@dataclass(frozen=True, slots=True)
class Change:
    """What was done with one skill, one workflow (`skill` is `workflow <name>`) or rules (`rules of <name>`).

    Rules are named where they changed: `merged` with what was learned, or in `conflict` with some of it, so that a
    person is asked.
    """

    skill: str
    deed: Deed
    version: int


async def sync_library(runtime: Runtime, library: Library) -> list[Change]:
    """Make the bucket and the tables say what `library` says, and tell every running process.

    Objects are written before rows, so that a crash between them leaves an object without a row, never the reverse.
    A skill or a workflow whose file is broken keeps its last good version.
    """
    async with runtime.system_unit() as unit:
        present = {row.name: row for row in await SkillRepository(unit.session).all()}
    changed = [skill for skill in library.skills if _differs(skill, present.get(skill.document.name))]
    await _upload(runtime, library, changed)
    broken = {problem.split("/", 1)[0].split(":", 1)[0] for problem in library.problems}
    kept = {skill.document.name for skill in library.skills} | broken
    gone = [name for name, row in present.items() if name not in kept and row.enabled]
    async with runtime.system_unit() as unit:
        repository = SkillRepository(unit.session)
        changes = [await _write(repository, skill) for skill in library.skills]
        if gone:
            await repository.disable(gone)
        changes += await _write_workflows(WorkflowLibraryRepository(unit.session), library)
    changes += await _sync_rules(runtime, library)
    await runtime.redis.publish(CHANGED_CHANNEL, "synced")
    return [*changes, *(Change(name, "disabled", present[name].version) for name in sorted(gone))]


async def _sync_rules(runtime: Runtime, library: Library) -> list[Change]:
    """The rules that the library ships, as new bases: what was learned is never replaced."""
    async with runtime.system_unit() as unit:
        ids = {row.name: row.id for row in await SkillRepository(unit.session).all()}
    names = {Scope("skill", skill_id=ids[skill.document.name]): skill for skill in library.skills}
    shipped = {scope: _text(skill.files.get("RULES.md", b"")) for scope, skill in names.items()}
    if library.house_rules:
        shipped[GLOBAL] = _text(library.house_rules)
    synced = await sync_rules(runtime, shipped)
    return [
        Change(
            f"rules of {names[it.scope].document.name if it.scope in names else 'the house'}",
            "conflict" if it.conflicts else it.deed,
            it.version,
        )
        for it in synced
    ]


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _differs(skill: SkillFolder, row: Skill | None) -> bool:
    return row is None or not row.enabled or row.content_hash != skill.content_hash


async def _upload(runtime: Runtime, library: Library, changed: Iterable[SkillFolder]) -> None:
    objects = {
        keys.skill_file(skill.document.name, path): data
        for skill in changed
        for path, data in skill.files.items()
        if path != "CHANGELOG.md"  # that is ours: it tells what became of the rules
    }
    for slug, files in library.clients.items():
        prefix = keys.example_client_prefix(slug)
        objects |= {f"{prefix}{path}": data for path, data in files.items()}
    objects |= {keys.workflow(it.document.name): it.data for it in library.workflows}
    if library.house_rules:
        objects[keys.HOUSE_RULES] = library.house_rules
    gate = asyncio.Semaphore(_UPLOADS_AT_ONCE)

    async def put(key: str, data: bytes) -> None:
        async with gate:
            await runtime.objects.put(key, data)

    async with asyncio.TaskGroup() as group:
        for key, data in objects.items():
            group.create_task(put(key, data))


async def _write(repository: SkillRepository, skill: SkillFolder) -> Change:
    document = skill.document
    row = await repository.by_name(document.name)
    if row is None:
        await repository.add(_row(skill))
        return Change(document.name, "added", 1)
    if not _differs(skill, row):
        return Change(document.name, "unchanged", row.version)
    fresh = _row(skill).model_dump(exclude={"id", "created_at", "name", "version"})
    for column, value in fresh.items():
        setattr(row, column, value)
    row.version += 1
    return Change(document.name, "updated", row.version)


def _row(skill: SkillFolder) -> Skill:
    document, metadata = skill.document, skill.document.metadata
    kind: SkillType = "complex" if skill.has_subdirs else "ruled" if skill.has_rules else "simple"
    return Skill(
        name=document.name,
        title=document.title,
        type=kind,
        category=document.category,
        description=document.description,
        s3_key=keys.skill_file(document.name, "SKILL.md"),
        triggers=list(metadata.triggers),
        context_files=list(metadata.context),
        tools=list(metadata.tools),
        model=metadata.model,
        has_rules=skill.has_rules,
        has_subdirs=skill.has_subdirs,
        files={path: content_hash(data) for path, data in skill.files.items()},
        content_hash=skill.content_hash,
    )


async def _write_workflows(repository: WorkflowLibraryRepository, library: Library) -> list[Change]:
    present = {row.name: row for row in await repository.all()}
    changes = []
    for workflow in library.workflows:
        name = workflow.document.name
        fresh, row = _workflow_row(workflow), present.get(name)
        if row is None:
            await repository.add(fresh)
            changes.append(Change(f"workflow {name}", "added", 1))
        elif row.enabled and row.content_hash == fresh.content_hash:
            changes.append(Change(f"workflow {name}", "unchanged", row.version))
        else:
            for column, value in fresh.model_dump(exclude={"id", "created_at", "name", "version"}).items():
                setattr(row, column, value)
            row.version += 1
            changes.append(Change(f"workflow {name}", "updated", row.version))
    kept = {it.document.name for it in library.workflows} | {_workflow_of(it) for it in library.problems}
    gone = sorted(name for name, row in present.items() if row.enabled and name not in kept)
    await repository.disable(gone)
    return [*changes, *(Change(f"workflow {name}", "disabled", present[name].version) for name in gone)]


def _workflow_of(problem: str) -> str:
    """The workflow that a problem is about, or nothing."""
    path = problem.split(":", 1)[0]
    return path.removeprefix("workflows/").removesuffix(".md") if path.startswith("workflows/") else ""


def _workflow_row(workflow: WorkflowFile) -> Workflow:
    document = workflow.document
    return Workflow(
        name=document.name,
        title=document.title,
        description=document.description,
        s3_key=keys.workflow(document.name),
        content_hash=content_hash(workflow.data),
    )
