"""`python -m bench.agent`: many runs at once by both roads, against streams that last two seconds.

The floor is the same stream read by a bare aiohttp client. The model is the stand-in, in a process of its own.
"""

import asyncio
import resource
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import aiohttp
import psutil
import uvloop
from anthropic import AsyncAnthropic

from core.agent.messages import MessagesAgent
from core.agent.sdk import SdkAgent
from core.agent.task import Agent, AgentEvent, AgentTask, Prompt, PromptBlock
from core.agent.workspace import WorkerFolder
from core.fetch.client import GuardedClient
from local.claude.client import ClaudeStandIn

SECONDS = 2.0
ROUNDS = 3
TEXT = "<output>\n# Less typing\n\n" + "Your back office, without the typing. " * 40 + "\n</output>"
TASK = AgentTask(
    run_id=uuid4(),
    prompt=Prompt((PromptBlock("# Skill\n\n" + "Say it once. " * 2000), PromptBlock("Client. " * 1000)), "Write."),
    model="claude-sonnet-5",
    max_usd=Decimal(5),
)
WITH_TOOLS = replace(TASK, tools=("Read", "WebSearch"), max_turns=3)


async def nothing(_: AgentEvent) -> None:
    """Nobody listens."""


async def measured(label: str, number: int, once: Callable[[], Awaitable[object]]) -> None:
    """Do it so many times at once: in one round for the memory, which costs time to read, then for the clock."""
    memory = await _peak_memory(asyncio.gather(*(once() for _ in range(number))))
    walls, cpus = [], []
    for _ in range(ROUNDS):
        begin, cpu = time.perf_counter(), _cpu_seconds()
        await asyncio.gather(*(once() for _ in range(number)))
        walls.append(time.perf_counter() - begin)
        cpus.append((_cpu_seconds() - cpu) / number)
    print(
        f"{label:24} {number:2} at once: {statistics.median(walls):5.2f} s, "
        f"{statistics.median(cpus) * 1000:6.1f} ms of CPU each, {memory / 2**20:5.0f} MB"
    )


def _cpu_seconds() -> float:
    """Of this process and of its children that have ended."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


async def _peak_memory(runs: "asyncio.Future[list[object]]") -> int:
    """The most that this process and its children held, in bytes, looked at now and then."""
    peak, me = 0, psutil.Process()
    while not runs.done():
        await asyncio.wait([runs], timeout=0.3)
        peak = max(peak, sum(map(_memory, [me, *me.children(recursive=True)])))
    await runs
    return peak


def _memory(process: psutil.Process) -> int:
    """Of memory that is shared, each counts its part."""
    try:
        facts = process.memory_full_info()
    except psutil.Error:
        return 0
    return getattr(facts, "pss", facts.uss)


async def main() -> None:
    """Start the stand-in, measure, print."""
    server = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "local.claude"), stdout=asyncio.subprocess.PIPE, start_new_session=True
    )
    assert server.stdout
    url = (await server.stdout.readline()).decode().split()[-1]
    try:
        await ClaudeStandIn(url).script({"text": TEXT, "duration": SECONDS, "chunk": 15})
        await compare(url)
    finally:
        server.terminate()
        await server.wait()


async def compare(url: str) -> None:
    """The floor, then both roads."""
    body = {
        "model": TASK.model,
        "max_tokens": 16_000,
        "stream": True,
        "system": [{"type": "text", "text": block.text} for block in TASK.prompt.system],
        "messages": [{"role": "user", "content": TASK.prompt.user}],
    }
    headers = {"x-api-key": "sk", "anthropic-version": "2023-06-01"}
    connector = aiohttp.TCPConnector(limit=0)
    with TemporaryDirectory() as base:
        async with (
            aiohttp.ClientSession(url, connector=connector, headers=headers) as session,
            AsyncAnthropic(api_key="sk", base_url=url, max_retries=0) as client,
        ):

            async def bare() -> None:
                async with session.post("/v1/messages", json=body) as response:
                    async for _ in response.content.iter_any():
                        pass

            folder, fetcher = WorkerFolder(Path(base)), GuardedClient()
            sdk = SdkAgent(api_key="sk", base_url=url, processes=10, fetcher=fetcher, folder=folder)
            agents: list[tuple[str, Agent, AgentTask, int]] = [
                ("Messages API", MessagesAgent(client), TASK, 50),
                ("Agent SDK", sdk, WITH_TOOLS, 1),
                ("Agent SDK", sdk, WITH_TOOLS, 10),
            ]
            await measured("floor: bare streams", 50, bare)
            for label, agent, task, number in agents:
                await measured(label, number, lambda agent=agent, task=task: agent.run(task, nothing))  # type: ignore[misc]
            await fetcher.close()
            folder.close()


if __name__ == "__main__":
    uvloop.run(main())
