"""Following what the Agent SDK tells of a run, to its text or to the reason why there is none."""

from collections.abc import AsyncIterator, Mapping
from typing import Any

from claude_agent_sdk import (
    AssistantMessage,
    Message,
    ResultMessage,
    StreamEvent,
    SystemMessage,
    ToolUseBlock,
)

from core.agent.attempt import Attempt
from core.agent.failures import (
    AgentBudgetError,
    AgentCredentialsError,
    AgentError,
    AgentNetworkError,
    AgentRefusedError,
    AgentTruncatedError,
    failure,
)
from core.agent.guard import summary_of
from core.agent.parser import complete_output
from core.agent.retry import PATIENCE_SECONDS
from core.agent.task import TokenUsage, ToolUsed


class Conversation:
    """One run's messages."""

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self._finished = ""  # the text of the last turn that held a complete output
        self._cut = False

    async def follow(self, messages: AsyncIterator[Message]) -> str:
        """Follow to the end; gives the text of the last turn, or of the last one with a complete output.

        Raises:
            AgentError: why there is none.
        """
        async for message in messages:
            if isinstance(message, StreamEvent):
                if message.parent_tool_use_id is None:
                    await self._stream(message.event)
                if self._cut:
                    return self._finished
            elif isinstance(message, AssistantMessage):
                await self._tools(message)
            elif isinstance(message, SystemMessage) and message.subtype == "api_retry":
                _stop_hopeless(message.data)
            elif isinstance(message, ResultMessage):
                return self._end(message)
        raise AgentNetworkError("the agent's process ended without a result")

    async def _stream(self, event: Mapping[str, Any]) -> None:
        """An event of the Messages API, as the CLI got it."""
        attempt, kind = self._attempt, event["type"]
        if kind == "message_start":
            await attempt.begin_turn(event["message"]["usage"])
        elif kind == "content_block_delta" and event["delta"]["type"] == "text_delta":
            await attempt.write(event["delta"]["text"])
        elif kind == "message_delta":
            attempt.meter.end_turn(event["usage"])
            if complete_output(attempt.text) is not None:
                self._finished = attempt.text
            self._cut = event["delta"]["stop_reason"] == "max_tokens"  # the CLI would let the model go on
            if self._cut and not self._finished:
                raise AgentTruncatedError(f"max_tokens at {attempt.task.max_output_tokens} tokens")

    async def _tools(self, message: AssistantMessage) -> None:
        for block in message.content:
            if isinstance(block, ToolUseBlock):
                tool, summary = summary_of(block.name, block.input)
                if tool in self._attempt.task.tools:
                    await self._attempt.tell(ToolUsed(tool, summary))

    def _end(self, result: ResultMessage) -> str:
        self._attempt.meter.at_least(_usage(result.model_usage or {}))
        if result.is_error:
            raise _sorted(result)
        text = self._finished or self._attempt.text or result.result or ""
        if not text.strip():
            raise AgentNetworkError("the agent wrote nothing")
        return text


def _stop_hopeless(retry: Mapping[str, Any]) -> None:
    """The CLI is about to try again, which does not help everything, and may not be worth the wait."""
    status, wait = retry.get("error_status"), (retry.get("retry_delay_ms") or 0) / 1000
    error = failure(status, f"{retry.get('error')} ({status})", retry_after=wait)
    if isinstance(error, AgentCredentialsError) or wait > PATIENCE_SECONDS:
        raise error


def _sorted(result: ResultMessage) -> AgentError:
    """An error result as one of ours."""
    detail = ("; ".join(result.errors or []) or result.result or result.subtype)[:500]
    if result.subtype in ("error_max_budget_usd", "error_max_turns"):
        return AgentBudgetError(detail)
    if result.stop_reason == "refusal":
        return AgentRefusedError(detail)
    return failure(result.api_error_status, detail)


def _usage(by_model: Mapping[str, Any]) -> TokenUsage:
    """What the CLI counted, with calls of its own such as searches."""
    total = TokenUsage()
    for its in by_model.values():
        total += TokenUsage(
            input=its.get("inputTokens", 0),
            output=its.get("outputTokens", 0),
            cache_read=its.get("cacheReadInputTokens", 0),
            cache_write=its.get("cacheCreationInputTokens", 0),
            searches=its.get("webSearchRequests", 0),
        )
    return total
