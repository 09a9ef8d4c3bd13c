"""The long road: a process of the Agent SDK for each run, for tasks that need tools.

Imported late, so that a process without such tasks does not load the SDK.
"""

import asyncio
import os
import signal
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from claude_agent_sdk import ClaudeSDKClient, ClaudeSDKError

from core.agent.attempt import Attempt
from core.agent.conversation import Conversation
from core.agent.environment import child_environment
from core.agent.failures import AgentNetworkError
from core.agent.options import CLI, options_for, user_message
from core.agent.task import AgentResult, AgentTask, OnEvent
from core.agent.workspace import WorkerFolder, Workspace
from core.fetch.client import GuardedClient

_STDERR_LINES = 10


class SdkAgent:
    """Starts and ends a worker's processes: so many at once, and no more starting than there are cores."""

    def __init__(
        self,
        *,
        api_key: str,
        base_url: str,
        processes: int,
        fetcher: GuardedClient,
        folder: WorkerFolder,
        cli: Path = CLI,
    ) -> None:
        self._api_key = api_key
        self._base_url = base_url
        self._fetcher = fetcher
        self._folder = folder
        self._cli = cli
        self._places = asyncio.Semaphore(processes)
        self._starts = asyncio.Semaphore(os.cpu_count() or 1)

    async def run(self, task: AgentTask, on_event: OnEvent) -> AgentResult:
        """Let an agent work with its tools. Waiting for a place does not count as its time.

        Raises:
            AgentError: why there is no result, with what was used until then.
        """
        attempt = Attempt(task, on_event)
        system = task.prompt.system[0].text
        async with (
            self._places,
            self._folder.workspace(task.run_id, system, task.files) as space,
            attempt.bounded(),
        ):
            last_words: deque[str] = deque(maxlen=_STDERR_LINES)
            try:
                async with self._client(task, space, last_words.append) as client:
                    await client.query(user_message(task.prompt))
                    text = await Conversation(attempt).follow(client.receive_response())
            except ClaudeSDKError as error:
                detail = " | ".join([f"{type(error).__name__}: {error}", *last_words])
                raise AgentNetworkError(detail[:500]) from error
            return attempt.result(text, await asyncio.to_thread(space.collect))

    @asynccontextmanager
    async def _client(
        self, task: AgentTask, space: Workspace, on_stderr: Callable[[str], None]
    ) -> AsyncIterator[ClaudeSDKClient]:
        """A connected client. Its process is killed in the end: it has nothing to finish, and may wait long."""
        environment = child_environment(
            task, space, cli=str(self._cli), api_key=self._api_key, base_url=self._base_url
        )
        client = ClaudeSDKClient(
            options_for(task, space, environment=environment, fetcher=self._fetcher, on_stderr=on_stderr)
        )
        try:
            await self._connect(client)
            yield client
        finally:
            _kill(space)
            await _to_the_end(client.disconnect())

    async def _connect(self, client: ClaudeSDKClient) -> None:
        async with self._starts:
            try:
                await client.connect()
            except Exception as error:  # the SDK raises bare ones, too
                raise AgentNetworkError(
                    f"the agent did not start: {type(error).__name__}: {error}"[:500]
                ) from error


def _kill(space: Workspace) -> None:
    """End the run's process and whatever it started: the launcher made it the leader of a group."""
    with suppress(FileNotFoundError, ValueError, ProcessLookupError):
        os.killpg(int(space.pid_file.read_text(encoding="ascii")), signal.SIGKILL)


async def _to_the_end(cleaning: Coroutine[Any, Any, None]) -> None:
    """Await something even while being cancelled again and again."""
    task = asyncio.create_task(cleaning)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task])
        raise
