"""A sync reaches the bucket, the tables, and the processes that run."""

import asyncio
from pathlib import Path

from core.library.folder import read_library
from core.library.sync import sync_library
from core.runtime import Runtime
from core.skills.catalogue import Catalogue
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
    other.on_change(lambda skills: seen.set() if any(it.name == "elegy" for it in skills) else None)
    watching = asyncio.create_task(other.watch())
    try:
        await asyncio.wait_for(other.watching.wait(), 10)
        await sync_library(runtime, read_library(_library(tmp_path / "c", elegy="elegies")))
        async with asyncio.timeout(2):
            await seen.wait()
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)


async def test_skills_by_others_are_ranked_and_can_be_run(fresh_runtime: Runtime, tmp_path: Path) -> None:
    runtime = fresh_runtime
    root = _library(tmp_path / "d", haiku="haiku about seasons", invoices="polite reminders for unpaid invoices")
    await sync_library(runtime, read_library(root / "skills"))
    await runtime.catalogue.refresh()
    seen = runtime.detector.look("please remind a customer of an unpaid invoice")
    assert seen.alternatives[0].skill == "invoices"
    assert runtime.catalogue.get("invoices").document.metadata.tools == ()
