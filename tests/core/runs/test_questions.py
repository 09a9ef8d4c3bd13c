"""Questions that wait for a tap: answered once, by whom they were put to, and kept as labelled cases."""

import json

import pytest

from core.channel import Place
from core.errors import StaleButtonError
from core.runs.labels import labelled_cases
from core.runs.plan import ChooseSkill
from core.runtime import Runtime
from tests.core.runs.people import Somebody, somebody


async def _question(runtime: Runtime, who: Somebody, text: str) -> ChooseSkill:
    skills = tuple(runtime.catalogue.get(name) for name in ("copywriting", "copy-editing"))
    return ChooseSkill(who.request(text), skills)


async def test_a_choice_goes_on_with_the_request_and_is_kept_as_a_case(runtime: Runtime) -> None:
    who = await somebody(runtime)
    text = f"something with words for {who.account.person}"
    async with runtime.unit(who.account.user_id) as unit:
        pending = await unit.pending.keep(await _question(runtime, who, text))
    async with runtime.unit(who.account.user_id) as unit:
        asked = await unit.pending.open(pending, who.account, who.place)
        request = await unit.pending.choose_skill(asked, asked.skills[1])
    assert (request.text, request.skill) == (text, "copy-editing")
    cases = [json.loads(case) async for case in labelled_cases(runtime)]
    assert {"message": text, "skill": "copy-editing"}.items() <= next(
        case for case in cases if case["message"] == text
    ).items()


async def test_a_question_is_answered_once_and_only_by_whom_it_was_put_to(runtime: Runtime) -> None:
    who, other = await somebody(runtime), await somebody(runtime)
    async with runtime.unit(who.account.user_id) as unit:
        pending = await unit.pending.keep(await _question(runtime, who, "words"))
        asked = await unit.pending.open(pending, who.account, who.place)
        with pytest.raises(StaleButtonError):
            await unit.pending.open(pending, other.account, who.place)
        with pytest.raises(StaleButtonError):
            await unit.pending.open(pending, who.account, Place("telegram", "another chat"))
        await unit.pending.choose_client(asked, "none")
        with pytest.raises(StaleButtonError):
            await unit.pending.choose_client(asked, "none")
        with pytest.raises(StaleButtonError):
            await unit.pending.open(pending, who.account, who.place)
    async with runtime.unit(other.account.user_id) as unit:
        with pytest.raises(StaleButtonError):
            await unit.pending.open(pending, other.account, other.place)
