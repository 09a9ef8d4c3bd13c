"""A turn as server-sent events: pairs of a pause and the bytes that follow it.

Events are encoded before they are due, and texts that were encoded once are remembered, so that fifty streams at
once cost next to nothing (https://platform.claude.com/docs/en/build-with-claude/streaming).
"""

import json
from collections.abc import Iterator
from functools import lru_cache

from local.claude.call import JSON
from local.claude.turn import Stop, Text, Thinking, ToolUse, Turn, Wait

TICK = 0.1  # seconds between two deltas of a text that has a duration but no chunk size
INPUT_CHUNK = 64  # characters of a tool's input in one delta

PING = b'event: ping\ndata: {"type": "ping"}\n\n'


def event(kind: str, **fields: object) -> bytes:
    """Return one encoded event."""
    data = json.dumps({"type": kind, **fields}, separators=(",", ":"), ensure_ascii=True)
    return f"event: {kind}\ndata: {data}\n\n".encode()


def message_start(message: JSON) -> bytes:
    """Return the first event: the message without content, with the usage of its input."""
    return event("message_start", message=message)


def ending(stop: Stop, usage: JSON) -> bytes:
    """Return the last two events: why it ended, what it all cost."""
    delta: JSON = {"stop_reason": stop.reason, "stop_sequence": stop.sequence}
    if stop.details:
        delta["stop_details"] = stop.details
    return event("message_delta", delta=delta, usage=usage) + event("message_stop")


def timeline(turn: Turn) -> Iterator[tuple[float, bytes]]:
    """Yield the content blocks of a turn as (seconds to wait first, bytes to send then)."""
    index, ping = 0, PING
    for piece in turn.pieces:
        if isinstance(piece, Wait):
            yield piece.seconds, b""
            continue
        yield 0.0, _start(piece.block(), index) + ping
        ping = b""
        match piece:
            case Text() | Thinking():
                pieces = _text_deltas(piece.text, piece.chunk, piece.seconds, isinstance(piece, Thinking), index)
                for data in pieces:
                    yield piece.seconds / len(pieces), data
            case ToolUse():
                yield 0.0, _input_deltas(json.dumps(piece.input), index)
        yield 0.0, _finish(piece.block(), index)
        index += 1


def _start(block: JSON, index: int) -> bytes:
    """Return the event that opens a block, empty of all that deltas bring."""
    empty: JSON
    match block["type"]:
        case "text":
            empty = {"type": "text", "text": ""}
        case "thinking":
            empty = {"type": "thinking", "thinking": "", "signature": ""}
        case "tool_use" | "server_tool_use":
            empty = {**block, "input": {}}
        case _:
            empty = block
    return event("content_block_start", index=index, content_block=empty)


def _finish(block: JSON, index: int) -> bytes:
    """Return what closes a block: its citations or signature, then the stop."""
    extras = [{"type": "citations_delta", "citation": citation} for citation in block.get("citations") or []]
    if block["type"] == "thinking":
        extras.append({"type": "signature_delta", "signature": block["signature"]})
    deltas = b"".join(event("content_block_delta", index=index, delta=extra) for extra in extras)
    return deltas + event("content_block_stop", index=index)


def _input_deltas(text: str, index: int) -> bytes:
    parts = [text[i : i + INPUT_CHUNK] for i in range(0, len(text), INPUT_CHUNK)]
    return b"".join(
        event("content_block_delta", index=index, delta={"type": "input_json_delta", "partial_json": part})
        for part in parts
    )


@lru_cache(maxsize=64)
def _text_deltas(text: str, chunk: int, seconds: float, thinking: bool, index: int) -> tuple[bytes, ...]:
    size = chunk or max(1, -(-len(text) // max(1, round(seconds / TICK))))
    kind, key = ("thinking_delta", "thinking") if thinking else ("text_delta", "text")
    parts = [text[i : i + size] for i in range(0, len(text), size)]
    return tuple(event("content_block_delta", index=index, delta={"type": kind, key: part}) for part in parts)
