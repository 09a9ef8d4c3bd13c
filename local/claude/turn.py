"""A turn of the assistant: what it says, how fast, and how it ends."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from local.claude.caching import tokens
from local.claude.call import JSON, Call
from local.claude.errors import ApiError


@dataclass(frozen=True, slots=True)
class Wait:
    """Silence, in seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Text:
    """Prose, in deltas of `chunk` characters spread evenly over `seconds`; all at once by default."""

    text: str
    seconds: float = 0.0
    chunk: int = 0
    citations: Sequence[JSON] = ()

    def block(self) -> JSON:
        """Return the content block."""
        block: JSON = {"type": "text", "text": self.text}
        return {**block, "citations": list(self.citations)} if self.citations else block


@dataclass(frozen=True, slots=True)
class Thinking:
    """Thinking as the API shows it: a summary with a signature."""

    text: str
    seconds: float = 0.0
    chunk: int = 0

    def block(self) -> JSON:
        """Return the content block."""
        return {"type": "thinking", "thinking": self.text, "signature": "c2FtcGxl"}


@dataclass(frozen=True, slots=True)
class ToolUse:
    """A tool that the client, or with `server` the model provider, is to run."""

    name: str
    input: JSON
    id: str
    server: bool = False

    def block(self) -> JSON:
        """Return the content block."""
        kind = "server_tool_use" if self.server else "tool_use"
        return {"type": kind, "id": self.id, "name": self.name, "input": self.input}


@dataclass(frozen=True, slots=True)
class Given:
    """A block that arrives whole, such as the results of a web search."""

    content: JSON

    def block(self) -> JSON:
        """Return the content block."""
        return self.content


Piece = Wait | Text | Thinking | ToolUse | Given


@dataclass(frozen=True, slots=True)
class Stop:
    """The regular ending, with its `stop_reason` and what belongs to it."""

    reason: str = "end_turn"
    sequence: str | None = None
    details: JSON | None = None


@dataclass(frozen=True, slots=True)
class Cut:
    """The connection breaks."""


@dataclass(frozen=True, slots=True)
class Hang:
    """Nothing more comes, until the client gives up."""


Ending = Stop | Cut | Hang | ApiError


@dataclass(frozen=True)
class Turn:
    """Pieces in their order, and the ending."""

    pieces: list[Piece] = field(default_factory=list)
    ending: Ending = field(default_factory=Stop)

    @property
    def spoken(self) -> list[Text | Thinking | ToolUse | Given]:
        """The pieces that become content blocks."""
        return [piece for piece in self.pieces if not isinstance(piece, Wait)]

    def content(self) -> list[JSON]:
        """Return the content blocks of the whole message."""
        return [piece.block() for piece in self.spoken]

    def output_usage(self) -> JSON:
        """Return the output half of a `usage` object: 3 bytes of what was written are a token."""
        size = sum(map(_size, self.spoken))
        searches = sum(isinstance(piece, ToolUse) and piece.server for piece in self.pieces)
        usage: JSON = {"output_tokens": max(1, tokens(size))}
        if searches:
            usage["server_tool_use"] = {"web_search_requests": searches, "web_fetch_requests": 0}
        return usage

    def silence(self) -> float:
        """Return the seconds for which nothing comes before the first piece."""
        total = 0.0
        for piece in self.pieces:
            if not isinstance(piece, Wait):
                break
            total += piece.seconds
        return total

    def duration(self) -> float:
        """Return the seconds that the turn takes as a whole."""
        return sum(getattr(piece, "seconds", 0.0) for piece in self.pieces)


def within_limits(turn: Turn, call: Call) -> Turn:
    """Return the turn as far as `stop_sequences` and `max_tokens` let it go."""
    for sequence in call.body.get("stop_sequences") or []:
        turn = _stopped_at(turn, sequence)
    budget = call.body["max_tokens"] * 3
    kept: list[Piece] = []
    for piece in turn.pieces:
        size = 0 if isinstance(piece, Wait) else _size(piece)
        if size > budget:
            if isinstance(piece, Text | Thinking):
                kept.append(replace(piece, text=_first_bytes(piece.text, budget)))
            return Turn([piece for piece in kept if getattr(piece, "text", "-")], Stop("max_tokens"))
        budget -= size
        kept.append(piece)
    return turn


def new_id(prefix: str) -> str:
    """Return an id like the API's, such as `msg_01…`."""
    return f"{prefix}_01{secrets.token_hex(11)}"


def _stopped_at(turn: Turn, sequence: str) -> Turn:
    for index, piece in enumerate(turn.pieces):
        if isinstance(piece, Text) and sequence in piece.text:
            rest = piece.text.split(sequence)[0]
            kept = [replace(piece, text=rest)] if rest else []
            return Turn([*turn.pieces[:index], *kept], Stop("stop_sequence", sequence))
    return turn


def _size(piece: Any) -> int:
    """Return the bytes that the model wrote; the results of a server tool are not its own."""
    if isinstance(piece, Text | Thinking):
        return len(piece.text.encode("utf-8", "surrogatepass"))
    return len(json.dumps(piece.input)) if isinstance(piece, ToolUse) else 0


def _first_bytes(text: str, size: int) -> str:
    return text.encode("utf-8", "surrogatepass")[:size].decode("utf-8", "ignore")
