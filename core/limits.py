"""How often somebody may do something: counts in Redis, so that a limit holds over all processes."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from redis.asyncio import Redis

WINDOW_SECONDS = 60
LIMITS: Mapping[str, int] = MappingProxyType(
    {"all": 100, "detect": 60, "runs": 20, "complex": 5, "downloads": 100, "feedback": 30, "address": 30}
)
"""Calls a minute: of a user, and of an address without a key."""


def scaled(factor: float) -> Mapping[str, int]:
    """The limits, multiplied; at least one call each."""
    return {name: max(int(limit * factor), 1) for name, limit in LIMITS.items()}


# Counts all, or none when one is full, so that a refused call costs nothing of the others.
_TAKE = """
local counts = {}
for i, key in ipairs(KEYS) do
  counts[i] = tonumber(redis.call('GET', key) or '0')
  if counts[i] >= tonumber(ARGV[i + 1]) then return {i, counts[i]} end
end
for i, key in ipairs(KEYS) do
  counts[i] = redis.call('INCR', key)
  if counts[i] == 1 then redis.call('EXPIRE', key, ARGV[1]) end
end
return {0, unpack(counts)}
"""


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left: `remaining` of `limit` calls under the policy `name`, for `reset_seconds` more."""

    name: str
    limit: int
    remaining: int
    reset_seconds: int

    @property
    def is_used_up(self) -> bool:
        """Whether the call that asked was one too many."""
        return self.remaining < 0


class RateLimiter:
    """One for each process."""

    def __init__(self, redis: Redis, limits: Mapping[str, int] = LIMITS) -> None:
        self._limits = limits
        self._take = redis.register_script(_TAKE)

    async def take(self, who: str, names: Sequence[str]) -> Allowance:
        """Count a call of `who` under each of these policies; the one with the least left, or which is full."""
        minute, into = divmod(int(time.time()), WINDOW_SECONDS)
        limits = [self._limits[name] for name in names]
        keys = [f"marketing-agent:limit:{name}:{who}:{minute}" for name in names]
        full, *counts = await self._take(keys=keys, args=[WINDOW_SECONDS, *limits])
        left = WINDOW_SECONDS - into
        if full:
            return Allowance(names[full - 1], limits[full - 1], -1, left)
        rows = [
            Allowance(name, limit, limit - used, left)
            for name, limit, used in zip(names, limits, counts, strict=True)
        ]
        return min(rows, key=lambda row: row.remaining)
