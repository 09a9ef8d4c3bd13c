"""Schemathesis reads the document and sends what fits it and what does not: no 5xx, nothing undescribed.

Source: https://schemathesis.readthedocs.io
"""

import asyncio
import sys
from pathlib import Path

import pytest

from bot.http.keys import FRAME
from tests.bot.http.conftest import Api, Caller

KEYS = ("list_keys", "create_key", "rotate_key", "revoke_key")


async def schemathesis(caller: Caller, folder: Path, *arguments: str) -> tuple[int, str]:
    """Run it against the test server; its exit status and what it said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "run", str(caller.client.make_url("/api/v1/openapi.json"))),
        *("--header", f"Authorization: Bearer {caller.key}", "--no-color", "--output-sanitize", "true"),
        *("--mode", "all", "--suppress-health-check", "all", "--generation-database", "none", "--seed", "7"),
        *("--exclude-checks", "positive_data_acceptance"),  # what fits the form may still be refused for its sense
        *arguments,
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode()


@pytest.mark.long
@pytest.mark.timeout(120)
async def test_no_request_gets_an_answer_that_is_not_described(api: Api, tmp_path: Path) -> None:
    ada = await api.user("Ada", role="admin")  # to whom no route is closed
    assert api.client.app is not None
    api.client.app[FRAME].news.close()  # streams end at once
    await ada.post("/clients", {"name": "Harbor Lane"})
    others = (argument for name in KEYS for argument in ("--exclude-operation-id", name))
    status, said = await schemathesis(ada, tmp_path, "-n", "6", "--continue-on-failure", *others)
    assert status == 0, said
    assert (await ada.get("/skills"))["data"]


@pytest.mark.long
async def test_keys_alone_since_one_may_revoke_itself(maya: Caller, tmp_path: Path) -> None:
    these = (argument for name in KEYS for argument in ("--include-operation-id", name))
    status, said = await schemathesis(maya, tmp_path, "-n", "6", *these)
    assert status == 0, said
