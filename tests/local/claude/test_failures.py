"""What goes wrong, goes wrong as it does at the real API."""

import asyncio
import time
from typing import Any

import anthropic
import httpx2
import pytest

from local.claude.client import ClaudeStandIn

ASK: dict[str, Any] = {
    "model": "claude-sonnet-5",
    "max_tokens": 100,
    "messages": [{"role": "user", "content": "Hello"}],
}


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (400, 400, "invalid_request_error"),
        (401, 401, "authentication_error"),
        ("rate_limit_error", 429, "rate_limit_error"),
        (500, 500, "api_error"),
        ("overloaded_error", 529, "overloaded_error"),
    ],
)
async def test_errors_have_the_real_shape(
    claude: ClaudeStandIn, api: anthropic.AsyncAnthropic, error: int | str, status: int, kind: str
) -> None:
    await claude.script({"error": error, "message": "Too bad", "retry_after": 7})
    with pytest.raises(anthropic.APIStatusError) as caught:
        await api.messages.create(**ASK)
    assert (caught.value.status_code, caught.value.type, caught.value.api_message) == (status, kind, "Too bad")
    assert caught.value.response.headers["retry-after"] == "7"
    assert caught.value.response.json()["request_id"] == caught.value.request_id


async def test_script_gives_way_after_its_times(claude: ClaudeStandIn, api: anthropic.AsyncAnthropic) -> None:
    await claude.script({"error": 529, "headers": {"retry-after-ms": "1"}}, times=2)
    await claude.script("At last")
    message = await api.with_options(max_retries=2).messages.create(**ASK)
    assert message.content[0].type == "text"
    assert message.content[0].text == "At last"
    assert [request.status for request in await claude.requests()] == [529, 529, 200]


async def read(api: anthropic.AsyncAnthropic, seen: list[str]) -> None:
    async with api.messages.stream(**ASK) as stream:
        async for text in stream.text_stream:
            seen.append(text)  # noqa: PERF401 - what came before a failure is to be kept


async def test_error_within_a_stream(claude: ClaudeStandIn, api: anthropic.AsyncAnthropic) -> None:
    await claude.script("So far", {"error": "overloaded_error"})
    seen: list[str] = []
    with pytest.raises(anthropic.APIStatusError) as caught:
        await read(api, seen)
    assert caught.value.type == "overloaded_error"
    assert caught.value.status_code == 200
    assert seen == ["So far"]


async def test_cut_stream(claude: ClaudeStandIn, api: anthropic.AsyncAnthropic) -> None:
    await claude.script({"text": "abcdefghij", "chunk": 2, "cut_after": 5})
    seen: list[str] = []
    with pytest.raises(httpx2.RemoteProtocolError):
        await read(api, seen)
    assert seen == ["ab", "cd", "e"]
    request = await claude.wait_for_request(lambda request: request.ended)
    assert not request.client_closed


async def test_cut_before_the_first_byte(claude: ClaudeStandIn, api: anthropic.AsyncAnthropic) -> None:
    await claude.script({"cut": True})
    with pytest.raises(anthropic.APIConnectionError):
        await api.messages.create(**ASK)
    with pytest.raises(anthropic.APIConnectionError):
        await api.messages.create(**ASK, stream=True)


async def test_hang_shows_that_the_client_left(claude: ClaudeStandIn, api: anthropic.AsyncAnthropic) -> None:
    await claude.script({"hang": True})
    asking = asyncio.create_task(api.messages.create(**ASK))
    await claude.wait_for_request()
    asking.cancel()
    request = await claude.wait_for_request(lambda request: request.ended)
    assert request.client_closed


async def test_delay_and_duration_take_their_time(claude: ClaudeStandIn, api: anthropic.AsyncAnthropic) -> None:
    await claude.script({"delay": 0.2}, {"text": "x" * 100, "duration": 0.4})
    start = time.monotonic()
    async with api.messages.stream(**ASK) as stream:
        begun = time.monotonic() - start
        chunks = [text async for text in stream.text_stream]
    took = time.monotonic() - start
    assert begun >= 0.2
    assert 0.6 <= took < 1.6
    assert len(chunks) == 4


async def test_conditions(claude: ClaudeStandIn, api: anthropic.AsyncAnthropic) -> None:
    await claude.script("haiku", model="haiku")
    await claude.script("second", user="hello", nth=2)
    await claude.script("system", system="/^be (brief|kind)$/")
    await claude.script("tools", tools=["fetch"])
    await claude.script("anywhere", body="needle")

    async def answer(**changes: Any) -> str:
        message = await api.messages.create(**{**ASK, **changes})
        return message.content[0].text if message.content[0].type == "text" else ""

    tool = {"name": "mcp__web__fetch", "input_schema": {"type": "object"}}
    assert await answer(model="claude-haiku-4-5") == "haiku"
    assert "Sample" in await answer()
    assert await answer() == "second"
    assert await answer(system="Be kind") == "system"
    assert await answer(tools=[tool]) == "tools"
    assert await answer(system=[{"type": "text", "text": "a needle in it"}]) == "anywhere"


async def test_scripts_that_cannot_be_read_are_explained(claude: ClaudeStandIn) -> None:
    with pytest.raises(ValueError, match="a step starts with one of"):
        await claude.script({"txt": "misspelt"})
    with pytest.raises(ValueError, match="not a regular expression"):
        await claude.script("x", user="/(/")
    with pytest.raises(ValueError, match="unknown error"):
        await claude.script({"error": "overload"})
    with pytest.raises(ValueError, match="end a script"):
        await claude.load("- steps: [{cut: true}, {text: more}]")


async def test_tool_that_is_not_offered(claude: ClaudeStandIn, api: anthropic.AsyncAnthropic) -> None:
    await claude.script({"tool_use": "fetch"})
    with pytest.raises(anthropic.BadRequestError, match="offered: none"):
        await api.messages.create(**ASK)


async def test_waiting_in_vain_ends(claude: ClaudeStandIn) -> None:
    with pytest.raises(TimeoutError):
        await claude.wait_for_request(timeout=0.1)
