"""A sync of the library brings a new base and never replaces what was learned."""

import asyncio
from pathlib import Path

import pytest

from core.library.__main__ import _print as print_changes
from core.library.folder import read_library
from core.library.sync import Change, sync_library
from core.rules.document import apply_change, rules_in
from core.rules.keeping import read_version, roll_back
from core.rules.syncing import sync_rules
from core.runtime import Runtime
from storage.models import RuleProposal, RuleVersion
from storage.rules import GLOBAL, ProposalRepository, RuleVersionRepository, Scope
from tests.core.rules.learning import changelog_of, learn, newest, text_now

SKILL = "---\nname: haiku\ndescription: Write haiku.\n---\n# Haiku\n\nWrite haiku.\n"
RULES = "# Rules for haiku\n\n- Count the syllables.\n- Name a season.\n"
BRIEF = RULES.replace("Name a season.", "Name a season in each one.")
COLD = RULES.replace("Name a season.", "Name a season, best a cold one.")


async def _sync(runtime: Runtime, root: Path, rules: str | None, house: str = "") -> list[Change]:
    """Sync a library of one skill; what was done with rules."""
    folder = root / "skills" / "haiku"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "SKILL.md").write_text(SKILL)
    (folder / "CHANGELOG.md").write_text("not ours")
    (folder / "RULES.md").unlink(missing_ok=True)
    if rules is not None:
        (folder / "RULES.md").write_text(rules)
    if house:
        (root / "skills" / "RULES.md").write_text(house)
    changes = await sync_library(runtime, read_library(root))
    await runtime.catalogue.refresh()
    return [it for it in changes if it.skill.startswith("rules of")]


async def _haiku(runtime: Runtime) -> Scope:
    return Scope("skill", skill_id=runtime.catalogue.get("haiku").id)


async def _history(runtime: Runtime, scope: Scope) -> list[RuleVersion]:
    async with runtime.system_unit() as unit:
        return list(await RuleVersionRepository(unit.session).history(scope))


async def _questions(runtime: Runtime, scope: Scope) -> list[RuleProposal]:
    async with runtime.system_unit() as unit:
        return list(await ProposalRepository(unit.session).open_in(scope))


async def test_without_anything_learned_a_sync_adds_the_shipped_text_alone(
    fresh_runtime: Runtime, tmp_path: Path
) -> None:
    runtime = fresh_runtime
    first = await _sync(runtime, tmp_path, RULES)
    assert [(it.skill, it.deed) for it in first] == [("rules of haiku", "added")]
    assert "The library's first text: 2 rules." in await changelog_of(runtime, await _haiku(runtime))
    assert await _sync(runtime, tmp_path, RULES) == []
    changed = await _sync(runtime, tmp_path, BRIEF)
    assert [(it.skill, it.deed) for it in changed] == [("rules of haiku", "updated")]
    assert changed[0].version > first[0].version
    assert [it.origin for it in await _history(runtime, await _haiku(runtime))] == ["shipped", "shipped"]
    assert runtime.catalogue.get("haiku").rules == BRIEF
    assert "1 rules came, 1 went, 1 stayed" in await changelog_of(runtime, await _haiku(runtime))


async def test_what_was_learned_outlives_every_sync(fresh_runtime: Runtime, tmp_path: Path) -> None:
    runtime = fresh_runtime
    await _sync(runtime, tmp_path, RULES)
    scope = await _haiku(runtime)
    await learn(runtime, scope, "No dashes.")
    await learn(runtime, scope, "Count the syllables twice.", instead="Count the syllables.")
    learned = await text_now(runtime, scope)
    assert await _sync(runtime, tmp_path, RULES) == []
    assert await text_now(runtime, scope) == learned

    (done,) = await _sync(runtime, tmp_path, BRIEF)
    assert done.deed == "merged"
    merge, shipped = (await _history(runtime, scope))[:2]
    assert (merge.origin, shipped.origin) == ("merge", "shipped")
    assert await read_version(runtime, shipped) == BRIEF
    assert runtime.catalogue.get("haiku").rules == learned.replace("a season.", "a season in each one.")
    assert await _questions(runtime, scope) == []

    (gone,) = await _sync(runtime, tmp_path, None)
    assert gone.deed == "conflict"
    assert rules_in(await text_now(runtime, scope)) == ["Count the syllables twice.", "No dashes."]


async def test_a_conflict_is_one_question_however_often_it_is_synced(
    fresh_runtime: Runtime, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    runtime = fresh_runtime
    await _sync(runtime, tmp_path, RULES)
    scope = await _haiku(runtime)
    await learn(runtime, scope, "Leave the season out.", instead="Name a season.")
    (done,) = await _sync(runtime, tmp_path, BRIEF)
    print_changes([done])
    assert capsys.readouterr().out.startswith(f"conflict   rules of haiku               version {done.version}\n")
    assert await _sync(runtime, tmp_path, BRIEF) == []

    standing = await text_now(runtime, scope)
    assert rules_in(standing) == ["Count the syllables.", "Leave the season out."]
    (question,) = await _questions(runtime, scope)
    assert (question.origin, question.status, question.base_version) == ("library", "draft", done.version)
    assert apply_change(standing, question.current_rule, question.proposed_rule) == BRIEF
    assert "- Leave the season out.\n+- Name a season in each one." in question.diff.replace("\n-- ", "\n- ")

    (again,) = await _sync(runtime, tmp_path, COLD)
    assert again.deed == "conflict"
    (fresh,) = await _questions(runtime, scope)
    assert fresh.proposed_rule == "Name a season, best a cold one."
    await _sync(runtime, tmp_path, RULES.replace("Name a season.", "Leave the season out."))
    assert await _questions(runtime, scope) == []


async def test_two_syncs_at_once_and_somebody_who_learns_meanwhile(fresh_runtime: Runtime, tmp_path: Path) -> None:
    runtime = fresh_runtime
    await _sync(runtime, tmp_path, RULES)
    scope = await _haiku(runtime)
    await learn(runtime, scope, "Leave the season out.", instead="Name a season.")
    before = len(await _history(runtime, scope))
    done = await asyncio.gather(*(sync_rules(runtime, {scope: BRIEF}) for _ in range(3)))
    assert [len(it) for it in done].count(1) == 1
    assert len(await _history(runtime, scope)) == before + 2
    assert len(await _questions(runtime, scope)) == 1


async def test_to_undo_a_merge_brings_back_what_stood_before_the_sync(
    fresh_runtime: Runtime, tmp_path: Path
) -> None:
    runtime = fresh_runtime
    await _sync(runtime, tmp_path, RULES)
    scope = await _haiku(runtime)
    await learn(runtime, scope, "No dashes.")
    learned = await text_now(runtime, scope)
    await _sync(runtime, tmp_path, BRIEF)
    merge = await newest(runtime, scope)
    assert merge is not None
    await roll_back(runtime, merge.id, "Sam")
    assert await text_now(runtime, scope) == learned
    assert await _sync(runtime, tmp_path, BRIEF) == []


async def test_house_rules_are_synced_alike_and_stay_where_a_library_has_none(
    fresh_runtime: Runtime, tmp_path: Path
) -> None:
    runtime = fresh_runtime
    shipped = runtime.catalogue.house_rules
    await learn(runtime, GLOBAL, "No dashes.")
    await _sync(runtime, tmp_path, None)
    assert rules_in(runtime.catalogue.house_rules) == [*rules_in(shipped), "No dashes."]
    (done,) = await _sync(runtime, tmp_path, None, house="# House\n\n- Be true.\n")
    assert (done.skill, done.deed) == ("rules of the house", "merged")
    assert rules_in(runtime.catalogue.house_rules) == ["Be true.", "No dashes."]


async def test_the_file_that_tells_of_changes_is_ours(fresh_runtime: Runtime, tmp_path: Path) -> None:
    runtime = fresh_runtime
    await _sync(runtime, tmp_path, RULES)
    assert (await changelog_of(runtime, await _haiku(runtime))).startswith("# Changes of the rules for haiku\n")
