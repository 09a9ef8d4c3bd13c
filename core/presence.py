"""Which workers are there: each says so every few seconds, and is forgotten when it falls silent."""

import asyncio
from contextlib import suppress

from redis.asyncio import Redis
from redis.exceptions import RedisError

from core.logging import get_logger

SILENT_SECONDS = 15
_EVERY_SECONDS = 5.0
_KEY = "marketing-agent:workers"
log = get_logger(__name__)


async def keep_present(redis: Redis, name: str) -> None:
    """Say every five seconds, by Redis's clock, that the worker `name` is there; cancelled, that it is gone."""
    try:
        while True:
            try:
                await redis.zadd(_KEY, {name: (await redis.time())[0]})
            except (RedisError, OSError) as error:
                log.warning("presence_not_told", error=str(error))
            await asyncio.sleep(_EVERY_SECONDS)
    finally:
        with suppress(RedisError, OSError):
            await redis.zrem(_KEY, name)


async def workers_seen(redis: Redis) -> int:
    """How many workers said within the last 15 seconds that they are there."""
    now = (await redis.time())[0]
    await redis.zremrangebyscore(_KEY, "-inf", now - SILENT_SECONDS)
    return int(await redis.zcard(_KEY))
