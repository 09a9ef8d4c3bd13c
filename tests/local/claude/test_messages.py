"""The `anthropic` library against the stand-in: plain, streamed, with tools, in a demanded form."""

from typing import Any, Literal

import anthropic
import httpx2
import pytest
from anthropic.types import TextBlock, ToolParam, WebSearchTool20250305Param
from pydantic import BaseModel

from local.claude.client import ClaudeStandIn
from tests.local.claude.conftest import WRONG_KEY

MODEL = "claude-sonnet-5"
ASK: dict[str, Any] = {"model": MODEL, "max_tokens": 1000, "messages": [{"role": "user", "content": "Hello"}]}
FETCH: ToolParam = {
    "name": "mcp__web__fetch",
    "description": "Reads a page",
    "input_schema": {"type": "object", "properties": {"url": {"type": "string"}}, "required": ["url"]},
}


async def test_plain_answer_with_usage(claude: ClaudeStandIn, api: anthropic.AsyncAnthropic) -> None:
    await claude.script("Grüße", name="greeting")
    message = await api.messages.create(**ASK)
    assert message.content[0].type == "text"
    assert message.content[0].text == "Grüße"
    assert message.stop_reason == "end_turn"
    assert (message.usage.input_tokens, message.usage.output_tokens) == (2, 3)  # 5 and 7 bytes
    assert message._request_id
    [request] = await claude.requests()
    assert (request.path, request.answered_by, request.status) == ("/v1/messages", "greeting", 200)
    assert request.usage is not None
    assert request.usage["output_tokens"] == 3


async def test_stream_has_every_event_in_order(claude: ClaudeStandIn, api: anthropic.AsyncAnthropic) -> None:
    await claude.script({"thinking": "Hm."}, {"text": "one two three", "chunk": 4})
    events = [event async for event in await api.messages.create(**ASK, stream=True)]
    assert [event.type for event in events] == [
        "message_start",
        *("content_block_start", "content_block_delta", "content_block_delta", "content_block_stop"),
        *("content_block_start", *["content_block_delta"] * 4, "content_block_stop"),
        *("message_delta", "message_stop"),
    ]
    async with api.messages.stream(**ASK) as stream:
        assert [text async for text in stream.text_stream] == ["one ", "two ", "thre", "e"]
        message = await stream.get_final_message()
    assert [block.type for block in message.content] == ["thinking", "text"]
    assert message.usage.output_tokens == 6


async def test_stream_is_open_while_it_lasts(claude: ClaudeStandIn, api: anthropic.AsyncAnthropic) -> None:
    await claude.script("Well", {"hang": True})
    stream = await api.messages.create(**ASK, stream=True)
    async for event in stream:
        if event.type == "content_block_stop":
            break
    assert await claude.open_streams() == 1
    await stream.close()
    request = await claude.wait_for_request(lambda request: request.client_closed)
    assert request.ended
    assert await claude.open_streams() == 0


async def test_tool_use_goes_on_with_the_result(claude: ClaudeStandIn, api: anthropic.AsyncAnthropic) -> None:
    await claude.script("I look.", {"tool_use": "fetch", "input": {"url": "https://example.com/"}}, "It says hi.")
    asked = await api.messages.create(**ASK, tools=[FETCH])
    assert asked.stop_reason == "tool_use"
    use = asked.content[1]
    assert use.type == "tool_use"
    assert (use.name, use.input) == ("mcp__web__fetch", {"url": "https://example.com/"})
    result = {"type": "tool_result", "tool_use_id": use.id, "content": "hi"}
    history = [*ASK["messages"], asked.to_param(), {"role": "user", "content": [result]}]
    async with api.messages.stream(**{**ASK, "messages": history}, tools=[FETCH]) as stream:
        assert await stream.get_final_text() == "It says hi."


async def test_tool_input_is_streamed_in_parts(claude: ClaudeStandIn, api: anthropic.AsyncAnthropic) -> None:
    await claude.script({"tool_use": "fetch", "input": {"url": "https://example.com/" + "a" * 200}})
    async with api.messages.stream(**ASK, tools=[FETCH]) as stream:
        parts = [event.partial_json async for event in stream if event.type == "input_json"]
        message = await stream.get_final_message()
    assert len(parts) > 2
    assert message.content[0].type == "tool_use"
    assert str(message.content[0].input["url"]).endswith("aaa")


async def test_forced_tool_gets_the_candidate_that_shares_words(api: anthropic.AsyncAnthropic) -> None:
    schema = {
        "type": "object",
        "properties": {
            "skill": {"type": "string", "enum": ["copywriting", "email-sequence", "none_of_these"]},
            "sure": {"type": "string", "enum": ["certain", "likely", "guess"]},
        },
        "required": ["skill", "sure"],
        "additionalProperties": False,
    }
    skills = "- copywriting: Words for web pages\n- email-sequence: Several emails that lead somewhere"

    async def choose(words: str) -> object:
        message = await api.messages.create(
            model="claude-haiku-4-5",
            max_tokens=100,
            messages=[{"role": "user", "content": f"Skills:\n{skills}\n\n<message>\n{words}\n</message>"}],
            tools=[{"name": "choose", "input_schema": schema}],
            tool_choice={"type": "tool", "name": "choose"},
        )
        assert message.stop_reason == "tool_use"
        assert message.content[0].type == "tool_use"
        return message.content[0].input

    assert await choose("some emails for new customers") == {"skill": "email-sequence", "sure": "certain"}
    assert await choose("text for two pages") == {"skill": "copywriting", "sure": "certain"}
    assert await choose("what is the capital of France") == {"skill": "none_of_these", "sure": "guess"}


class Verdict(BaseModel):
    winner: Literal["A", "B"]
    reason: str
    confidence: float
    notes: list[str]


async def test_structured_output_fits_the_schema(claude: ClaudeStandIn, api: anthropic.AsyncAnthropic) -> None:
    message = await api.messages.parse(**ASK, output_format=Verdict)
    assert isinstance(message.parsed_output, Verdict)
    await claude.script("Prose, which is passed over here")
    await claude.script(
        {"json": {"winner": "B", "reason": "Shorter", "confidence": 0.7, "notes": []}}, name="judge"
    )
    message = await api.messages.parse(**ASK, output_format=Verdict)
    assert message.parsed_output == Verdict(winner="B", reason="Shorter", confidence=0.7, notes=[])


async def test_server_side_search_with_citations(claude: ClaudeStandIn, api: anthropic.AsyncAnthropic) -> None:
    hit = {"title": "Prices", "url": "https://example.com/prices", "text": "It costs 5."}
    await claude.script({"web_search": "price of it", "results": [hit]}, "It costs five.")
    search: WebSearchTool20250305Param = {"type": "web_search_20250305", "name": "web_search", "max_uses": 2}
    async with api.messages.stream(**ASK, tools=[search]) as stream:
        message = await stream.get_final_message()
    assert [block.type for block in message.content] == ["server_tool_use", "web_search_tool_result", "text"]
    text = message.content[2]
    assert text.type == "text"
    assert text.citations
    assert text.citations[0].type == "web_search_result_location"
    assert text.citations[0].url == "https://example.com/prices"
    assert message.usage.server_tool_use
    assert message.usage.server_tool_use.web_search_requests == 1


async def test_limits_are_kept(claude: ClaudeStandIn, api: anthropic.AsyncAnthropic) -> None:
    await claude.script("abcdefghi")
    message = await api.messages.create(**{**ASK, "max_tokens": 2})
    assert (message.stop_reason, message.content[0]) == (
        "max_tokens",
        TextBlock(type="text", text="abcdef"),
    )
    message = await api.messages.create(**ASK, stop_sequences=["ef"])
    assert (message.stop_reason, message.stop_sequence) == ("stop_sequence", "ef")
    assert message.content[0].type == "text"
    assert message.content[0].text == "abcd"


async def test_refusal(claude: ClaudeStandIn, api: anthropic.AsyncAnthropic) -> None:
    await claude.script({"refusal": "I", "category": "bio"})
    message = await api.messages.create(**ASK)
    assert message.stop_reason == "refusal"
    assert message.stop_details
    assert message.stop_details.category == "bio"
    async with api.messages.stream(**ASK) as stream:
        assert (await stream.get_final_message()).stop_reason == "refusal"


async def test_keys(url: str, claude: ClaudeStandIn) -> None:
    async with anthropic.AsyncAnthropic(api_key=WRONG_KEY, base_url=url, max_retries=0) as api:
        with pytest.raises(anthropic.AuthenticationError) as caught:
            await api.messages.create(**ASK)
    assert caught.value.type == "authentication_error"
    async with httpx2.AsyncClient(base_url=url) as http:
        assert (await http.post("/v1/messages", json=ASK)).status_code == 401
        assert (await http.head("/")).status_code == 200
        assert (await http.get("/v2/nowhere", headers={"x-api-key": "k"})).json()["error"][
            "type"
        ] == "not_found_error"
    assert (await claude.requests())[0].answered_by is None


async def test_models_and_token_counts(api: anthropic.AsyncAnthropic) -> None:
    models = [model.id async for model in api.models.list()]
    assert {"claude-sonnet-5", "claude-haiku-4-5"} <= set(models)
    assert (await api.models.retrieve("claude-haiku-4-5-20251001")).id == "claude-haiku-4-5"
    with pytest.raises(anthropic.NotFoundError):
        await api.models.retrieve("gpt-5")
    counted = await api.messages.count_tokens(model=MODEL, messages=ASK["messages"], system="abc")
    assert counted.input_tokens == 3
