"""Without a script the stand-in judges two texts by what they take up, and says the same in either order."""

from typing import Any

import anthropic

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"reason": {"type": "string"}, "better": {"type": "string", "enum": ["A", "B", "equal"]}},
    "required": ["reason", "better"],
}


async def judged(api: anthropic.AsyncAnthropic, first: str, second: str) -> dict[str, Any]:
    prompt = (
        "<request>\nWrite about sourdough.\n</request>\n\n"
        '<material name="Remark">\nName the oven temperature.\n</material>\n\n'
        f'<material name="Text A">\n{first}\n</material>\n\n<material name="Text B">\n{second}\n</material>'
    )
    message = await api.messages.create(
        model="claude-sonnet-5",
        max_tokens=200,
        messages=[{"role": "user", "content": prompt}],
        tools=[{"name": "judge_pair", "input_schema": SCHEMA}],
        tool_choice={"type": "tool", "name": "judge_pair"},
    )
    block = message.content[0]
    assert block.type == "tool_use"
    return dict(block.input)


async def test_the_text_that_takes_up_what_was_said_is_better(api: anthropic.AsyncAnthropic) -> None:
    good, poor = "Sourdough in an oven at 250 degrees, the temperature that counts.", "Sourdough is nice."
    assert await judged(api, good, poor) == {
        "better": "A",
        "reason": "Text A takes up what Text B leaves out: oven, temperature.",
    }
    assert (await judged(api, poor, good))["better"] == "B"


async def test_texts_that_take_up_as_much_are_equal(api: anthropic.AsyncAnthropic) -> None:
    assert (await judged(api, "Bread.", "Cake."))["better"] == "equal"
