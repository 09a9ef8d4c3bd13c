"""What an agent does before it writes: it looks around with the tools it has, so that progress can be seen."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from local.claude.call import blocks, is_server_search
from local.claude.sample.brief import Brief
from local.claude.sample.parts import NOTE
from local.claude.turn import ToolUse, new_id

FOLDER = re.compile(r"Primary working directory: (\S+)")
LISTED_FILE = re.compile(r"^- (\S+\.md)$", re.MULTILINE)
ADDRESS = re.compile(r"https?://[^\s<>\"')]+")


@dataclass(frozen=True, slots=True)
class Errand:
    """A use of a tool, and what is said before it."""

    words: str
    use: ToolUse


def next_errand(brief: Brief) -> Errand | None:
    """Return the errand that is due, None when all are done: each takes one turn."""
    done = sum(
        block.get("type") == "tool_result"
        for message in brief.call.body["messages"]
        for block in blocks(message["content"])
    )
    return next((errand for index, errand in enumerate(_errands(brief)) if index == done), None)


def _errands(brief: Brief) -> Iterator[Errand]:
    call = brief.call
    folder = FOLDER.search(call.everything)
    listed = LISTED_FILE.findall(call.system.partition("# Files of this skill")[2])
    address = ADDRESS.search(brief.request)
    searching, fetching = (
        call.tool("WebSearch"),
        call.tool("WebFetch") or call.tool("web_fetch") or call.tool("fetch"),
    )
    if folder and listed and call.tool("Read"):
        path = f"{folder[1]}/{listed[0]}"
        yield Errand(f"First I read {listed[0]}.", ToolUse("Read", {"file_path": path}, new_id("toolu")))
    if address and fetching:
        inputs = {"url": address[0]}
        yield Errand(
            "First I look at the page.", ToolUse(fetching["name"], _known(fetching, inputs), new_id("toolu"))
        )
    elif searching and not is_server_search(searching):
        inputs = {"query": " ".join(filter(None, (brief.client.name, brief.subject)))}
        yield Errand("First I search the web.", ToolUse(searching["name"], inputs, new_id("toolu")))
    if folder and call.tool("Write"):
        inputs = {"file_path": f"{folder[1]}/out/open-questions.md", "content": _questions(brief)}
        yield Errand("The open questions get a file of their own.", ToolUse("Write", inputs, new_id("toolu")))


def _questions(brief: Brief) -> str:
    asked = ("Who decides?", "What has to be true for this to work?", "What can wait?")
    return "\n".join((f"# Open questions: {brief.title}", "", f"*{NOTE}*", "", *(f"- {text}" for text in asked)))


def _known(tool: dict[str, object], inputs: dict[str, str]) -> dict[str, str]:
    """Fill what else the tool's schema asks for with a plain question."""
    schema = tool.get("input_schema")
    required = schema.get("required", []) if isinstance(schema, dict) else []
    return {**{name: "What does the page say, and to whom?" for name in required if name not in inputs}, **inputs}
