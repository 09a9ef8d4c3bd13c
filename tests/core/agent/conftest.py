"""Both roads to one stand-in for Claude, and ears for what they tell."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from anthropic import AsyncAnthropic

from core.agent.messages import MessagesAgent
from core.agent.sdk import SdkAgent
from core.agent.task import Agent, AgentEvent, AgentResult, AgentTask, Prompt, PromptBlock, Spent, Writing
from core.agent.workspace import WorkerFolder
from core.fetch.client import GuardedClient
from local.claude.client import ClaudeStandIn
from local.claude.server import running

KEY, WRONG_KEY = "sk-ant-test", "sk-ant-wrong"
SKILL = "# Skill: copywriting\n\nWrite one page. " + "Say what is true, and say it once. " * 400
CLIENT = "# Client: Yaz\n\n" + "Yaz automates back offices. " * 200
TASK = AgentTask(
    run_id=uuid4(),
    prompt=Prompt((PromptBlock(SKILL), PromptBlock(CLIENT)), "Write the landing page."),
    model="claude-sonnet-5",
    max_turns=6,
    timeout_seconds=20,
)


@dataclass
class Heard:
    """Everything that an agent told, and a sign of its first words."""

    events: list[AgentEvent] = field(default_factory=list)
    writing: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, event: AgentEvent) -> None:
        self.events.append(event)
        if isinstance(event, Writing):
            self.writing.set()

    def of(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def spent(self) -> Any:
        """What the last `Spent` says."""
        return self.of(Spent)[-1].usage


@dataclass(frozen=True)
class Road:
    """A way to run tasks, and a task that takes it."""

    name: str
    connect: Callable[[str, str], Agent]
    task: AgentTask
    url: str

    async def run(self, heard: Heard, *, key: str = KEY, url: str = "", **changes: Any) -> AgentResult:
        return await self.connect(key, url or self.url).run(replace(self.task, **changes), heard)


@pytest.fixture(scope="session")
async def url() -> AsyncIterator[str]:
    async with running(pace=0, wrong_keys=[WRONG_KEY]) as url:
        yield url


@pytest.fixture
async def claude(url: str) -> AsyncIterator[ClaudeStandIn]:
    claude = ClaudeStandIn(url)
    await claude.reset()
    yield claude
    await claude.reset()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def base() -> Iterator[Path]:
    """Where workers have their folders. Its path is short, since the CLI puts a socket there."""
    with TemporaryDirectory(prefix="ma-") as base:
        yield Path(base)


@pytest.fixture
def folder(base: Path) -> Iterator[WorkerFolder]:
    folder = WorkerFolder(base)
    yield folder
    left = [path.name for path in folder.path.iterdir()]
    folder.close()
    assert left == ["lock"]  # each run cleaned up behind itself


@pytest.fixture
async def fetcher() -> AsyncIterator[GuardedClient]:
    """A client that may speak to this machine, as the tests' pages are on it."""
    client = GuardedClient(allow=lambda address: address.is_loopback, ports=range(1, 65536))
    yield client
    await client.close()


@pytest.fixture
def sdk(claude: ClaudeStandIn, folder: WorkerFolder, fetcher: GuardedClient) -> Road:
    def connect(key: str, url: str) -> Agent:
        return SdkAgent(api_key=key, base_url=url, processes=4, fetcher=fetcher, folder=folder)

    return Road("sdk", connect, replace(TASK, tools=("Read", "Write", "WebSearch", "WebFetch")), claude.url)


@pytest.fixture
async def messages(claude: ClaudeStandIn) -> AsyncIterator[Road]:
    clients: list[AsyncAnthropic] = []

    def connect(key: str, url: str) -> Agent:
        clients.append(AsyncAnthropic(api_key=key, base_url=url, max_retries=0))
        return MessagesAgent(clients[-1])

    yield Road("messages", connect, TASK, claude.url)
    for client in clients:
        await client.close()


@pytest.fixture(params=["messages", "sdk"])
def road(request: pytest.FixtureRequest, messages: Road, sdk: Road) -> Road:
    return messages if request.param == "messages" else sdk
