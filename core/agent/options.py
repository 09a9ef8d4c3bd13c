"""How an agent's process is started. `docs/security.md` says why each of these is not negotiable."""

from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import claude_agent_sdk
from claude_agent_sdk import ClaudeAgentOptions, HookContext, HookMatcher
from claude_agent_sdk.types import HookInput, SyncHookJSONOutput

from core.agent.guard import WEB_FETCH, Guard
from core.agent.task import AgentTask, Prompt
from core.agent.web import web_server
from core.agent.workspace import Workspace
from core.fetch.client import GuardedClient

CLI = Path(claude_agent_sdk.__file__).with_name("_bundled") / "claude"
_LAUNCHER = Path(__file__).with_name("launch.sh")
_LEAST_THINKING = 1024  # tokens; by default the models that take a number think with all but one of their output's
_MAX_MESSAGE_BYTES = 32 * 1024 * 1024  # one line of the CLI's output; an image that was read is one
_RULES = {
    "Read": ["Read(./**)"],
    "Write": ["Write(./out/**)", "Edit(./out/**)"],  # the CLI asks for the right to edit where a file exists
    "WebSearch": ["WebSearch"],
    "WebFetch": [WEB_FETCH],
}


def options_for(
    task: AgentTask,
    space: Workspace,
    *,
    environment: Mapping[str, str],
    fetcher: GuardedClient,
    on_stderr: Callable[[str], None],
) -> ClaudeAgentOptions:
    """Options for the one client of one run."""
    return ClaudeAgentOptions(
        model=task.model,
        system_prompt={"type": "file", "path": str(space.system_prompt)},  # in argv it is bounded, and seen by `ps`
        cwd=space.work,
        cli_path=_LAUNCHER,
        env=dict(environment),
        tools=[tool for tool in task.tools if tool != "WebFetch"],
        mcp_servers={"web": web_server(fetcher)} if "WebFetch" in task.tools else {},
        allowed_tools=[rule for tool in task.tools for rule in _RULES[tool]],
        permission_mode="dontAsk",
        hooks={"PreToolUse": [HookMatcher(hooks=[_hook(Guard(space, task.tools))], on_failure="block")]},
        setting_sources=[],
        settings='{"crossSessionInbound": "refuse"}',  # else other sessions on this machine can talk to it
        strict_mcp_config=True,
        verbatim_prompts=True,  # else `@/etc/passwd` in a request makes the CLI send that file
        thinking={"type": "enabled", "budget_tokens": max(task.max_output_tokens // 4, _LEAST_THINKING)},
        max_turns=task.max_turns,
        max_budget_usd=float(task.max_usd),
        include_partial_messages=True,
        max_buffer_size=_MAX_MESSAGE_BYTES,
        stderr=on_stderr,
        extra_args={"no-session-persistence": None, "disable-slash-commands": None},
    )


async def user_message(prompt: Prompt) -> AsyncIterator[dict[str, Any]]:
    """The one message of a run: the client's context with its cache breakpoint, then the request.

    The context is not in the system prompt, so that this stays the same for all clients.
    """
    context: list[dict[str, Any]] = [
        {"type": "text", "text": block.text, "cache_control": {"type": "ephemeral"}} for block in prompt.system[1:]
    ]
    content = [*context, {"type": "text", "text": prompt.user}]
    yield {"type": "user", "message": {"role": "user", "content": content}, "parent_tool_use_id": None}


def _hook(guard: Guard) -> Callable[[HookInput, str | None, HookContext], Any]:
    async def before_tool(call: HookInput, _id: str | None, _context: HookContext) -> SyncHookJSONOutput:
        if call["hook_event_name"] != "PreToolUse":
            raise ValueError(call["hook_event_name"])  # blocks, by on_failure
        refusal = guard.refusal(call["tool_name"], call["tool_input"])
        if refusal is None:
            return {}  # the rules still have their say
        return {
            "hookSpecificOutput": {
                "hookEventName": "PreToolUse",
                "permissionDecision": "deny",
                "permissionDecisionReason": refusal,
            }
        }

    return before_tool
