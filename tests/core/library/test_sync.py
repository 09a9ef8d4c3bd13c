"""A sync reaches the bucket, the tables, and the processes that run."""

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from core.detection import SkillText, WorkflowText
from core.library.folder import read_library
from core.library.sync import sync_library
from core.runtime import Runtime
from core.skills.catalogue import Catalogue, LoadedSkill
from storage.skills import SkillRepository

SKILL = "---\nname: {name}\ndescription: Write {what}.\n---\n# {name}\n\nWrite {what}.\n"


def _library(root: Path, **skills: str) -> Path:
    for name, what in skills.items():
        folder = root / "skills" / name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "SKILL.md").write_text(SKILL.format(name=name, what=what))
    return root


async def test_what_changed_is_told_and_what_vanished_is_disabled(fresh_runtime: Runtime, tmp_path: Path) -> None:
    runtime = fresh_runtime
    first = await sync_library(runtime, read_library(_library(tmp_path / "a", haiku="haiku", ode="odes")))
    deeds = {change.skill: change.deed for change in first}
    assert deeds["haiku"] == deeds["ode"] == "added"
    assert deeds["copywriting"] == "disabled"

    again = await sync_library(runtime, read_library(tmp_path / "a"))
    assert {change.deed for change in again} == {"unchanged"}

    changed = await sync_library(runtime, read_library(_library(tmp_path / "a", haiku="short poems")))
    assert [(change.skill, change.deed, change.version) for change in changed if change.deed != "unchanged"] == [
        ("haiku", "updated", 2)
    ]
    await runtime.catalogue.refresh()
    assert [skill.name for skill in runtime.catalogue.all()] == ["haiku", "ode"]
    assert "short poems" in runtime.catalogue.get("haiku").document.body


async def test_a_skill_that_breaks_keeps_its_last_good_version_and_harms_no_other(
    fresh_runtime: Runtime, tmp_path: Path
) -> None:
    runtime = fresh_runtime
    root = _library(tmp_path / "b", haiku="haiku", ode="odes")
    await sync_library(runtime, read_library(root))
    (root / "skills" / "haiku" / "SKILL.md").write_text("---\nname: haiku\n---\n")
    library = read_library(root)
    assert len(library.problems) == 1
    changes = await sync_library(runtime, library)
    assert [(change.skill, change.deed) for change in changes] == [("ode", "unchanged")]
    async with runtime.system_unit() as unit:
        enabled = [row.name for row in await SkillRepository(unit.session).enabled()]
    assert enabled == ["haiku", "ode"]


async def test_a_running_process_sees_a_sync_at_once(fresh_runtime: Runtime, tmp_path: Path) -> None:
    runtime = fresh_runtime
    other = Catalogue(runtime.engine, runtime.objects, runtime.redis)
    await other.refresh()
    seen = asyncio.Event()

    async def look(skills: Sequence[LoadedSkill]) -> None:
        if any(skill.name == "elegy" for skill in skills):
            seen.set()

    other.on_change(look)
    watching = asyncio.create_task(other.watch())
    try:
        await asyncio.wait_for(other.watching.wait(), 10)
        await sync_library(runtime, read_library(_library(tmp_path / "c", elegy="elegies")))
        async with asyncio.timeout(2):
            await seen.wait()
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def test_a_look_that_finds_nothing_new_tells_nobody(fresh_runtime: Runtime, tmp_path: Path) -> None:
    runtime, told = fresh_runtime, []
    other = Catalogue(runtime.engine, runtime.objects, runtime.redis)

    async def listen(skills: Sequence[LoadedSkill]) -> None:
        told.append(len(skills))

    other.on_change(listen)
    await sync_library(runtime, read_library(_library(tmp_path / "d", sonnet="sonnets")))
    for _ in range(2):
        await other.refresh()
    assert len(told) == 1


async def test_the_loop_goes_on_while_an_index_is_built(
    fresh_runtime: Runtime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    runtime = fresh_runtime
    await sync_library(runtime, read_library(_library(tmp_path / "e", haiku="haiku about seasons")))
    await runtime.catalogue.refresh()
    rebuild, building, go_on = runtime.detector.rebuild, threading.Event(), threading.Event()

    def rebuild_slowly(skills: Sequence[SkillText], workflows: Sequence[WorkflowText]) -> None:
        building.set()
        go_on.wait(10)
        rebuild(skills, workflows)

    monkeypatch.setattr(runtime.detector, "rebuild", rebuild_slowly)
    await sync_library(runtime, read_library(_library(tmp_path / "f", haiku="haiku", sonnet="sonnets of love")))
    refreshing = asyncio.create_task(runtime.catalogue.refresh())
    assert await asyncio.to_thread(building.wait, 10)
    assert not any(it.skill == "sonnet" for it in runtime.detector.look("a sonnet").alternatives)
    go_on.set()
    await refreshing
    assert runtime.detector.look("a sonnet").alternatives[0].skill == "sonnet"


async def test_skills_by_others_are_ranked_and_can_be_run(fresh_runtime: Runtime, tmp_path: Path) -> None:
    runtime = fresh_runtime
    root = _library(tmp_path / "d", haiku="haiku about seasons", invoices="polite reminders for unpaid invoices")
    await sync_library(runtime, read_library(root / "skills"))
    await runtime.catalogue.refresh()
    seen = runtime.detector.look("please remind a customer of an unpaid invoice")
    assert seen.alternatives[0].skill == "invoices"
    assert runtime.catalogue.get("invoices").document.metadata.tools == ()
