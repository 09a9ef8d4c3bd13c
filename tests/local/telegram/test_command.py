"""`python -m local.telegram`, as the local stack starts it; and that being killed loses nothing."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from local.telegram.client import Telegram
from tests.local.telegram.conftest import TOKEN


@asynccontextmanager
async def started(data: Path, *, token: str = TOKEN) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "local.telegram", "--port", "0", "--data", str(data), "--token", token,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        line = (await process.stdout.readline()).decode()
        yield process, line.rpartition(" ")[2].strip()
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_what_was_accepted_survives_a_kill(tmp_path: Path) -> None:
    async with started(tmp_path) as (process, url), Telegram(url) as telegram:
        maya = await telegram.person("maya")
        said = [(await maya.send(str(n))).text for n in range(20)]
        process.kill()
        await process.wait()
    async with started(tmp_path) as (process, url), Telegram(url) as telegram:
        maya = await telegram.person("maya")
        assert [message.text for message in await maya.messages()] == said
        assert len(await telegram.admin.pending_updates()) == len(said)
        process.terminate()
        assert await process.wait() == 0


async def test_a_token_that_is_none_is_wrong_usage(tmp_path: Path) -> None:
    async with started(tmp_path, token="nonsense") as (process, url):
        assert url == ""
        assert await process.wait() == 2
