"""Versions of rules never change, one writer wins, and each can be undone."""

import asyncio
from collections.abc import Sequence

import pytest

from core.clients.files import delete_client
from core.errors import NotFoundError, StaleButtonError
from core.learning.proposals import show_bell
from core.rules.keeping import RulesMovedError, keep_version, read_version, roll_back
from core.rules.texts import client_scope
from core.runtime import Runtime, Unit
from core.skills.catalogue import Catalogue, LoadedSkill
from storage import keys
from storage.models import RuleProposal, RuleVersion
from storage.rules import ProposalRepository, RuleVersionRepository, Scope
from tests.core.learning.past import rung
from tests.core.rules.learning import changelog_of, client_of, learn, newest, own_scope, text_now
from tests.core.runs.people import somebody


async def _keep(runtime: Runtime, scope: Scope, text: str, expected: int) -> RuleVersion:
    return await keep_version(
        runtime, scope, text, expected=expected, origin="edit", changelog="Said\nso.", made_by=None
    )


async def _objects(runtime: Runtime, prefix: str) -> list[str]:
    return [key.removeprefix(prefix) async for key in runtime.objects.list(prefix)]


async def test_each_version_stays_as_it_was_written(runtime: Runtime) -> None:
    scope, maya = await own_scope(runtime), (await somebody(runtime)).account
    first = await learn(runtime, scope, "Be brief.")
    second = await learn(runtime, scope, "Be kind.", instead="Be brief.", by=maya.signature)
    assert (first.version, second.version) == (1, 2)
    assert "Be brief." in await read_version(runtime, first)
    assert "Be brief." not in await read_version(runtime, second)
    assert await runtime.objects.get(first.s3_key) == (await read_version(runtime, first)).encode()
    told = await changelog_of(runtime, scope)
    assert told.startswith("# Changes of the rules for Yaz Automate\n\n## Version 2, ")
    by_maya = f"Learned: Be kind.\n\nLearned from feedback, by {maya.name}."
    assert told.index(by_maya) < told.index("Learned: Be brief.")


async def test_of_two_writers_at_once_one_wins(runtime: Runtime) -> None:
    scope = await own_scope(runtime)
    await learn(runtime, scope, "Be brief.")
    tries = await asyncio.gather(*(_keep(runtime, scope, f"- {n}\n", 1) for n in range(5)), return_exceptions=True)
    kept = [it for it in tries if isinstance(it, RuleVersion)]
    assert len(kept) == 1
    assert all(isinstance(it, RulesMovedError) for it in tries if it not in kept)
    assert await text_now(runtime, scope) == await read_version(runtime, kept[0])
    assert (await changelog_of(runtime, scope)).count("## Version") == 2
    again = await _keep(runtime, scope, "- again\n", kept[0].version)
    assert await text_now(runtime, scope) == await read_version(runtime, again) == "- again\n"


async def test_a_text_without_a_row_is_passed_over(runtime: Runtime) -> None:
    client = await client_of(runtime, await somebody(runtime))
    orphan = keys.rules(keys.client_rules_prefix(client.user_id, client.slug), 1)
    await runtime.objects.put_new(orphan, b"- what a crash left\n")
    kept = await _keep(runtime, client_scope(client), "- kept\n", 0)
    assert kept.version == 2
    assert await text_now(runtime, client_scope(client)) == "- kept\n"
    assert await runtime.objects.get(orphan) == b"- what a crash left\n"


async def test_what_belongs_to_a_version_is_written_with_it_or_not_at_all(runtime: Runtime) -> None:
    scope = await own_scope(runtime)

    async def refuse(_: Unit) -> None:
        raise StaleButtonError

    with pytest.raises(StaleButtonError):
        await keep_version(
            runtime, scope, "- a\n", expected=0, origin="edit", changelog="", made_by=None, also=refuse
        )
    assert await newest(runtime, scope) is None
    assert (await _keep(runtime, scope, "- b\n", 0)).version == 2


async def test_a_version_is_undone_by_another_and_so_is_that(runtime: Runtime) -> None:
    scope = await own_scope(runtime)
    first = await learn(runtime, scope, "Be brief.")
    second = await learn(runtime, scope, "Be kind.")
    with pytest.raises(StaleButtonError):
        await roll_back(runtime, first.id, "Sam")
    undone = await roll_back(runtime, second.id, "Sam")
    assert (undone.origin, undone.made_by) == ("rollback", "Sam")
    assert await text_now(runtime, scope) == await read_version(runtime, first)
    with pytest.raises(StaleButtonError):
        await roll_back(runtime, second.id, "Sam")
    await roll_back(runtime, undone.id, "Sam")
    assert await text_now(runtime, scope) == await read_version(runtime, second)
    assert "Version 3 is undone; what stood before it, version 2, stands again." in await changelog_of(
        runtime, scope
    )


async def test_before_the_first_rule_somebody_learned_stood_nothing(runtime: Runtime) -> None:
    scope = await own_scope(runtime)
    await roll_back(runtime, (await learn(runtime, scope, "Be brief.")).id, "Sam")
    assert await text_now(runtime, scope) == ""


async def test_of_two_who_roll_back_at_once_one_does(runtime: Runtime) -> None:
    scope = await own_scope(runtime)
    await learn(runtime, scope, "Be brief.")
    version = await learn(runtime, scope, "Be kind.")
    tries = await asyncio.gather(
        *(roll_back(runtime, version.id, by) for by in ("Maya", "Sam")), return_exceptions=True
    )
    assert sorted(type(it).__name__ for it in tries) == ["RuleVersion", "StaleButtonError"]
    assert "Be kind." not in await text_now(runtime, scope)


async def test_the_proposal_of_a_version_goes_back_with_it(runtime: Runtime) -> None:
    scope = await own_scope(runtime)
    proposal = RuleProposal(
        scope=scope.kind, client_id=scope.client_id, user_id=scope.user_id, base_version=0, change_type="add",
        theme="t", proposed_rule="Be kind.", diff="", rationale="", status="approved",
    )  # fmt: skip
    async with runtime.system_unit() as unit:
        await ProposalRepository(unit.session).add(proposal)
    await roll_back(runtime, (await learn(runtime, scope, "Be kind.", proposal=proposal)).id, "Sam")
    async with runtime.system_unit() as unit:
        undone = await unit.proposals.get(proposal.id)
    assert undone.status == "rolled_back"
    assert show_bell(undone).id in await rung(runtime), "its cards change at once, whoever looks at them"


async def test_what_was_shipped_first_cannot_be_undone(fresh_runtime: Runtime) -> None:
    runtime = fresh_runtime
    scope = Scope("skill", skill_id=runtime.catalogue.get("copywriting").id)
    shipped = await newest(runtime, scope)
    assert shipped is not None
    with pytest.raises(StaleButtonError):
        await roll_back(runtime, shipped.id, "Sam")


async def test_with_a_client_go_its_rules(runtime: Runtime) -> None:
    client = await client_of(runtime, await somebody(runtime))
    scope = client_scope(client)
    version = await learn(runtime, scope, "Be brief.")
    await delete_client(runtime, client.user_id, client.id)
    async with runtime.system_unit() as unit:
        assert await RuleVersionRepository(unit.session).get(version.id) is None
    assert await _objects(runtime, keys.client_rules_prefix(client.user_id, client.slug)) == []
    with pytest.raises(NotFoundError):
        await _keep(runtime, scope, "- late\n", version.version)


async def test_a_client_deleted_while_its_rules_are_written_leaves_nothing(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await client_of(runtime, await somebody(runtime))
    put_new = runtime.objects.put_new

    async def put_and_delete_the_client(key: str, data: bytes) -> None:
        await put_new(key, data)
        async with runtime.unit(client.user_id) as unit:
            await unit.session.delete(await unit.clients.get(client.user_id, client.id))

    monkeypatch.setattr(runtime.objects, "put_new", put_and_delete_the_client)
    with pytest.raises(NotFoundError):
        await _keep(runtime, client_scope(client), "- late\n", 0)
    assert await _objects(runtime, keys.client_rules_prefix(client.user_id, client.slug)) == []


async def test_a_version_stands_though_nobody_can_be_told_of_it(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = await own_scope(runtime)
    put = runtime.objects.put

    async def put_nowhere(key: str, data: bytes) -> None:
        await put(key.replace("CHANGELOG.md", "\0"), data)

    with monkeypatch.context() as patch:
        patch.setattr(runtime.objects, "put", put_nowhere)
        await learn(runtime, scope, "Be brief.")
    assert "Be brief." in await text_now(runtime, scope)
    await learn(runtime, scope, "Be kind.")
    assert (await changelog_of(runtime, scope)).count("## Version") == 2


async def test_a_running_process_reads_new_rules_at_once(fresh_runtime: Runtime) -> None:
    runtime = fresh_runtime
    scope = Scope("skill", skill_id=runtime.catalogue.get("cold-email").id)
    other = Catalogue(runtime.engine, runtime.objects, runtime.redis)
    await other.refresh()
    assert other.get("cold-email").rules == ""
    seen = asyncio.Event()

    async def look(_: Sequence[LoadedSkill]) -> None:
        if "Be brief." in other.get("cold-email").rules:
            seen.set()

    other.on_change(look)
    watching = asyncio.create_task(other.watch())
    try:
        await asyncio.wait_for(other.watching.wait(), 10)
        version = await learn(runtime, scope, "Be brief.")
        async with asyncio.timeout(2):
            await seen.wait()
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
    read = other.get("cold-email").newest_rules
    assert read is not None
    assert (read.id, read.version, read.content_hash) == (version.id, version.version, version.content_hash)
