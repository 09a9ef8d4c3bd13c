"""Flood control: how much a bot may send into one chat.

The real numbers are not public; these are what https://core.telegram.org/bots/faq#my-bot-is-hitting-limits says,
with the tolerance for bursts that is seen in practice. Sends and edits share one budget.
"""

import math
import time
from dataclasses import dataclass

from .records import Chat
from .wire import too_many_requests


@dataclass
class Limits:
    """The numbers, all of which a test may change."""

    private_per_second: float = 1.0
    private_burst: int = 30
    group_per_minute: float = 20.0
    group_burst: int = 20
    query_seconds: float = 15.0  # how long a callback query can be answered
    upload_megabytes: int = 50
    download_megabytes: int = 20


@dataclass
class _Bucket:
    tokens: float
    at: float


class FloodControl:
    """A bucket of tokens for each chat."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._buckets: dict[int, _Bucket] = {}

    def spend(self, chat: Chat) -> None:
        """Take one send or edit from the budget of a chat.

        Raises:
            ApiError: 429 with the seconds until the next one is allowed.
        """
        limits = self.limits
        rate = limits.private_per_second if chat.is_private else limits.group_per_minute / 60
        burst = limits.private_burst if chat.is_private else limits.group_burst
        now = time.monotonic()
        bucket = self._buckets.setdefault(chat.id, _Bucket(burst, now))
        bucket.tokens = min(bucket.tokens + (now - bucket.at) * rate, burst)
        bucket.at = now
        if bucket.tokens < 1:
            raise too_many_requests(math.ceil((1 - bucket.tokens) / rate))
        bucket.tokens -= 1

    def clear(self) -> None:
        """Fill every bucket."""
        self._buckets.clear()
