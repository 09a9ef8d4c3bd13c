"""What jobs are given beside their arguments."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from core.agent.agents import Agents
from core.channel import Channel
from core.runs.execution import Executor
from core.runtime import Runtime
from core.webhooks.sending import WebhookSender

_KEY = "tools"


@dataclass(frozen=True, slots=True)
class Tools:
    """The worker's own: built once at its start."""

    runtime: Runtime
    agents: Agents
    executor: Executor
    channels: Mapping[str, Channel]
    webhooks: WebhookSender


def put_tools(context: dict[Any, Any], tools: Tools) -> None:
    """Place the tools where arq hands them to every job."""
    context[_KEY] = tools


def tools_of(context: dict[Any, Any]) -> Tools:
    """The tools, from what arq hands to a job."""
    return cast("Tools", context[_KEY])
