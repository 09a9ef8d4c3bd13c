"""A prompt holds the newest rules of everybody, of its skill, and of its own client, and nobody else's."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event

from core.rules.keeping import roll_back
from core.rules.texts import PromptRules, RuleText, client_scope, rules_for
from core.runs.preparation import Prepared, gather_material, prepare
from core.runtime import Runtime
from storage.models import Run
from storage.rules import GLOBAL, RuleVersionRepository, Scope
from tests.core.rules.learning import client_of, learn, newest, prepared_for
from tests.core.runs.people import queued, somebody

SISTER = "pellow-and-daughters"


def _everything(prepared: Prepared) -> str:
    prompt = prepared.task.prompt
    return "".join(block.text for block in prompt.system) + prompt.user


@contextmanager
def _statements(runtime: Runtime) -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(runtime.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(runtime.engine.sync_engine, "before_cursor_execute", note)


async def test_a_client_s_rules_reach_its_own_prompts_only(runtime: Runtime) -> None:
    maya = await somebody(runtime, clients=("yaz-automate", SISTER))
    sam = await somebody(runtime)
    version = await learn(runtime, client_scope(await client_of(runtime, maya)), "Say CANARY-MINE.")
    await learn(runtime, client_scope(await client_of(runtime, maya, SISTER)), "Say CANARY-SISTER.")
    await learn(runtime, client_scope(await client_of(runtime, sam)), "Say CANARY-NAMESAKE.")

    mine, namesake = await prepared_for(runtime, maya), await prepared_for(runtime, sam)
    system = mine.task.prompt.system
    assert "\n\n# Rules of this client\n\n## Learned from feedback\n\n- Say CANARY-MINE.\n" in system[1].text
    assert "CANARY-SISTER" not in _everything(mine)
    assert "CANARY-NAMESAKE" not in _everything(mine)
    assert "CANARY-NAMESAKE" in _everything(namesake)
    assert "CANARY-MINE" not in _everything(namesake)

    assert system[0] == namesake.task.prompt.system[0]
    assert mine.provenance["rules"]["client"] == {"version": 1, "content_hash": version.content_hash}
    async with runtime.unit(sam.account.user_id) as unit:
        assert await RuleVersionRepository(unit.session).get(version.id) is None
    assert any("CANARY-MINE" in source for source in mine.sources)


async def test_what_a_run_used_is_on_record(runtime: Runtime) -> None:
    shared = (await prepared_for(runtime, await somebody(runtime))).provenance["rules"]
    house, skill = runtime.catalogue.newest_house_rules, runtime.catalogue.get("copywriting").newest_rules
    assert house is not None
    assert skill is not None
    assert shared == {
        "global": {"version": house.version, "content_hash": house.content_hash},
        "skill": {"version": skill.version, "content_hash": skill.content_hash},
        "client": None,
    }
    row = await newest(runtime, GLOBAL)
    assert row is not None
    assert (row.id, row.version) == (house.id, house.version)


async def test_a_skill_without_rules_learns_its_first_and_may_lose_it_again(fresh_runtime: Runtime) -> None:
    runtime = fresh_runtime
    who = await somebody(runtime)
    run = await queued(runtime, who)
    skill = runtime.catalogue.get("press-release")

    async def prompt() -> str:
        await runtime.catalogue.refresh()
        material = replace(await gather_material(runtime, run), skill=runtime.catalogue.get("press-release"))
        return (await prepare(runtime, material)).task.prompt.system[0].text

    before = await prompt()
    assert "# House rules" in before
    assert "# Rules of this skill" not in before
    version = await learn(runtime, Scope("skill", skill_id=skill.id), "Name the town.")
    assert (await prompt()).endswith(
        "\n\n# Rules of this skill\n\n## Learned from feedback\n\n- Name the town.\n\n---\n"
    )
    await roll_back(runtime, version.id, "Sam")
    assert await prompt() == before


async def test_a_replay_brings_rules_of_its_own(runtime: Runtime) -> None:
    who = await somebody(runtime)
    client = await client_of(runtime, who)
    await learn(runtime, client_scope(client), "Be brief.")
    material = await gather_material(runtime, await queued(runtime, who))
    current = await rules_for(runtime, material.skill, client)
    assert (await prepare(runtime, material)).task.prompt == (await prepare(runtime, material, current)).task.prompt
    other = await prepare(runtime, material, replace(current, client=RuleText.draft(b"- Be kind.\n")))
    assert "- Be kind." in _everything(other)
    assert "- Be brief." not in _everything(other)
    none = await prepare(runtime, material, PromptRules())
    assert "ules of this" not in none.task.prompt.system[0].text
    assert none.provenance["rules"] == {"global": None, "skill": None, "client": None}


async def test_rules_cost_one_row_and_their_text_is_fetched_once(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    who = await somebody(runtime)
    client = await client_of(runtime, who)
    version = await learn(runtime, client_scope(client), f"Say {client.id}.")
    run = await queued(runtime, who)
    without_client = Run(**{**run.model_dump(), "client_id": None})
    get, fetched = runtime.objects.get, []

    async def noted(key: str) -> bytes:
        fetched.append(key)
        return await get(key)

    monkeypatch.setattr(runtime.objects, "get", noted)
    with _statements(runtime) as statements:
        for _ in range(2):
            await prepare(runtime, await gather_material(runtime, run))
    assert len([it for it in statements if "rule_versions" in it]) == 2
    assert fetched.count(version.s3_key) == 1
    with _statements(runtime) as statements:
        await prepare(runtime, await gather_material(runtime, without_client))
    assert [it for it in statements if "rule_versions" in it] == []
