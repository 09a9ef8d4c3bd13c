"""The agent's process: what it is given to see, and that it never outlives its worker."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from core.agent.failures import AgentNetworkError
from core.agent.orphans import MARK, reap_orphans
from core.agent.workspace import WorkerFolder
from local.claude.client import ClaudeStandIn
from tests.core.agent.conftest import KEY, SKILL, Heard, Road

WORKER = """
import asyncio, sys
from pathlib import Path
from core.agent.sdk import SdkAgent
from core.agent.workspace import WorkerFolder
from core.fetch.client import GuardedClient
from tests.core.agent.conftest import KEY, TASK
from dataclasses import replace

async def main(url, base):
    folder = WorkerFolder(Path(base))
    agent = SdkAgent(api_key=KEY, base_url=url, processes=1, fetcher=GuardedClient(), folder=folder)
    async def nothing(event): pass
    await agent.run(replace(TASK, tools=("Read",)), nothing)

asyncio.run(main(*sys.argv[1:]))
"""


def names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def children() -> list[psutil.Process]:
    """The agents' processes among all that tests have started."""
    return [child for child in psutil.Process().children(recursive=True) if MARK in child.environ()]


@pytest.fixture
async def hanging(sdk: Road, claude: ClaudeStandIn, heard: Heard) -> "asyncio.Task[object]":
    """A run in the middle of a turn."""
    await claude.script("Some words.", {"hang": True})
    run: asyncio.Task[object] = asyncio.create_task(sdk.run(heard))
    await asyncio.wait_for(heard.writing.wait(), 15)
    return run


async def stop(run: "asyncio.Task[object]") -> None:
    run.cancel()
    await asyncio.wait([run])


async def test_sees_of_our_environment_what_it_needs(
    sdk: Road, claude: ClaudeStandIn, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = ("DATABASE_URL", "REDIS_URL", "S3_SECRET_ACCESS_KEY", "TELEGRAM_BOT_TOKEN", "KEY_PEPPER", "ODD NAME")
    for name in secrets:
        monkeypatch.setenv(name, "a-secret-of-ours")
    await claude.script("Some words.", {"hang": True})
    run: asyncio.Task[object] = asyncio.create_task(sdk.run(heard))
    await asyncio.wait_for(heard.writing.wait(), 15)

    (process,) = children()
    seen = process.environ()
    arguments = process.cmdline()
    await stop(run)

    assert "a-secret-of-ours" not in str(seen)
    assert not set(secrets) & set(seen)
    assert seen["ANTHROPIC_API_KEY"] == KEY
    assert seen["HOME"].startswith(seen[MARK])
    assert KEY not in str(arguments)
    assert SKILL[:40] not in str(arguments)  # prompts are not seen by `ps`


async def test_is_gone_when_its_run_is_cancelled(hanging: "asyncio.Task[object]") -> None:
    (process,) = children()

    await stop(hanging)

    assert not process.is_running()


async def test_its_death_is_a_failure_that_may_be_tried_again(
    hanging: "asyncio.Task[object]", heard: Heard
) -> None:
    (process,) = children()

    process.kill()

    with pytest.raises(AgentNetworkError) as failed:
        await asyncio.wait_for(hanging, 5)
    assert failed.value.retryable
    assert heard.spent.cache_write > 0


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the reaper ends it when the next worker starts")
async def test_dies_with_its_worker(claude: ClaudeStandIn, base: Path) -> None:
    await claude.script("Some words.", {"hang": True})
    worker = await asyncio.create_subprocess_exec(sys.executable, "-c", WORKER, claude.url, str(base))
    await claude.wait_for_request(timeout=40)
    (agent,) = psutil.Process(worker.pid).children(recursive=True)

    worker.send_signal(signal.SIGKILL)
    await worker.wait()

    await asyncio.to_thread(psutil.wait_procs, [agent], 5)
    assert not agent.is_running()
    assert reap_orphans(base) == 1  # only a folder is left to remove
    assert names_in(base) == []


async def test_the_reaper_ends_what_a_dead_worker_left_and_spares_the_living(base: Path) -> None:
    living, dead = WorkerFolder(base), WorkerFolder(base)
    processes = [
        await asyncio.create_subprocess_exec("sleep", "60", env={**os.environ, MARK: str(folder.path)})
        for folder in (living, dead)
    ]
    dead._lock.close()  # as its death would

    assert reap_orphans(base) == 1

    assert await asyncio.wait_for(processes[1].wait(), 5) == -signal.SIGKILL
    assert processes[0].returncode is None
    assert names_in(base) == [living.path.name]
    processes[0].kill()
    await processes[0].wait()
    living.close()


async def test_leaves_no_transcript(sdk: Road, claude: ClaudeStandIn, heard: Heard, folder: WorkerFolder) -> None:
    left: list[str] = []
    await claude.script("<output># Page</output>")

    async def look(event: object) -> None:
        await heard(event)  # type: ignore[arg-type]
        left[:] = [path.name for path in folder.path.rglob("*.jsonl")]

    await sdk.connect(KEY, sdk.url).run(sdk.task, look)

    assert left == []
