"""What the real API refuses, refused here too, in its words as far as they are known.

Sources: https://platform.claude.com/docs/en/api/messages, `…/api/errors`, `…/build-with-claude/prompt-caching`,
`…/agents-and-tools/tool-use/overview`, and the request types of `anthropic` 2.13. Consecutive turns of one role are
allowed, since the API joins them.
"""

import json
import re
from typing import Any

from local.claude.call import JSON
from local.claude.content import check_messages, check_system
from local.claude.errors import ApiError, invalid
from local.claude.models import Model, find
from local.claude.schemas import check_schema, check_strict_schema

FIELDS = {
    *("model", "max_tokens", "messages", "system", "stream", "metadata", "stop_sequences"),
    *("temperature", "top_k", "top_p", "thinking", "tools", "tool_choice", "output_config"),
    *("cache_control", "container", "diagnostics", "inference_geo", "service_tier", "speed", "user_profile_id"),
}
BETA_FIELDS = {
    "compaction": "compact-",
    "context_management": "context-management-",
    "fallbacks": "server-side-fallback-",
    "mcp_servers": "mcp-client-",
    "output_format": "structured-outputs-",
}
SHAPES: dict[str, tuple[type, str]] = {
    **dict.fromkeys(("tool_choice", "thinking", "output_config", "metadata", "cache_control"), (dict, "an object")),
    **dict.fromkeys(("tools", "stop_sequences"), (list, "a valid list")),
    "output_format": (dict, "an object"),
    "stream": (bool, "a valid boolean"),
    "model": (str, "a valid string"),
}
TOOL_FIELDS = {
    *("name", "description", "input_schema", "type", "strict", "cache_control"),
    *("allowed_callers", "defer_loading", "eager_input_streaming", "input_examples"),
}
TOOL_NAME = re.compile(r"[a-zA-Z0-9_-]{1,128}")
EFFORTS = ("low", "medium", "high", "xhigh", "max")
BREAKPOINTS = 4
SMALLEST_THINKING = 1024  # tokens


def parse(raw: bytes) -> JSON:
    """Read the body of a request.

    Raises:
        ApiError: 400 when it is no JSON object.
    """
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise invalid(f"The request body is not valid JSON: {error}") from error
    if not isinstance(body, dict):
        raise invalid("The request body is not a JSON object.")
    return body


def check(body: JSON, betas: str = "", *, counting: bool = False) -> None:
    """Refuse what the API refuses.

    Args:
        body: the request's body.
        betas: the header `anthropic-beta`.
        counting: whether tokens are only counted, which needs no `max_tokens`.

    Raises:
        ApiError: 400 for what is wrong, 404 for a model that does not exist.
    """
    for name in body:
        if name not in FIELDS and not (name in BETA_FIELDS and BETA_FIELDS[name] in betas):
            raise invalid(f"{name}: Extra inputs are not permitted")
    for name in ("model", "messages") if counting else ("model", "max_tokens", "messages"):
        if name not in body:
            raise invalid(f"{name}: Field required")
    for name, (kind, article) in SHAPES.items():
        if name in body and (body[name] is not None or kind is str) and not isinstance(body[name], kind):
            raise invalid(f"{name}: Input should be {article}")
    model = find(body["model"])
    if not counting:
        _check_length(body["max_tokens"], model)
    _check_sampling(body, model)
    check_system(body.get("system"))
    check_messages(body["messages"], prefill=model.prefill)
    _check_tools(body.get("tools"))
    _check_tool_choice(body)
    _check_thinking(body)
    _check_output(body)
    _check_breakpoints(body)


def _check_length(value: Any, model: Model) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise invalid("max_tokens: Input should be a valid integer")
    if value < 0:
        raise invalid("max_tokens: Input should be greater than or equal to 0")
    if value > model.max_output:
        limit = f"{model.max_output}, which is the maximum allowed number of output tokens for {model.id}"
        raise invalid(f"max_tokens: {value} > {limit}")


def _check_sampling(body: JSON, model: Model) -> None:
    given = {name: body[name] for name in ("temperature", "top_p", "top_k") if body.get(name) is not None}
    for name, value in given.items():
        if not isinstance(value, int | float) or (name != "top_k" and not 0 <= value <= 1):
            raise invalid(f"{name}: range: 0..1")
        if not model.sampling and (name == "top_k" or value != 1):
            raise invalid(f"{name}: {model.id} accepts only the default value")
    if not all(isinstance(sequence, str) and sequence.strip() for sequence in body.get("stop_sequences") or []):
        raise invalid("stop_sequences: each stop sequence must contain non-whitespace")


def _check_tools(tools: Any) -> None:
    if not all(isinstance(tool, dict) for tool in tools or []):
        raise invalid("tools: Input should be a list of objects")
    names = [str(tool.get("name", "")) for tool in tools or []]
    if len(set(names)) < len(names):
        raise invalid("tools: Tool names must be unique.")
    for index, tool in enumerate(tools or []):
        if not TOOL_NAME.fullmatch(names[index]):
            raise invalid(f"tools.{index}.name: String should match pattern '^[a-zA-Z0-9_-]{{1,128}}$'")
        if tool.get("type", "custom") == "custom":  # the fields of the provider's own tools differ by version
            _check_custom_tool(tool, f"tools.{index}.custom")


def _check_custom_tool(tool: JSON, where: str) -> None:
    for field in tool:
        if field not in TOOL_FIELDS:
            raise invalid(f"{where}.{field}: Extra inputs are not permitted")
    schema = tool.get("input_schema")
    if not isinstance(schema, dict):
        raise invalid(f"{where}.input_schema: Field required")
    if schema.get("type") != "object":
        raise invalid(f"{where}.input_schema.type: Input should be 'object'")
    if {"oneOf", "allOf", "anyOf"} & set(schema):
        raise invalid(f"{where}.input_schema: does not support oneOf, allOf, or anyOf at the top level")
    check_schema(schema, f"{where}.input_schema")
    if tool.get("strict"):
        check_strict_schema(schema, f"{where}.input_schema")


def _check_tool_choice(body: JSON) -> None:
    choice = body.get("tool_choice")
    if choice is None:
        return
    if choice.get("type") not in ("auto", "any", "tool", "none"):
        raise invalid("tool_choice.type: Input should be 'auto', 'any', 'tool' or 'none'")
    if not body.get("tools"):
        raise invalid("tool_choice: tool_choice may only be specified while providing tools")
    forced = choice["type"] in ("any", "tool")
    if choice["type"] == "tool" and choice.get("name") not in [tool["name"] for tool in body["tools"]]:
        raise invalid(f"tool_choice: Tool '{choice.get('name')}' not found in provided tools")
    if forced and (body.get("thinking") or {}).get("type") in ("enabled", "adaptive"):
        raise invalid("thinking: Thinking may not be enabled when tool_choice forces tool use.")


def _check_thinking(body: JSON) -> None:
    thinking = body.get("thinking")
    if thinking is None:
        return
    kind = thinking.get("type")
    if kind not in ("enabled", "disabled", "adaptive", "between_tools"):
        raise invalid("thinking.type: Input should be 'enabled', 'disabled', 'adaptive' or 'between_tools'")
    if kind == "enabled":
        budget = thinking.get("budget_tokens")
        if not isinstance(budget, int) or budget < SMALLEST_THINKING:
            raise invalid("thinking.enabled.budget_tokens: Input should be greater than or equal to 1024")
        if budget >= body.get("max_tokens", budget + 1):
            raise invalid("`max_tokens` must be greater than `thinking.budget_tokens`.")


def _check_output(body: JSON) -> None:
    config = body.get("output_config") or {}
    for name in config:
        if name not in ("effort", "format", "task_budget"):
            raise invalid(f"output_config.{name}: Extra inputs are not permitted")
    if config.get("effort") not in (None, *EFFORTS):
        raise invalid("output_config.effort: Input should be 'low', 'medium', 'high', 'xhigh' or 'max'")
    form = config.get("format") or body.get("output_format")
    if form:
        if (
            not isinstance(form, dict)
            or form.get("type") != "json_schema"
            or not isinstance(form.get("schema"), dict)
        ):
            raise invalid("output_config.format: Input should be {'type': 'json_schema', 'schema': {…}}")
        check_schema(form["schema"], "output_config.format.schema")
        check_strict_schema(form["schema"], "output_config.format.schema")


def _check_breakpoints(body: JSON) -> None:
    marks = [mark for mark in _marks([body.get("tools"), body.get("system"), body["messages"]]) if mark]
    marks += [body["cache_control"]] if body.get("cache_control") else []
    if len(marks) > BREAKPOINTS:
        raise invalid(f"A maximum of 4 blocks with cache_control may be provided. Found {len(marks)}.")
    for mark in marks:
        if (
            not isinstance(mark, dict)
            or mark.get("type") != "ephemeral"
            or mark.get("ttl", "5m") not in ("5m", "1h")
        ):
            raise invalid("cache_control: Input should be {'type': 'ephemeral', 'ttl': '5m' or '1h'}")
    lifetimes = [mark.get("ttl", "5m") for mark in marks]
    if "5m" in lifetimes and "1h" in lifetimes[lifetimes.index("5m") :]:
        raise invalid("cache_control.ttl: a ttl='1h' block must not come after a ttl='5m' block")


def _marks(value: Any) -> list[JSON]:
    if isinstance(value, list):
        return [mark for item in value for mark in _marks(item)]
    if isinstance(value, dict):
        return [*_marks(value.get("content")), *([value["cache_control"]] if value.get("cache_control") else [])]
    return []


def check_key(key: str, wrong: frozenset[str]) -> None:
    """Refuse a missing key and those that are known to be wrong.

    Raises:
        ApiError: 401.
    """
    if not key or key in wrong:
        raise ApiError(401, "invalid x-api-key" if key else "x-api-key header is required")
