"""Counting what a task uses, turn by turn, from the `usage` objects of the Messages API."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from core.agent.task import TokenUsage

BYTES_PER_TOKEN = 3  # for estimates; errs on the dear side for most languages
_NAMES = {
    "input": "input_tokens",
    "output": "output_tokens",
    "cache_read": "cache_read_input_tokens",
    "cache_write": "cache_creation_input_tokens",
}


def estimated_tokens(text: str) -> int:
    """About how many tokens a text has, rounded up."""
    return -(-len(text.encode("utf-8", "replace")) // BYTES_PER_TOKEN)


class Meter:
    """Adds up the turns of one task. A turn's numbers are cumulative, and the last ones are in force."""

    def __init__(self) -> None:
        self._ended = TokenUsage()
        self._turn = TokenUsage()
        self._open = False

    @property
    def usage(self) -> TokenUsage:
        """All that was used so far."""
        return self._ended + self._turn

    def begin_turn(self, raw: Mapping[str, Any]) -> None:
        """A turn starts with these numbers: `usage` of a `message_start`."""
        self._ended, self._turn, self._open = self.usage, TokenUsage(), True
        self._read(raw)

    def end_turn(self, raw: Mapping[str, Any]) -> None:
        """A turn ends with these numbers: `usage` of a `message_delta`."""
        self._read(raw)
        self._open = False

    def break_off(self, text: str) -> None:
        """If a turn was cut short, count what was written: it is billed, though nobody said how much it was."""
        if self._open:
            self._turn = replace(self._turn, output=max(self._turn.output, estimated_tokens(text)))
            self._open = False

    def at_least(self, usage: TokenUsage) -> None:
        """Another count of the same task: of each number, the higher one holds."""
        mine = self.usage
        names = TokenUsage.__slots__
        self._ended = TokenUsage(*(max(getattr(mine, name), getattr(usage, name)) for name in names))
        self._turn = TokenUsage()

    def _read(self, raw: Mapping[str, Any]) -> None:
        given = {ours: raw[theirs] for ours, theirs in _NAMES.items() if raw.get(theirs) is not None}
        searches = (raw.get("server_tool_use") or {}).get("web_search_requests") or self._turn.searches
        self._turn = replace(self._turn, searches=searches, **given)
