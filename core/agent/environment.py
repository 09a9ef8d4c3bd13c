"""The environment of an agent's process: an allow-list, and settings that keep the CLI to its task."""

import os
import sys
from collections.abc import Mapping

from core.agent.orphans import MARK
from core.agent.retry import TRIES
from core.agent.task import AgentTask
from core.agent.workspace import Workspace

_INHERITED = (
    *("PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ"),
    *("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY", "https_proxy", "http_proxy", "all_proxy", "no_proxy"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "NODE_EXTRA_CA_CERTS"),
)
_SET_BY_SDK = (
    *("CLAUDE_CODE_ENTRYPOINT", "CLAUDE_AGENT_SDK_VERSION", "CLAUDE_CODE_SDK_READS_SESSION_STATE", "PWD"),
    *("TRACEPARENT", "TRACESTATE"),
)
_FIXED = {
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",  # telemetry, updates, and a paid call to name the session
    "DISABLE_TELEMETRY": "1",
    "DISABLE_ERROR_REPORTING": "1",
    "DISABLE_AUTOUPDATER": "1",
    "CLAUDE_CODE_ATTRIBUTION_HEADER": "0",  # a block that differs between requests, ahead of the cached prompt
    "CLAUDE_CODE_DISABLE_TERMINAL_TITLE": "1",
    "CLAUDE_CODE_DISABLE_BACKGROUND_TASKS": "1",
    "CLAUDE_CODE_DISABLE_AUTO_MEMORY": "1",
    "CLAUDE_CODE_DISABLE_CLAUDE_MDS": "1",
    "CLAUDE_CODE_DISABLE_NONSTREAMING_FALLBACK": "1",  # would pay a cut answer again without a word
    "CLAUDE_CODE_DISABLE_REFUSAL_RETRY": "1",
    "CLAUDE_CODE_MAX_RETRIES": str(TRIES - 1),
    "CLAUDE_CODE_MAX_WEB_SEARCHES_PER_SESSION": "20",
    "BUN_GC_TIMER_INTERVAL": "5000",  # milliseconds; the default of 1000 costs a third of a short run's CPU
}


def child_environment(
    task: AgentTask, space: Workspace, *, cli: str, api_key: str, base_url: str
) -> Mapping[str, str]:
    """What is added to the worker's own environment for the launcher, which keeps of both what the CLI may see."""
    inherited = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    private = {
        "ANTHROPIC_API_KEY": api_key,
        "ANTHROPIC_BASE_URL": base_url,
        "HOME": str(space.home),
        "TMPDIR": str(space.home),
        "CLAUDE_CONFIG_DIR": str(space.home / "config"),
        "CLAUDE_CODE_MAX_OUTPUT_TOKENS": str(task.max_output_tokens),
        MARK: str(space.folder.parent),
    }
    seen = {**inherited, **_FIXED, **private}
    return {
        **seen,
        "MARKETING_AGENT_PYTHON": sys.executable,
        "MARKETING_AGENT_CLI": cli,
        "MARKETING_AGENT_PARENT": str(os.getpid()),
        "MARKETING_AGENT_PID_FILE": str(space.pid_file),
        "MARKETING_AGENT_KEEP": ",".join([*seen, *_SET_BY_SDK]),
    }
