"""What an agent is given, what it tells on its way, and what it gives back."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Protocol
from uuid import UUID

TOOLS = frozenset({"Read", "Write", "WebSearch", "WebFetch"})


@dataclass(frozen=True, slots=True)
class PromptBlock:
    """A piece of the prompt that stays as it is for a while: a cache breakpoint stands behind every block."""

    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """`system[0]` is the skill with its rules, equal for all clients; `system[1]`, if any, a client's context."""

    system: tuple[PromptBlock, ...]
    user: str


@dataclass(frozen=True, slots=True)
class AgentTask:
    """One piece of work and its limits.

    `tools` come out of `TOOLS`. `max_turns` and `files` (paths to contents, laid out
    read-only in the agent's working folder) concern tasks with tools only. `max_output_tokens` bounds a turn,
    `max_usd` and `timeout_seconds` the whole.
    """

    run_id: UUID
    prompt: Prompt
    model: str
    tools: tuple[str, ...] = ()
    max_turns: int = 1
    timeout_seconds: float = 120.0
    max_usd: Decimal = Decimal(1)
    max_output_tokens: int = 16_000
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """Tokens by how they are billed, and searches at the provider. Adds up."""

    input: int = 0
    output: int = 0
    cache_read: int = 0
    cache_write: int = 0
    searches: int = 0

    def __add__(self, other: "TokenUsage") -> "TokenUsage":
        return TokenUsage(
            self.input + other.input,
            self.output + other.output,
            self.cache_read + other.cache_read,
            self.cache_write + other.cache_write,
            self.searches + other.searches,
        )

    @property
    def total(self) -> int:
        """All tokens, however they are billed."""
        return self.input + self.output + self.cache_read + self.cache_write


@dataclass(frozen=True, slots=True)
class Writing:
    """All the text so far of the turn that goes on; told a few times a second at most."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolUsed:
    """A tool was called: its name as in `AgentTask.tools`, and a line that is safe to show."""

    tool: str
    summary: str


@dataclass(frozen=True, slots=True)
class Spent:
    """All that the task has used so far. The last one holds even if the task fails or is cancelled."""

    usage: TokenUsage


AgentEvent = Writing | ToolUsed | Spent
OnEvent = Callable[[AgentEvent], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class AgentResult:
    """What came of a task: the final text as the model wrote it, and files by their path below `out/`."""

    text: str
    usage: TokenUsage
    cost_usd: Decimal
    model: str
    files: Mapping[str, bytes] = field(default_factory=dict)


class Agent(Protocol):
    """A road to a model."""

    async def run(self, task: AgentTask, on_event: OnEvent) -> AgentResult:
        """Work on the task until it is done, and tell what happens on the way. Cancelling ends it at once.

        Raises:
            AgentError: why there is no result, with what was used until then.
        """
