"""The path through docs/api.md works as it is written."""

import asyncio
import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

import aiohttp
import pytest

from local.claude.client import ClaudeStandIn
from local.harness import Process, Stack
from local.telegram.client import Person
from tests.conftest import ROOT
from tests.forks import Fork

GUIDE = (ROOT / "docs" / "api.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture(scope="module")
async def surroundings(stack: Stack) -> Mapping[str, str]:
    """What the guide's reader has after its first step: an address and a key."""
    made = await Process.start(
        "accounts",
        *("core.accounts", "admin", "--name", "You", "--email", "you@example.com"),
        environment=stack.environment,
        start=Fork.start,
    )
    assert await made.ended() == 0, made.lines
    key = made.lines[0]
    web = await stack.start_web(LOG_LEVEL="INFO")
    port = re.search(r"port=(\d+)", re.sub(r"\x1b\[[0-9;]*m", "", await web.line("web_started")))
    assert port is not None
    return {"API": f"http://127.0.0.1:{port[1]}/api/v1", "KEY": key, "PATH": os.environ["PATH"]}


async def test_a_run_of_a_program_is_shown_in_the_chat_of_its_owner(
    surroundings: Mapping[str, str], stranger: Person, claude: ClaudeStandIn
) -> None:
    await stranger.send(f"/link {surroundings['KEY']}")
    await stranger.wait_for(lambda message: "Linked" in message.text, timeout=20)
    await claude.script("<output>\n# The lantern page\n\nWords.\n</output>", user="the lantern variant")
    headers = {"Authorization": f"Bearer {surroundings['KEY']}"}
    ask = {
        "skill_id": "copywriting",
        "user_message": "Write homepage copy for Yaz Automate, the lantern variant",
        "notify": "telegram",
    }
    async with aiohttp.ClientSession(headers=headers) as session:
        async with session.post(f"{surroundings['API']}/runs", json=ask) as answer:
            started = await answer.json()
            assert answer.status == 202, started
        ready = await stranger.wait_for(lambda message: "is ready!" in message.text, timeout=30)
        assert ready.text.startswith("✓ Homepage copy for Yaz Automate is ready!")
        async with session.get(f"{surroundings['API']}/runs/{started['run_id']}") as answer:
            assert (await answer.json())["outputs"][0]["title"] == "The lantern page"


async def ran(*command: str, environment: Mapping[str, str], folder: Path) -> str:
    process = await asyncio.create_subprocess_exec(
        *command,
        env=environment,
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode == 0, said.decode()
    return said.decode()


async def test_the_curl_lines_work_as_they_stand(surroundings: Mapping[str, str], tmp_path: Path) -> None:
    script = "set -euo pipefail\n" + "".join(blocks("bash")[1:])
    said = await ran("bash", "-c", script, environment=surroundings, folder=tmp_path)
    assert "event: completed" in said
    assert (tmp_path / "page.docx").read_bytes().startswith(b"PK")
    assert '"overall_score":4' in said
    assert '"path":"brand/voice.md"' in said
    assert "request_id" not in said  # which every problem has, and nothing else


async def test_the_python_client_works_as_it_stands(surroundings: Mapping[str, str], tmp_path: Path) -> None:
    (program,) = blocks("python")
    said = await ran(sys.executable, "-c", program, environment=surroundings, folder=tmp_path)
    assert "completed" in said
    assert "\n# " in said
