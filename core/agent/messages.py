"""The short road: streaming from the Messages API, for tasks that need no tools. No process, little CPU."""

import email.utils
import json
import time

import anthropic
import httpx2
from anthropic import AsyncAnthropic, AsyncStream
from anthropic.types import RawMessageStreamEvent, TextBlockParam

from core.agent.attempt import Attempt
from core.agent.failures import (
    AgentBudgetError,
    AgentError,
    AgentInvalidRequestError,
    AgentNetworkError,
    AgentRefusedError,
    AgentTruncatedError,
    failure,
)
from core.agent.parser import complete_output
from core.agent.pricing import affordable_output
from core.agent.retry import patiently
from core.agent.task import AgentResult, AgentTask, OnEvent, Prompt
from core.agent.usage import estimated_tokens

_TIMEOUT = httpx2.Timeout(60.0, connect=5.0)  # of silence; a stream that is alive sends a ping before that
_CUT_SHORT = ("max_tokens", "model_context_window_exceeded")


class MessagesAgent:
    """Shares the process's client, which must not retry by itself."""

    def __init__(self, client: AsyncAnthropic) -> None:
        self._client = client

    async def run(self, task: AgentTask, on_event: OnEvent) -> AgentResult:
        """Let the model write its text in one turn.

        Raises:
            AgentError: why there is no text, with what was used until then.
        """
        attempt = Attempt(task, on_event)
        async with attempt.bounded():
            affordable = _affordable_output(task)
            limit = min(task.max_output_tokens, affordable)
            stream = await patiently(lambda: self._open(task, limit))
            stop_reason, detail = await _read(stream, attempt)
            if stop_reason == "refusal":
                raise AgentRefusedError(detail)
            if stop_reason in _CUT_SHORT and complete_output(attempt.text) is None:
                if limit < task.max_output_tokens:
                    raise AgentBudgetError(f"{task.max_usd} USD bought {limit} tokens of output")
                raise AgentTruncatedError(f"{stop_reason} at {limit} tokens")
            if not attempt.text.strip():
                raise AgentNetworkError(f"the model wrote nothing and stopped with {stop_reason}")
        return attempt.result(attempt.text)

    async def _open(self, task: AgentTask, limit: int) -> AsyncStream[RawMessageStreamEvent]:
        try:
            return await self._client.messages.create(
                model=task.model,
                max_tokens=limit,
                system=_system(task.prompt),
                messages=[{"role": "user", "content": task.prompt.user}],
                stream=True,
                timeout=_TIMEOUT,
            )
        except (anthropic.AnthropicError, httpx2.HTTPError) as error:
            raise sorted_failure(error) from error


async def _read(stream: AsyncStream[RawMessageStreamEvent], attempt: Attempt) -> tuple[str | None, str]:
    """Follow a stream to its end; gives why it stopped, and what the model says about a refusal."""
    stop_reason, detail, whole = None, "", False
    try:
        async with stream:
            async for event in stream:
                if event.type == "content_block_delta":
                    if event.delta.type == "text_delta":
                        await attempt.write(event.delta.text)
                elif event.type == "message_start":
                    await attempt.begin_turn(event.message.usage.model_dump())
                elif event.type == "message_delta":
                    attempt.meter.end_turn(event.usage.model_dump())
                    stop_reason = event.delta.stop_reason
                    detail = (event.delta.stop_details and event.delta.stop_details.explanation) or ""
                elif event.type == "message_stop":
                    whole = True
    except (anthropic.AnthropicError, httpx2.HTTPError, json.JSONDecodeError) as error:
        raise sorted_failure(error) from error
    if not whole:
        raise AgentNetworkError("the stream ended before its end")
    return stop_reason, detail


def _system(prompt: Prompt) -> list[TextBlockParam]:
    return [{"type": "text", "text": block.text, "cache_control": {"type": "ephemeral"}} for block in prompt.system]


def _affordable_output(task: AgentTask) -> int:
    prompt = sum(estimated_tokens(block.text) for block in task.prompt.system) + estimated_tokens(task.prompt.user)
    affordable = affordable_output(task.model, prompt, task.max_usd)
    if affordable <= 0:
        raise AgentBudgetError(f"{task.max_usd} USD do not pay for a prompt of about {prompt} tokens")
    return affordable


def sorted_failure(error: Exception) -> AgentError:
    """An exception of the client library (`anthropic.AnthropicError`, `httpx2.HTTPError`) as one of ours."""
    detail = f"{type(error).__name__}: {error}"[:500]
    if isinstance(error, anthropic.APIStatusError):
        status = error.status_code if error.response.is_error else None  # a stream that fails midway has 200
        wait = _retry_after(error.response.headers.get("retry-after"))
        return failure(status, detail, kind=error.type, retry_after=wait)
    if isinstance(error, anthropic.CredentialsError):
        return failure(401, detail)
    if isinstance(error, anthropic.AnthropicError) and not isinstance(error, anthropic.APIConnectionError):
        return AgentInvalidRequestError(detail)
    return AgentNetworkError(detail)


def _retry_after(header: str | None) -> float | None:
    """Seconds, from seconds or from a date."""
    if header is None:
        return None
    try:
        return max(float(header), 0.0)
    except ValueError:
        parsed = email.utils.parsedate_tz(header)
        return max(email.utils.mktime_tz(parsed) - time.time(), 0.0) if parsed else None
