"""One request to `/v1/messages`, read the way that scripts, the cache and the sample need it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from local.claude.models import Model, find

JSON = dict[str, Any]

REMINDER = re.compile(r"<system-reminder>.*?</system-reminder>\s*", re.DOTALL)
"""What the CLI adds to a person's words on its own account."""


def blocks(content: str | list[JSON]) -> list[JSON]:
    """Return content as blocks: a string is shorthand for one text block."""
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def texts(content: str | list[JSON]) -> Iterator[str]:
    """Yield every text in content, those inside tool results too."""
    for block in blocks(content):
        if block.get("type") == "text":
            yield block["text"]
        elif block.get("type") == "tool_result":
            yield from texts(block.get("content") or [])


@dataclass(frozen=True)
class Call:
    """A valid request: `body` as sent, `account` whose cache it may use."""

    body: JSON
    account: str = ""

    @cached_property
    def model(self) -> Model:
        """The model asked for."""
        return find(self.body["model"])

    @cached_property
    def system(self) -> str:
        """The system prompt, without the CLI's own header line."""
        return "\n\n".join(part for part in texts(self.body.get("system") or "") if not is_attribution(part))

    @cached_property
    def user(self) -> str:
        """What the person said last: the newest user message that holds text of its own."""
        for message in reversed(self.body["messages"]):
            if message["role"] == "user":
                own = [block for block in blocks(message["content"]) if block.get("type") == "text"]
                text = "\n\n".join(REMINDER.sub("", block["text"]) for block in own).strip()
                if text:
                    return text
        return ""

    @cached_property
    def everything(self) -> str:
        """Every text in the request: system prompt, all messages, tool results."""
        spoken = (text for message in self.body["messages"] for text in texts(message["content"]))
        return "\n\n".join((self.system, *spoken))

    @cached_property
    def tools(self) -> list[JSON]:
        """The tools offered."""
        return list(self.body.get("tools") or [])

    @cached_property
    def tool_results(self) -> list[JSON]:
        """The results that the newest user turn brings back; empty when it is not an answer to a tool use."""
        for message in reversed(self.body["messages"]):
            if message["role"] != "system":
                content = blocks(message["content"]) if message["role"] == "user" else []
                return [block for block in content if block.get("type") == "tool_result"]
        return []

    @cached_property
    def used_tools(self) -> bool:
        """Whether any tool was used earlier in this conversation."""
        return any(
            block.get("type") == "tool_result"
            for message in self.body["messages"]
            for block in blocks(message["content"])
        )

    @cached_property
    def forced_tool(self) -> JSON | None:
        """The tool that `tool_choice` demands; with `any` the first one."""
        choice = self.body.get("tool_choice") or {}
        if choice.get("type") == "any":
            return self.tools[0]
        return self.tool(choice["name"]) if choice.get("type") == "tool" else None

    @cached_property
    def schema(self) -> JSON | None:
        """The JSON schema that the answer's text has to fit (structured outputs), if any."""
        config = self.body.get("output_config") or {}
        form = config.get("format") or self.body.get("output_format") or {}
        return form.get("schema")

    @property
    def formed(self) -> bool:
        """Whether the answer's form is dictated, so that prose would be wrong."""
        return self.schema is not None or self.forced_tool is not None

    def tool(self, name: str) -> JSON | None:
        """Return the tool offered under that name; `fetch` also finds `mcp__web__fetch`."""
        exact = next((tool for tool in self.tools if tool["name"] == name), None)
        return exact or next((tool for tool in self.tools if tool["name"].endswith(f"__{name}")), None)


def is_server_search(tool: JSON | None) -> bool:
    """Whether this is the web search that runs at the model provider."""
    return tool is not None and str(tool.get("type", "")).startswith("web_search_")


def is_attribution(text: str) -> bool:
    """Whether a system block is the CLI's attribution line: it changes with the prompt and is no prompt itself."""
    return text.startswith("x-anthropic-billing-header:")
