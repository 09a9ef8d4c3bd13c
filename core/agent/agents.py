"""The agent of a worker: each task takes the shortest road that its tools allow."""

import asyncio
from importlib import import_module

from anthropic import AsyncAnthropic

from core.agent.circuit import Circuit
from core.agent.failures import AgentCredentialsError, AgentInvalidRequestError
from core.agent.messages import MessagesAgent
from core.agent.orphans import reap_orphans
from core.agent.task import TOOLS, Agent, AgentResult, AgentTask, OnEvent
from core.agent.workspace import WorkerFolder
from core.fetch.client import GuardedClient
from core.settings import Settings


class Agents:
    """One for each worker; close it."""

    def __init__(
        self, settings: Settings, client: AsyncAnthropic | None, fetcher: GuardedClient | None = None
    ) -> None:
        """Make the roads, and end what earlier workers left behind when they died.

        Args:
            settings: for the key, the address and how many processes there may be.
            client: the process's client of the Messages API; None without a key.
            fetcher: what reads web pages for agents; a client for the public internet by default.
        """
        reap_orphans()
        self.circuit = Circuit()
        self._settings = settings
        self._messages = MessagesAgent(client) if client is not None else None
        self._fetcher = fetcher or GuardedClient()
        self._folder: WorkerFolder | None = None
        self._sdk: Agent | None = None

    async def run(self, task: AgentTask, on_event: OnEvent) -> AgentResult:
        """Work on a task by the road that fits it. Cancelling ends it at once.

        Raises:
            AgentError: why there is no result, with what was used until then. While a model's circuit is open,
                its tasks fail at once; ask `circuit.allowed` before.
        """
        with self.circuit.watch(task.model):
            road = await self._road(task)
            return await road.run(task, on_event)

    async def close(self) -> None:
        """Close connections and remove the worker's folder."""
        await self._fetcher.close()
        if self._folder is not None:
            self._folder.close()

    async def _road(self, task: AgentTask) -> Agent:
        if self._messages is None:
            raise AgentCredentialsError("ANTHROPIC_API_KEY is not set")
        if not task.tools:
            return self._messages
        if unknown := set(task.tools) - TOOLS:
            raise AgentInvalidRequestError(f"there is no tool {', '.join(sorted(unknown))}")
        if self._sdk is None:
            await asyncio.to_thread(import_module, "core.agent.sdk")  # takes a second, in which others go on
        if self._sdk is None:
            self._sdk = self._open_sdk()
        return self._sdk

    def _open_sdk(self) -> Agent:
        from core.agent.sdk import SdkAgent  # 70 MB that a worker without such tasks can do without

        key = self._settings.anthropic_api_key
        self._folder = WorkerFolder()
        return SdkAgent(
            api_key=key.get_secret_value() if key else "",
            base_url=self._settings.anthropic_base_url,
            processes=self._settings.agent_processes_per_worker,
            fetcher=self._fetcher,
            folder=self._folder,
        )
