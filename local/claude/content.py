"""Checks of the system prompt and of the messages: roles, blocks, and which results answer which tool uses."""

from typing import Any

from local.claude.call import JSON, blocks
from local.claude.errors import invalid

BLOCK_FIELDS = {
    "text": "text citations",
    "image": "source transformations",
    "document": "source title context citations",
    "search_result": "source title content citations",
    "thinking": "thinking signature",
    "redacted_thinking": "data",
    "tool_use": "id name input caller toolset_name",
    "tool_result": "tool_use_id content is_error",
    "server_tool_use": "id name input caller",
    "web_search_tool_result": "tool_use_id content caller",
    "web_fetch_tool_result": "tool_use_id content caller",
    "tool_reference": "tool_name",
}
OF_USERS = {"image", "document", "search_result", "tool_result"}
OF_ASSISTANTS = {"thinking", "redacted_thinking", "tool_use", "server_tool_use"}
ROLES = ("user", "assistant", "system")
FOREIGN = {"user": OF_ASSISTANTS, "assistant": OF_USERS, "system": set(BLOCK_FIELDS) - {"text"}}


def check_system(system: Any) -> None:
    """Refuse a system prompt that is not text.

    Raises:
        ApiError: 400.
    """
    if system is None or isinstance(system, str):
        return
    if not isinstance(system, list):
        raise invalid("system: Input should be a valid list")
    for index, block in enumerate(system):
        if not isinstance(block, dict) or block.get("type") != "text":
            raise invalid(f"system.{index}.type: Input should be 'text'")
        _check_block(block, f"system.{index}")


def check_messages(messages: Any, *, prefill: bool) -> None:
    """Refuse a conversation that can't be continued.

    Args:
        messages: the messages as sent.
        prefill: whether the model continues a turn of the assistant.

    Raises:
        ApiError: 400 for the first mistake.
    """
    if not isinstance(messages, list):
        raise invalid("messages: Input should be a valid list")
    if not messages:
        raise invalid("messages: at least one message is required")
    for index, message in enumerate(messages):
        _check_message(message, index)
    if messages[0]["role"] != "user":
        raise invalid('messages: first message must use the "user" role')
    _check_tool_results([message for message in messages if message["role"] != "system"])
    _check_last(messages, prefill=prefill)


def _check_message(message: Any, index: int) -> None:
    where = f"messages.{index}"
    if not isinstance(message, dict):
        raise invalid(f"{where}: Input should be an object")
    for field in message:
        if field not in ("role", "content"):
            raise invalid(f"{where}.{field}: Extra inputs are not permitted")
    role, content = message.get("role"), message.get("content")
    if role not in ROLES:
        raise invalid(f"{where}.role: Input should be 'user' or 'assistant'")
    if not isinstance(content, str | list):
        raise invalid(f"{where}.content: {'Field required' if content is None else 'Input should be a valid list'}")
    if not content:
        raise invalid(f"{where}: {role} messages must have non-empty content")
    for number, block in enumerate(blocks(content)):
        _check_block(block, f"{where}.content.{number}")
        if block["type"] in FOREIGN[role]:
            raise invalid(f"{where}: `{block['type']}` blocks are not permitted in {role} messages")


def _check_block(block: Any, where: str) -> None:
    if not isinstance(block, dict) or not isinstance(block.get("type"), str):
        raise invalid(f"{where}.type: Field required")
    kind = block["type"]
    if kind not in BLOCK_FIELDS and not kind.endswith("_tool_result"):
        raise invalid(f"{where}: Input tag '{kind}' found using 'type' does not match any of the expected tags")
    allowed = BLOCK_FIELDS.get(kind, "tool_use_id content").split()
    for field in block:
        if field not in (*allowed, "type", "cache_control"):
            raise invalid(f"{where}.{kind}.{field}: Extra inputs are not permitted")
    if allowed[0] not in block:
        raise invalid(f"{where}.{kind}.{allowed[0]}: Field required")
    if kind == "text":
        _check_text(block["text"], where)
    if kind in ("tool_use", "tool_result") and not isinstance(block[allowed[0]], str):
        raise invalid(f"{where}.{kind}.{allowed[0]}: Input should be a valid string")
    if kind == "tool_result":
        _check_result(block.get("content") or [], f"{where}.tool_result.content")


def _check_result(content: Any, where: str) -> None:
    if not isinstance(content, str | list):
        raise invalid(f"{where}: Input should be a valid string or list")
    for number, inner in enumerate(blocks(content)):
        _check_block(inner, f"{where}.{number}")


def _check_text(text: Any, where: str) -> None:
    if not isinstance(text, str):
        raise invalid(f"{where}.text.text: Input should be a valid string")
    if not text:
        raise invalid("messages: text content blocks must be non-empty")
    if not text.strip():
        raise invalid("messages: text content blocks must contain non-whitespace text")


def _check_tool_results(messages: list[JSON]) -> None:
    """Check that results follow their uses at once and that no use stays without a result."""
    waiting: set[str] = set()
    for index, message in enumerate(messages):
        content = blocks(message["content"])
        if message["role"] == "assistant":
            waiting |= {block["id"] for block in content if block["type"] == "tool_use"}
            continue
        for number, block in enumerate(content):
            if block["type"] != "tool_result":
                continue
            if block["tool_use_id"] not in waiting:
                raise invalid(
                    f"messages.{index}.content.{number}: unexpected `tool_use_id` found in `tool_result` blocks: "
                    f"{block['tool_use_id']}. Each `tool_result` block must have a corresponding `tool_use` "
                    "block in the previous message."
                )
            waiting.discard(block["tool_use_id"])
        if waiting and _is_last_of_its_role(messages, index):
            raise invalid(
                f"messages.{index - 1}: `tool_use` ids were found without `tool_result` blocks immediately after: "
                f"{', '.join(sorted(waiting))}. Each `tool_use` block must have a corresponding `tool_result` "
                "block in the next message."
            )


def _is_last_of_its_role(messages: list[JSON], index: int) -> bool:
    return index + 1 == len(messages) or messages[index + 1]["role"] != messages[index]["role"]


def _check_last(messages: list[JSON], *, prefill: bool) -> None:
    last = messages[-1]
    if last["role"] != "assistant":
        return
    if not prefill:
        raise invalid("This model does not support assistant message prefill. End with a user message.")
    final = blocks(last["content"])[-1]
    if final["type"] == "text" and final["text"] != final["text"].rstrip():
        raise invalid("messages: final assistant content cannot end with trailing whitespace")
