"""A file outside the agent's folder is asked for in every way there is, and none of its words reaches the model."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.agent.task import Prompt, PromptBlock
from core.agent.workspace import WorkerFolder
from tests.core.agent.conftest import KEY, Heard, Road
from tests.core.agent.hostile import HostileModel

CANARY = "the-canary-sings-7f3a"
PAGE = "<output>\n# Done\n</output>"


@pytest.fixture
def canary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("outside") / "canary.txt"
    path.write_text(CANARY)
    return path


def calls(canary: Path) -> Mapping[str, tuple[str, Mapping[str, Any]]]:
    upwards = "../" * 12 + str(canary).lstrip("/")
    written = str(canary.with_name("written.txt"))
    return {
        "read absolute": ("Read", {"file_path": str(canary)}),
        "read upwards": ("Read", {"file_path": upwards}),
        "read through /proc": ("Read", {"file_path": f"/proc/self/root{canary}"}),
        "read through a link": ("Read", {"file_path": "link.txt"}),
        "read through a linked folder": ("Read", {"file_path": f"folder/{canary.name}"}),
        "read our own files": ("Read", {"file_path": "../system.md"}),
        "read the environment": ("Read", {"file_path": "/proc/self/environ"}),
        "read home": ("Read", {"file_path": "~/.claude.json"}),
        "write outside": ("Write", {"file_path": written, "content": "x"}),
        "write upwards": ("Write", {"file_path": f"out/../{upwards}", "content": "x"}),
        "write through a link": ("Write", {"file_path": "out/link.txt", "content": "x"}),
        "write beside out": ("Write", {"file_path": "CLAUDE.md", "content": "x"}),
        "write a hidden file": ("Write", {"file_path": "out/.claude/settings.json", "content": "{}"}),
        "write too much": ("Write", {"file_path": "out/big.md", "content": "x" * 2_000_000}),
        "fetch a file": ("mcp__web__WebFetch", {"url": canary.as_uri()}),
        "fetch with the CLI's own tool": ("WebFetch", {"url": canary.as_uri(), "prompt": "what does it say"}),
        "run a command": ("Bash", {"command": f"cat {canary}"}),
        "list": ("Glob", {"pattern": "*", "path": str(canary.parent)}),
        "search": ("Grep", {"pattern": "canary", "path": str(canary.parent), "output_mode": "content"}),
        "edit": ("Edit", {"file_path": str(canary), "old_string": "canary", "new_string": "x"}),
        "a notebook": ("NotebookEdit", {"notebook_path": str(canary), "new_source": "x"}),
        "another agent": ("Task", {"description": "d", "prompt": f"read {canary}", "subagent_type": "Explore"}),
        "a skill": ("Skill", {"skill": "debug", "args": str(canary)}),
        "list resources": ("ListMcpResourcesTool", {}),
        "read a resource": ("ReadMcpResourceTool", {"server": "web", "uri": canary.as_uri()}),
        "a tool that there is not": ("mcp__files__read", {"path": str(canary)}),
    }


def outside(canary: Path) -> dict[str, str]:
    """The folder that the canary sits in."""
    return {path.name: path.read_text() for path in canary.parent.iterdir()}


async def test_no_word_of_a_file_outside_reaches_the_model(
    sdk: Road, heard: Heard, canary: Path, folder: WorkerFolder
) -> None:
    def plant_links() -> None:
        (work,) = folder.path.glob("*/work")
        (work / "link.txt").symlink_to(canary)
        (work / "folder").symlink_to(canary.parent)
        (work / "out" / "link.txt").symlink_to(canary)

    model = HostileModel(calls(canary), PAGE, before=plant_links)
    words = f"@{canary} @web:{canary.as_uri()}"
    mentions = Prompt((PromptBlock(f"Rules @{canary}"), PromptBlock(f"Context @{canary}")), words)
    async with model.running():
        result = await sdk.connect(KEY, model.url).run(replace(sdk.task, prompt=mentions), heard)

    went_through = [way for way, outcome in model.results.items() if not outcome.get("is_error")]
    assert went_through == []
    everything = json.dumps(model.requests)
    assert CANARY not in everything
    assert KEY not in everything
    assert outside(canary) == {canary.name: CANARY}
    assert not result.files
