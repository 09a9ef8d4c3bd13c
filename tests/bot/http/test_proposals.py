"""Proposals over HTTP: admins look, test, reword, approve, reject and roll back; each decision is taken once."""

import asyncio
from uuid import UUID

import pytest

from core.rules.texts import rules_for
from storage.models import RuleProposal
from tests.bot.http.conftest import Api, Caller

RULE = "Name the price in the first sentence."


@pytest.fixture
async def ada(api: Api) -> Caller:
    return await api.user("Ada", role="admin")


async def proposal(api: Api, *, skill: str = "copywriting") -> str:
    """A new one, as feedback leads to it; its id."""
    made = RuleProposal(
        scope="skill",
        skill_id=api.runtime.catalogue.get(skill).id,
        base_version=1,
        change_type="add",
        theme="Prices come too late",
        proposed_rule=RULE,
        diff=f"+- {RULE}",
        rationale="Three people looked for it.",
        warnings=[{"code": "link", "detail": "example.com"}],
    )
    async with api.runtime.system_unit() as unit:
        await unit.proposals.add(made)
    return str(made.id)


async def end_test(api: Api, proposal_id: str) -> None:
    """What the worker's test leaves behind."""
    async with api.runtime.system_unit() as unit:
        await unit.proposals.change(UUID(proposal_id), ("testing",), status="ready")


async def rules_of(api: Api, skill: str) -> str:
    await api.runtime.catalogue.refresh()
    found = await rules_for(api.runtime, api.runtime.catalogue.get(skill), None)
    return found.skill.text if found.skill else ""


async def test_a_change_from_a_draft_to_the_rules_and_back(api: Api, ada: Caller) -> None:
    path = f"/rule-proposals/{await proposal(api)}"
    draft = await ada.get(path)
    assert (draft["status"], draft["proposed_rule"], draft["subject"]) == ("draft", RULE, "Copywriting")
    assert draft["warnings"] == [{"code": "link", "detail": "example.com"}]
    assert draft["evaluation"]["wins"] == 0
    decision = f"{path}/decision"
    early = await ada.post(decision, {"decision": "approve"}, status=409)
    assert early["code"] == "proposal-untested"
    for _ in range(2):
        testing = await ada.post(decision, {"decision": "test"}, status=200)
        assert (testing["status"], testing["revision"]) == ("testing", 2)
    busy = await ada.post(decision, {"decision": "edit", "rule": "Say it."}, status=409)
    assert busy["code"] == "proposal-busy"
    await end_test(api, draft["id"])
    stale = await ada.post(decision, {"decision": "approve", "revision": 1}, status=409)
    assert stale["code"] == "stale-button"
    before = await rules_of(api, "copywriting")
    for _ in range(2):
        approved = await ada.post(decision, {"decision": "approve"}, status=200)
        assert (approved["status"], approved["decided_by"], approved["can_be_rolled_back"]) == (
            "approved",
            "Ada",
            True,
        )
    assert RULE in await rules_of(api, "copywriting")
    for _ in range(2):
        undone = await ada.post(decision, {"decision": "roll_back"}, status=200)
        assert (undone["status"], undone["can_be_rolled_back"]) == ("rolled_back", False)
    assert await rules_of(api, "copywriting") == before


async def test_another_wording_is_tested_anew(api: Api, ada: Caller) -> None:
    path = f"/rule-proposals/{await proposal(api, skill='page-cro')}"
    edit = {"decision": "edit", "rule": "Put the price above the fold."}
    for _ in range(2):
        edited = await ada.post(f"{path}/decision", edit, status=200)
        assert (edited["status"], edited["proposed_rule"], edited["revision"]) == ("draft", edit["rule"], 2)
    unfit = await ada.post(f"{path}/decision", {"decision": "edit", "rule": "# A heading"}, status=422)
    assert unfit["code"] == "rule-unfit"
    for wrong in ({"decision": "edit"}, {"decision": "reject", "rule": "x"}, {"decision": "maybe"}):
        assert (await ada.post(f"{path}/decision", wrong, status=422))["code"] == "request-invalid"


async def test_of_two_admins_one_decides(api: Api, ada: Caller) -> None:
    ben = await api.user("Ben", role="admin")
    path = f"/rule-proposals/{await proposal(api, skill='email-sequence')}/decision"
    answers = await asyncio.gather(*(it.call("POST", path, json={"decision": "reject"}) for it in (ada, ben)))
    assert sorted(answer.status for answer in answers) == [200, 409]
    late = next(answer for answer in answers if answer.status == 409)
    assert (await late.json())["code"] == "proposal-decided"


async def test_two_admins_of_one_name_are_two(api: Api, ada: Caller) -> None:
    other = await api.user("Ada", role="admin")
    made = await proposal(api, skill="email-sequence")
    path = f"/rule-proposals/{made}/decision"
    for _ in range(2):
        assert (await ada.post(path, {"decision": "reject"}, status=200))["decided_by"] == "Ada"
    assert (await other.post(path, {"decision": "reject"}, status=409))["code"] == "proposal-decided"
    listed = (await other.get("/rule-proposals?status=rejected"))["data"]
    assert {it["id"]: it["decided_by"] for it in listed}[made] == "Ada"


async def test_the_list_goes_by_status_and_by_page(api: Api, ada: Caller) -> None:
    made = [await proposal(api, skill="press-release") for _ in range(3)]
    await ada.post(f"/rule-proposals/{made[0]}/decision", {"decision": "reject"}, status=200)
    first = await ada.get("/rule-proposals?limit=2")
    assert [it["id"] for it in first["data"]] == [made[2], made[1]]
    second = await ada.get(f"/rule-proposals?limit=2&cursor={first['next_cursor']}")
    assert second["data"][0]["id"] == made[0]
    rejected = await ada.get("/rule-proposals?status=rejected")
    assert made[0] in [it["id"] for it in rejected["data"]]
    assert made[1] not in [it["id"] for it in rejected["data"]]


async def test_there_is_nothing_for_others(api: Api, maya: Caller, ada: Caller) -> None:
    path = f"/rule-proposals/{await proposal(api)}"
    assert (await maya.get("/rule-proposals", status=403))["code"] == "scope-missing"
    await maya.get(path, status=403)
    await maya.post(f"{path}/decision", {"decision": "reject"}, status=403)
    demoted = await api.user("Cleo", scopes=["read", "run", "admin"])  # whose key is older than that
    await demoted.get(path, status=403)
    await ada.get("/rule-proposals/01890a5d-ac96-774b-bcce-b302099a8057", status=404)
