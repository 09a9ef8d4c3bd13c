"""Themes and rules without a script."""

from typing import Any

import anthropic
import pytest
from anthropic.types import ToolParam

from local.claude.learning import GENERAL, TOPICS


async def fill(api: anthropic.AsyncAnthropic, tool: str, user: str, scopes: list[str] | None = None) -> Any:
    scope = {"type": "string", "enum": scopes or ["skill", "client"]}
    theme = {"type": "object", "properties": {"scope": scope}}
    schema: dict[str, Any] = {"type": "object", "properties": {"themes": {"type": "array", "items": theme}}}
    offered: ToolParam = {"name": tool, "input_schema": schema}
    answer = await api.messages.create(
        model="claude-haiku-4-5",
        max_tokens=2000,
        messages=[{"role": "user", "content": user}],
        tools=[offered],
        tool_choice={"type": "tool", "name": tool},
    )
    (block,) = answer.content
    assert block.type == "tool_use"
    return block.input


def feedback(*said: str, severity: str = "medium", client: str = "c1") -> str:
    return "\n".join(
        f'<feedback id="f{number}" score="2" severity="{severity}" client="{client}" skill="x">{text}</feedback>'
        for number, text in enumerate(said, 1)
    )


async def test_what_three_say_in_other_words_is_one_theme(api: anthropic.AsyncAnthropic) -> None:
    said = feedback("Nice. Way too long!", "make it shorter", "wordy", "the quokka is missing")
    (theme,) = (await fill(api, "record_themes", said))["themes"]
    assert (theme["title"], theme["scope"]) == ("Too long", "skill")
    assert theme["evidence"] == [
        {"feedback": "f1", "quote": "Way too long"},
        {"feedback": "f2", "quote": "make it shorter"},
        {"feedback": "f3", "quote": "wordy"},
    ]


async def test_a_word_that_three_share_is_a_theme_too(api: anthropic.AsyncAnthropic) -> None:
    said = feedback("No depots", "Where are the depots?", "depots, please", "fine")
    (theme,) = (await fill(api, "record_themes", said))["themes"]
    assert [it["feedback"] for it in theme["evidence"]] == ["f1", "f2", "f3"]


async def test_one_who_calls_it_severe_is_enough(api: anthropic.AsyncAnthropic) -> None:
    assert (await fill(api, "record_themes", feedback("too long")))["themes"] == []
    assert len((await fill(api, "record_themes", feedback("too long", severity="high")))["themes"]) == 1


async def test_the_voice_of_one_client_is_its_own(api: anthropic.AsyncAnthropic) -> None:
    said = ("too formal", "so stiff", "not our tone")
    scopes = [
        (await fill(api, "record_themes", feedback(*said, client=client), offered))["themes"][0]["scope"]
        for client, offered in (("c1", None), ("-", None), ("c1", ["global"]))
    ]
    assert scopes == ["client", "skill", "global"]


async def test_a_theme_gets_its_rule_and_a_general_one_if_that_told_too_much(api: anthropic.AsyncAnthropic) -> None:
    theme = "<theme>Too long. Write shorter.</theme>\nSaid by 4, severity low:"
    answer = await fill(api, "propose_rule", theme)
    assert answer["rule"] == TOPICS[0][2]
    assert answer["rationale"].startswith("Ratings that say so"), "nobody told it how many people that were"
    assert answer["rationale"].endswith(": 4.")
    assert (answer["change_type"], answer["changes"]) == ("add", "none")
    assert "depots" in (await fill(api, "propose_rule", "<theme>No depots. Do it.</theme>"))["rule"]
    objected = f"{theme}\n\nthese words belong to one client: depots"
    assert (await fill(api, "propose_rule", objected))["rule"] == GENERAL


@pytest.mark.parametrize("learned", [["Keep it short."], ["Keep it short.", "Name a price."], []])
async def test_a_sample_shows_which_learned_rules_were_read(
    api: anthropic.AsyncAnthropic, learned: list[str]
) -> None:
    listed = "\n".join(f"- {rule}" for rule in learned)
    section = f"\n\n## Learned from feedback\n\n{listed}" if learned else ""
    answer = await api.messages.create(
        model="claude-sonnet-5",
        max_tokens=4000,
        system=f"# Skill: Copywriting\n\n# Rules of this skill\n\n- Be true.{section}\n\n---\n",
        messages=[{"role": "user", "content": "<request>\nWrite a page\n</request>"}],
    )
    (block,) = answer.content
    assert block.type == "text"
    assert ("Written under what was learned" in block.text) == bool(learned)
    assert all(f"- {rule}" in block.text for rule in learned)
    assert "Be true" not in block.text
