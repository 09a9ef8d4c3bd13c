"""Updates by webhook, over several web processes: none is lost, and each chat is answered in order."""

import asyncio
import shutil
import tempfile
from pathlib import Path

from local.claude.client import ClaudeStandIn
from local.harness import open_stack
from local.telegram.client import Telegram
from tests.conftest import Servers
from tests.forks import Fork

PIECE = "<output>\n# A page\n\nThe words of the page.\n</output>"


async def test_the_road_by_webhook_with_two_web_processes_and_a_line_that_moves(servers: Servers) -> None:
    folder = Path(tempfile.mkdtemp(prefix="marketing-agent-webhook-"))
    stack = await open_stack(
        servers.environment(servers.fresh_database(), redis_number=6), folder, start=Fork.start
    )
    claude = ClaudeStandIn(stack.claude_url)
    try:
        async with Telegram(stack.telegram_url) as telegram:
            await asyncio.gather(stack.start_web(webhook=True), stack.start_web(webhook=True))
            maya = await telegram.person("maya")
            await maya.start()
            await maya.wait_for(lambda m: "Welcome" in m.text, timeout=20)

            for number in range(5):
                await maya.send(f"/nonsense{number}")
            await maya.wait_for(lambda m: "/nonsense4" in m.text, timeout=20)
            answers = [m.text.split()[4] for m in await maya.messages() if "I do not know" in m.text]
            assert answers == [f"/nonsense{number}." for number in range(5)]

            await claude.script(PIECE, user="homepage")
            await maya.send("Write homepage copy for Yaz Automate, the first")
            await maya.wait_for(lambda m: m.labels == ["Stop"], timeout=20)
            await maya.send("Write homepage copy for Yaz Automate, the second")
            second = await maya.wait_for(lambda m: "One piece is ahead of yours" in m.text, timeout=20)
            await stack.start_worker()
            ready = await maya.wait_for(lambda m: m.id == second.id and "is ready!" in m.text, timeout=40)
            assert ready.id == second.id
    finally:
        await stack.close()
        shutil.rmtree(folder, ignore_errors=True)
