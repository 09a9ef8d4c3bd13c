"""`python -m local.claude` as a process."""

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import aiohttp

from local.claude.client import ClaudeStandIn

COMMAND = [sys.executable, "-m", "local.claude"]
ASK = {"model": "claude-sonnet-5", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}], "stream": True}
HEADERS = {"authorization": "Bearer k", "anthropic-version": "2023-06-01"}


async def test_it_says_where_it_listens_and_ends_in_the_middle_of_a_stream(tmp_path: Path) -> None:
    scripts = tmp_path / "scripts.yaml"
    scripts.write_text("- {name: endless, steps: [{text: So}, {hang: true}]}")
    process = await asyncio.create_subprocess_exec(*COMMAND, "--scripts", str(scripts), stdout=subprocess.PIPE)
    try:
        assert process.stdout
        line = (await process.stdout.readline()).decode().strip()
        assert line.startswith("Claude stand-in listens on http://127.0.0.1:")
        claude = ClaudeStandIn(line.split()[-1])
        url = f"{claude.url}/v1/messages"
        async with aiohttp.ClientSession(headers=HEADERS) as http, http.post(url, json=ASK) as response:
            assert b"message_start" in await response.content.readline()
            await claude.reset()  # leaves the scripts of files in force
            assert await claude.open_streams() == 1
            process.send_signal(signal.SIGTERM)
            async with asyncio.timeout(5):
                assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def test_it_explains_scripts_that_it_cannot_read(tmp_path: Path) -> None:
    scripts = tmp_path / "scripts.yaml"
    scripts.write_text("- steps: [{text: ''}]")
    process = await asyncio.create_subprocess_exec(*COMMAND, "--scripts", str(scripts), stderr=subprocess.PIPE)
    _, errors = await process.communicate()
    assert process.returncode == 1
    assert f"{scripts}: 0.steps.0.text.text: String should have at least 1 character" in errors.decode()
