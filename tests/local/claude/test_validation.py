"""What the real API refuses. Each case is a valid request with one thing wrong."""

import copy
from collections.abc import Iterator
from typing import Any

import anthropic
import httpx2
import pytest

from local.claude.caching import PromptCache
from local.claude.call import Call
from local.claude.client import ClaudeStandIn
from local.claude.errors import ApiError
from local.claude.playing import ScriptBook
from local.claude.responder import Responder
from local.claude.validation import check

USER = {"role": "user", "content": "Hello"}
VALID: dict[str, Any] = {"model": "claude-sonnet-5", "max_tokens": 100, "messages": [USER]}
TOOL = {"name": "fetch", "input_schema": {"type": "object"}}
MARK = {"type": "ephemeral"}
USE = {"role": "assistant", "content": [{"type": "tool_use", "id": "toolu_1", "name": "fetch", "input": {}}]}
RESULT = {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "hi"}]}
REMINDER = {"role": "system", "content": "Be brief"}


def marked(text: str, ttl: str = "5m") -> dict[str, Any]:
    return {"type": "text", "text": text, "cache_control": {**MARK, "ttl": ttl}}


def form(**schema: Any) -> dict[str, Any]:
    return {"format": {"type": "json_schema", "schema": {"type": "object", **schema}}}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"max_token": 5}, "max_token: Extra inputs are not permitted"),
        ({"context_management": {}}, "context_management: Extra inputs"),
        ({"max_tokens": None}, "max_tokens: Input should be a valid integer"),
        ({"max_tokens": 10**6}, "max_tokens: 1000000 > 128000"),
        ({"messages": []}, "at least one message is required"),
        ({"messages": [{"role": "user", "content": ""}]}, "non-empty content"),
        ({"messages": [{"role": "user", "content": [{"type": "text", "text": " "}]}]}, "non-whitespace"),
        ({"messages": [{**USER, "name": "x"}]}, "messages.0.name: Extra inputs"),
        ({"messages": [{"role": "bot", "content": "x"}]}, "messages.0.role"),
        ({"messages": [REMINDER, USER]}, 'first message must use the "user" role'),
        (
            {"messages": [USER, {"role": "assistant", "content": "So"}]},
            "does not support assistant message prefill",
        ),
        ({"messages": [USER, USE, USER]}, "without `tool_result` blocks immediately after: toolu_1"),
        ({"messages": [RESULT]}, "unexpected `tool_use_id`"),
        ({"messages": [{"role": "user", "content": [{"type": "txt"}]}]}, "does not match any of the expected tags"),
        ({"system": [{"type": "image"}]}, "system.0.type"),
        ({"system": [marked(str(n)) for n in range(5)]}, "maximum of 4 blocks with cache_control may be provided"),
        ({"system": [marked("a"), marked("b", "1h")]}, "must not come after"),
        ({"temperature": 0.2}, "temperature: claude-sonnet-5 accepts only the default"),
        ({"top_p": 0.9}, "top_p"),
        ({"top_k": 5}, "top_k"),
        ({"tools": [{"name": "a b", "input_schema": {"type": "object"}}]}, "should match pattern"),
        ({"tools": [TOOL, TOOL]}, "Tool names must be unique"),
        ({"tools": [{"name": "fetch"}]}, "input_schema: Field required"),
        ({"tools": [{**TOOL, "parameters": {}}]}, "tools.0.custom.parameters: Extra inputs"),
        ({"tool_choice": {"type": "any"}}, "only be specified while providing tools"),
        ({"tools": [TOOL], "tool_choice": {"type": "tool", "name": "x"}}, "not found in provided tools"),
        (
            {"tools": [TOOL], "tool_choice": {"type": "any"}, "thinking": {"type": "adaptive"}},
            "Thinking may not be",
        ),
        ({"thinking": {"type": "enabled", "budget_tokens": 10}}, "greater than or equal to 1024"),
        ({"output_config": {"effort": "huge"}}, "output_config.effort"),
        ({"output_config": form()}, "'additionalProperties' must be explicitly set to false"),
        (
            {
                "output_config": form(
                    additionalProperties=False, properties={"n": {"type": "integer", "minimum": 1}}
                )
            },
            "property 'minimum' is not supported",
        ),
    ],
)
def test_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ApiError, match=message.replace("(", r"\(")) as caught:
        check({**VALID, **changes})
    assert caught.value.status == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"messages": [USER, USER]},
        {"messages": [USER, REMINDER]},
        {"messages": [USER, USE, RESULT, REMINDER]},
        {"temperature": 1},
        {"model": "claude-haiku-4-5", "temperature": 0, "messages": [USER, {"role": "assistant", "content": "So"}]},
        {"system": [marked("a", "1h"), marked("b"), marked("c")], "cache_control": MARK},
        {"thinking": {"type": "adaptive", "display": "updates"}, "output_config": {"effort": "high"}},
        {"tools": [TOOL, {"type": "web_search_20250305", "name": "web_search"}], "tool_choice": {"type": "any"}},
        {"stop_sequences": ["</output>"], "metadata": {"user_id": "u"}, "service_tier": "auto"},
    ],
)
def test_accepted(changes: dict[str, Any]) -> None:
    check({**VALID, **changes})


def test_beta_fields_need_their_header() -> None:
    check({**VALID, "context_management": {"edits": []}}, "context-management-2025-06-27")


async def test_refusals_over_http(api: anthropic.AsyncAnthropic, claude: ClaudeStandIn) -> None:
    with pytest.raises(anthropic.BadRequestError, match="Extra inputs are not permitted"):
        await api.messages.create(**VALID, extra_body={"nonsense": 1})
    with pytest.raises(anthropic.NotFoundError, match="model: llama"):
        await api.messages.create(**{**VALID, "model": "llama"})
    async with httpx2.AsyncClient(base_url=claude.url, headers={"x-api-key": "k"}) as http:
        answer = await http.post("/v1/messages", json=VALID)
        assert answer.json()["error"]["message"] == "anthropic-version: header is required"
        answer = await http.post("/v1/messages", content=b"{", headers={"anthropic-version": "2023-06-01"})
        assert "not valid JSON" in answer.json()["error"]["message"]
        del VALID["max_tokens"]
        try:
            answer = await http.post("/v1/messages", json=VALID, headers={"anthropic-version": "2023-06-01"})
        finally:
            VALID["max_tokens"] = 100
        assert answer.json()["error"]["message"] == "max_tokens: Field required"


MISSHAPEN: tuple[Any, ...] = (None, 0, "x", [], {}, [1], [{}], {"type": "x"}, True)


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield (*path, key)
        yield from places(inner, (*path, key))


@pytest.mark.parametrize("junk", MISSHAPEN, ids=str)
def test_whatever_is_misshapen_is_refused_or_answered(junk: Any) -> None:
    history = [USER, USE, RESULT, REMINDER]
    whole = {
        **VALID,
        "system": [marked("a")],
        "messages": history,
        "tools": [TOOL],
        "output_config": form(additionalProperties=False, properties={"n": {"anyOf": [{"type": "string"}]}}),
        "tool_choice": {"type": "auto"},
    }
    for path in places(whole):
        body = copy.deepcopy(whole)
        holder: Any = body
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = junk
        try:
            check(body)
        except ApiError:
            continue
        call = Call(body)
        turn, _ = Responder(ScriptBook(), pace=0).answer(call)
        assert turn.content() or not body["max_tokens"]
        assert PromptCache().charge(call).fresh
