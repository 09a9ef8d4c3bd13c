"""The real CLI inside `claude-agent-sdk` against the stand-in. Each test starts it once (about 0.4 s)."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from claude_agent_sdk import (
    AssistantMessage,
    ClaudeAgentOptions,
    ClaudeSDKClient,
    Message,
    ResultMessage,
    StreamEvent,
    TextBlock,
    ToolUseBlock,
    UserMessage,
    create_sdk_mcp_server,
    query,
    tool,
)

from local.claude.client import ClaudeStandIn

Options = Callable[..., ClaudeAgentOptions]
SKILL = "# Skill: Competitor research\n\nFind out.\n\n# Client: Yaz Automate"


@pytest.fixture
def options(claude: ClaudeStandIn, tmp_path: Path) -> Options:
    """Options for a run of its own that knows nothing of this machine."""
    folder = tmp_path / "run"
    folder.mkdir()
    environment = {
        "ANTHROPIC_BASE_URL": claude.url,
        "ANTHROPIC_API_KEY": "sk-ant-test",
        "CLAUDE_CONFIG_DIR": str(tmp_path / "config"),
        "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    }

    def build(**more: Any) -> ClaudeAgentOptions:
        settings: dict[str, Any] = {
            "tools": [],
            "system_prompt": SKILL,
            "model": "claude-sonnet-5",
            "cwd": folder,
            "env": environment,
            "setting_sources": [],
            "strict_mcp_config": True,
            "verbatim_prompts": True,
            "permission_mode": "dontAsk",
            "max_turns": 6,
        }
        return ClaudeAgentOptions(**{**settings, **more})

    return build


async def collect(messages: AsyncIterator[Message]) -> list[Message]:
    return [message async for message in messages]


def said(messages: list[Message]) -> str:
    blocks = (block for m in messages if isinstance(m, AssistantMessage) for block in m.content)
    return "\n".join(block.text for block in blocks if isinstance(block, TextBlock))


def used(messages: list[Message]) -> list[str]:
    blocks = (block for m in messages if isinstance(m, AssistantMessage) for block in m.content)
    return [block.name for block in blocks if isinstance(block, ToolUseBlock)]


def result(messages: list[Message]) -> ResultMessage:
    assert isinstance(messages[-1], ResultMessage)
    return messages[-1]


async def test_text_as_it_grows(claude: ClaudeStandIn, options: Options) -> None:
    await claude.script({"thinking": "Hm."}, {"text": "Hello from here", "chunk": 6})
    async with ClaudeSDKClient(options(include_partial_messages=True)) as client:
        await client.query("Say hello")
        messages = await collect(client.receive_response())
    assert said(messages) == "Hello from here"
    deltas = [m.event.get("delta", {}).get("text") for m in messages if isinstance(m, StreamEvent)]
    assert [text for text in deltas if text] == ["Hello ", "from h", "ere"]
    assert result(messages).subtype == "success"
    [request] = [request for request in await claude.requests() if request.method == "POST"]
    assert request.path == "/v1/messages?beta=true"
    assert request.call.system.endswith(SKILL)
    assert request.call.user == "Say hello"
    usage = result(messages).usage or {}
    assert usage["output_tokens"] == (request.usage or {})["output_tokens"]


async def test_tool_in_this_process(claude: ClaudeStandIn, options: Options) -> None:
    @tool("fetch", "Reads a page", {"url": str})
    async def fetch(arguments: dict[str, Any]) -> dict[str, Any]:
        return {"content": [{"type": "text", "text": f"The page {arguments['url']} says hi."}]}

    await claude.script({"tool_use": "fetch", "input": {"url": "https://example.com/"}}, "It says hi.")
    server = create_sdk_mcp_server("web", tools=[fetch])
    run = options(mcp_servers={"web": server}, allowed_tools=["mcp__web__fetch"])
    messages = await collect(query(prompt="Look there", options=run))
    assert used(messages) == ["mcp__web__fetch"]
    assert said(messages) == "It says hi."
    last = (await claude.requests())[-1]
    assert "The page https://example.com/ says hi." in last.call.everything


async def test_web_search(claude: ClaudeStandIn, options: Options) -> None:
    hit = {"title": "Prices of it", "url": "https://example.com/prices", "text": "It costs 5."}
    await claude.script({"web_search": "price", "results": [hit]}, "It costs five.", user="Perform a web search")
    await claude.script({"tool_use": "WebSearch", "input": {"query": "price of it"}}, "Done.")
    run = options(tools=["WebSearch"], allowed_tools=["WebSearch"])
    messages = await collect(query(prompt="What does it cost?", options=run))
    assert used(messages) == ["WebSearch"]
    assert said(messages) == "Done."
    results = [str(m.content) for m in messages if isinstance(m, UserMessage)]
    assert "https://example.com/prices" in results[0]
    assert "It costs five." in results[0]
    assert result(messages).num_turns == 2


async def test_overload_is_survived(claude: ClaudeStandIn, options: Options) -> None:
    await claude.script({"error": 529}, times=1)
    await claude.script("Here I am")
    messages = await collect(query(prompt="Hello", options=options()))
    assert said(messages) == "Here I am"
    assert [request.status for request in await claude.requests() if request.method == "POST"] == [529, 200]


async def test_sample_searches_first_and_uses_what_it_found(claude: ClaudeStandIn, options: Options) -> None:
    run = options(tools=["WebSearch"], allowed_tools=["WebSearch"])
    messages = await collect(query(prompt="<request>\nResearch competitors\n</request>", options=run))
    assert used(messages) == ["WebSearch"]
    text = said(messages)
    assert "<output>\n# Competitors for Yaz Automate\n\n*Sample from the local stand-in" in text
    assert "](https://example.com/overview)" in text
    assert [request.answered_by for request in await claude.requests()] == ["sample", "form", "sample"]


async def test_structured_output(claude: ClaudeStandIn, options: Options) -> None:
    schema = {
        "type": "object",
        "properties": {"winner": {"type": "string", "enum": ["A", "B"]}},
        "required": ["winner"],
        "additionalProperties": False,
    }
    await claude.script({"json": {"winner": "B"}})
    run = options(output_format={"type": "json_schema", "schema": schema})
    messages = await collect(query(prompt="Which?", options=run))
    assert result(messages).structured_output == {"winner": "B"}


async def test_older_models_and_every_tool_of_the_cli(claude: ClaudeStandIn, options: Options) -> None:
    await claude.script("Fine.")
    run = options(
        model="claude-haiku-4-5", tools={"type": "preset", "preset": "claude_code"}, verbatim_prompts=False
    )
    messages = await collect(query(prompt="Hello", options=run))
    assert said(messages) == "Fine."
    request = (await claude.requests())[-1]
    assert len(request.call.tools) > 5
    assert request.call.user == "Hello"
