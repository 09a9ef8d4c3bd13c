"""What goes into a prompt: within the budget, of this client alone, with a record of it."""

import pytest

from core.runs.context import ForeignContextError, collect_context, cut_at_heading, fit
from core.runs.preparation import gather_material, prepare
from core.runtime import Runtime
from storage import keys
from storage.clients import ClientRepository
from tests.core.runs.people import queued, somebody


def test_whole_files_are_dropped_from_the_end_and_the_last_is_cut_at_a_heading() -> None:
    files = [("a.md", "a" * 60), ("b.md", "# One\nfirst\n# Two\nsecond"), ("c.md", "c")]
    kept, left_out = fit(files, 75)
    assert [(file.path, file.cut) for file in kept] == [("a.md", False), ("b.md", True)]
    assert kept[1].text == "# One\nfirst"
    assert left_out == ["c.md"]
    everything, nothing = fit(files, 1000)
    assert len(everything) == 3
    assert nothing == []


def test_a_cut_never_breaks_a_character_and_needs_a_heading() -> None:
    assert cut_at_heading("# Ü\nüüüü\n# Z\nz", 16) == "# Ü\nüüüü"
    assert cut_at_heading("no heading at all", 5) == ""
    assert cut_at_heading("x", -1) == ""


async def test_no_prompt_holds_a_word_of_another_client(runtime: Runtime) -> None:
    who = await somebody(runtime, clients=("yaz-automate", "pellow-and-daughters"))
    other = await somebody(runtime)
    canaries = {"CANARY-OF-PELLOW": (who, "pellow-and-daughters"), "CANARY-OF-OTHER": (other, "yaz-automate")}
    for canary, (owner, slug) in canaries.items():
        user_id = owner.account.user_id
        key = keys.client_file(user_id, slug, "profile.md")
        await runtime.objects.put(key, f"# Profile\n\n{canary}".encode())
    run = await queued(runtime, who)
    prepared = await prepare(runtime, await gather_material(runtime, run))
    prompt = prepared.task.prompt
    everything = "".join(block.text for block in prompt.system) + prompt.user
    assert "Larkspur" in everything or "Yaz" in everything
    for canary in canaries:
        assert canary not in everything
    assert "Pellow" not in everything
    prefix = keys.client_prefix(who.account.user_id, "yaz-automate")
    assert prepared.provenance["client"]["files"]
    assert all(key.startswith(prefix) for key in prepared.provenance["client"]["files"])


async def test_a_path_that_leads_elsewhere_is_refused(runtime: Runtime) -> None:
    who = await somebody(runtime)
    async with runtime.unit(who.account.user_id) as unit:
        client = await ClientRepository(unit.session).by_slug(who.account.user_id, "yaz-automate")
    assert client is not None
    with pytest.raises(ForeignContextError):
        await collect_context(runtime.contents, client, ["../other/profile"], on_file={}, budget_tokens=1000)


async def test_the_stable_part_is_equal_for_two_clients(runtime: Runtime) -> None:
    prompts = []
    for slug in ("yaz-automate", "pellow-and-daughters"):
        run = await queued(runtime, await somebody(runtime, clients=(slug,)))
        prompts.append((await prepare(runtime, await gather_material(runtime, run))).task.prompt)
    assert prompts[0].system[0] == prompts[1].system[0]
    assert prompts[0].system[1] != prompts[1].system[1]
