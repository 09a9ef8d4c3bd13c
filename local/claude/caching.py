"""Honest accounting: a token is 3 bytes, and a prefix is cached only where a breakpoint says so.

The rules are those of https://platform.claude.com/docs/en/build-with-claude/prompt-caching: the prompt is tools,
then system, then messages; an entry is written at each `cache_control`; a request reads the longest entry that ends
at a breakpoint or at most 20 blocks before one; shorter prefixes than the model's minimum are not cached; entries
live 5 minutes (or the hour they ask for) after their last use.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from local.claude.call import JSON, Call, blocks, is_attribution

BYTES_PER_TOKEN = 3
LOOK_BACK = 20  # blocks before a breakpoint in which an earlier entry is still found
LIFETIMES = {"5m": 300.0, "1h": 3600.0}


def tokens(size: int) -> int:
    """Return the tokens that `size` bytes count for, rounded up."""
    return -(-size // BYTES_PER_TOKEN)


@dataclass(frozen=True, slots=True)
class Segment:
    """One block of a prompt.

    `content` is what counts, `salt` what else must be equal for the prefix to be the same, `lifetime` how many
    seconds a breakpoint behind the block keeps the prefix.
    """

    content: bytes
    salt: bytes = b""
    lifetime: float | None = None


@dataclass(frozen=True, slots=True)
class Boundary:
    """Where a prefix ends: its digest and its length in tokens."""

    digest: bytes
    size: int
    lifetime: float | None


@dataclass(frozen=True, slots=True)
class InputUsage:
    """How the tokens of a prompt are billed; the three numbers add up to the whole prompt."""

    fresh: int
    written: int = 0
    read: int = 0
    written_for_an_hour: int = 0

    def report(self) -> JSON:
        """Return the input half of a `usage` object."""
        return {
            "input_tokens": self.fresh,
            "cache_creation_input_tokens": self.written,
            "cache_read_input_tokens": self.read,
            "cache_creation": {
                "ephemeral_5m_input_tokens": self.written - self.written_for_an_hour,
                "ephemeral_1h_input_tokens": self.written_for_an_hour,
            },
            "service_tier": "standard",
        }


@dataclass(frozen=True, slots=True)
class Entry:
    """A warm prefix: warm until when, and for how many seconds each reading keeps it so."""

    until: float
    lifetime: float


@dataclass
class PromptCache:
    """The prefixes that are warm, by digest. `clock` gives seconds and may be replaced."""

    clock: Callable[[], float] = time.monotonic
    _entries: dict[bytes, Entry] = field(default_factory=dict)

    def charge(self, call: Call) -> InputUsage:
        """Bill the prompt of `call`, refresh the entry that it reads, and keep those that it writes."""
        now = self.clock()
        boundaries = list(_boundaries(call))
        marks = [index for index, boundary in enumerate(boundaries) if boundary.lifetime]
        read = self._read(boundaries, marks, now)
        size, for_an_hour = read, 0
        for boundary in (boundaries[mark] for mark in marks):
            if boundary.size < call.model.cacheable or boundary.lifetime is None:
                continue
            if boundary.size > size:
                for_an_hour += boundary.size - size if boundary.lifetime == LIFETIMES["1h"] else 0
                size = boundary.size
            self._entries[boundary.digest] = Entry(now + boundary.lifetime, boundary.lifetime)
        self._forget(now)
        return InputUsage(boundaries[-1].size - size, size - read, read, for_an_hour)

    def clear(self) -> None:
        """Let every prefix grow cold."""
        self._entries.clear()

    def _read(self, boundaries: list[Boundary], marks: list[int], now: float) -> int:
        """Return the tokens of the longest warm prefix within reach of a breakpoint, and keep it warm."""
        reachable = {i for mark in marks for i in range(max(0, mark - LOOK_BACK), mark + 1)}
        for boundary in (boundaries[i] for i in sorted(reachable, reverse=True)):
            entry = self._entries.get(boundary.digest)
            if entry and entry.until > now:
                self._entries[boundary.digest] = Entry(now + entry.lifetime, entry.lifetime)
                return boundary.size
        return 0

    def _forget(self, now: float) -> None:
        if len(self._entries) > 10_000:  # noqa: PLR2004 - a bound on memory, not a rule
            self._entries = {digest: entry for digest, entry in self._entries.items() if entry.until > now}


def count_input(call: Call) -> int:
    """Return the tokens of the whole prompt, without touching any cache."""
    return list(_boundaries(call))[-1].size


def _boundaries(call: Call) -> Iterator[Boundary]:
    body = call.body
    form = (body.get("output_config") or {}).get("format")
    digest, size = hashlib.sha256(_json([call.account, body["model"], form])), 0
    segments = [*_tools(call), *_system(body), *_messages(body)]
    automatic = _lifetime(body)  # a top-level cache_control marks the last block
    for segment in segments:
        digest.update(b"%d:%d:" % (len(segment.salt), len(segment.content)) + segment.salt + segment.content)
        size += len(segment.content)
        lifetime = automatic if automatic and segment is segments[-1] else segment.lifetime
        yield Boundary(digest.digest(), tokens(size), lifetime)


def _tools(call: Call) -> Iterator[Segment]:
    for tool in call.tools:
        yield Segment(_bytes(tool), b"tool", _lifetime(tool))


def _system(body: JSON) -> Iterator[Segment]:
    for block in blocks(body.get("system") or []):
        if not is_attribution(block["text"]):
            yield Segment(_bytes(block), b"system", _lifetime(block))


def _messages(body: JSON) -> Iterator[Segment]:
    # another tool choice or way of thinking makes the messages another prefix, but not tools and system
    settings = _json([body.get("tool_choice"), body.get("thinking")])
    for message in body["messages"]:
        for block in blocks(message["content"]):
            yield Segment(_bytes(block), settings + message["role"].encode(), _lifetime(block))


def _lifetime(holder: JSON) -> float | None:
    mark = holder.get("cache_control")
    return LIFETIMES[mark.get("ttl", "5m")] if mark else None


def _bytes(block: JSON) -> bytes:
    """Return what counts of a block: text as it is, anything else as compact JSON without its breakpoint."""
    if block.get("type") == "text":
        return str(block["text"]).encode("utf-8", "surrogatepass")
    return _json({key: value for key, value in block.items() if key != "cache_control"})


def _json(value: Any) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")
