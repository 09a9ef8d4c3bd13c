"""Asking a model for an answer in a form: one forced tool, whose input is read and never trusted."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import anthropic
import httpx2
from anthropic import AsyncAnthropic
from anthropic.types import Message

from core.agent.failures import AgentError
from core.agent.messages import sorted_failure
from core.agent.pricing import price
from core.agent.retry import patiently
from core.agent.task import TokenUsage
from core.learning.ledger import note
from core.logging import get_logger

_SECONDS = 90.0
log = get_logger(__name__)


class NonsenseError(AgentError):
    """The model answered, but not in the form that was asked for."""

    code = "model-nonsense"
    status = 502


@dataclass(frozen=True, slots=True)
class Form:
    """What the model fills in: a tool's name, what it is for, and the JSON schema of its input."""

    name: str
    description: str
    schema: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as the model filled it in, unchecked, and what that cost in US dollars."""

    values: Mapping[str, Any]
    cost_usd: Decimal


async def ask(
    client: AsyncAnthropic, form: Form, *, model: str, system: str, user: str, max_tokens: int = 4000
) -> Filled:
    """Let `model` fill in `form`. What it costs is counted, also if it makes no sense.

    Raises:
        NonsenseError: the form was not filled in.
        AgentError: why there is no answer.
    """
    answer = await patiently(
        lambda: _ask(client, form, model=model, system=system, user=user, max_tokens=max_tokens)
    )
    cost = price(model, _usage(answer))
    note(form.name, cost)
    log.info("form_asked_for", form=form.name, model=model, cost_usd=str(cost))
    for block in answer.content:
        if block.type == "tool_use" and block.name == form.name and isinstance(block.input, Mapping):
            return Filled(block.input, cost)
    raise NonsenseError(f"{form.name} was not filled in; it stopped with {answer.stop_reason}").spent(
        _usage(answer), cost
    )


def inert(text: str) -> str:
    """Text that can't close the tags around it, on one line."""
    return " ".join(text.replace("<", "‹").replace(">", "›").split())


async def _ask(
    client: AsyncAnthropic, form: Form, *, model: str, system: str, user: str, max_tokens: int
) -> Message:
    try:
        return await client.messages.create(
            model=model,
            max_tokens=max_tokens,
            system=system,
            messages=[{"role": "user", "content": user}],
            tools=[{"name": form.name, "description": form.description, "input_schema": dict(form.schema)}],
            tool_choice={"type": "tool", "name": form.name},
            timeout=_SECONDS,
        )
    except (anthropic.AnthropicError, httpx2.HTTPError) as error:
        raise sorted_failure(error) from error


def _usage(answer: Message) -> TokenUsage:
    used = answer.usage
    return TokenUsage(
        input=used.input_tokens,
        output=used.output_tokens,
        cache_read=used.cache_read_input_tokens or 0,
        cache_write=used.cache_creation_input_tokens or 0,
    )
