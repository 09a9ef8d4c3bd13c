"""The queue, behind which arq stands. PostgreSQL holds the truth; what is here is only a bell.

A job is enqueued under an id that says what it is for, so that ringing twice is ringing once, and a bell beside
arq's own sorted set wakes an idle worker at once (arq itself looks every half second).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from arq.connections import ArqRedis, RedisSettings, create_pool

QUEUE_NAME = "marketing-agent:queue"
BELL_KEY = "marketing-agent:bell"
_BELL_LENGTH = 1000


@dataclass(frozen=True, slots=True)
class Job:
    """A call by name. `args` are ids and numbers; `id` is what makes two rings one. A delayed job waits first."""

    name: str
    args: Sequence[str | int]
    id: str
    delay_seconds: float = 0.0


def encode(value: dict[str, Any]) -> bytes:
    """How a job travels: JSON, never pickle. What JSON has no word for travels as text."""
    return json.dumps(value, default=str).encode()


def decode(raw: bytes) -> dict[str, Any]:
    """Read a job; anything that is not a JSON object is refused.

    Raises:
        ValueError: the bytes are not ours.
    """
    value = json.loads(raw)
    if not isinstance(value, dict):
        raise TypeError("a job must be a JSON object")
    return value


async def connect(redis_url: str) -> ArqRedis:
    """The process's pool of Redis connections, from which arq, the FSM and pub/sub all draw.

    `rediss://` wants a certificate that can be verified, unless the address ends with `?ssl_cert_reqs=none`, as
    redis-py spells it: some providers sign their own.
    """
    settings = RedisSettings.from_dsn(redis_url)
    settings.ssl_cert_reqs = parse_qs(urlsplit(redis_url).query).get("ssl_cert_reqs", ["required"])[0]
    settings.conn_retries = 10
    return await create_pool(
        settings, job_serializer=encode, job_deserializer=decode, default_queue_name=QUEUE_NAME
    )


class Queue:
    """Where jobs are put. Workers take them in `jobs.worker`."""

    def __init__(self, redis: ArqRedis) -> None:
        self._redis = redis

    async def put(self, job: Job) -> None:
        """Enqueue a job unless it waits already, and wake one idle worker."""
        await self._redis.enqueue_job(job.name, *job.args, _job_id=job.id, _defer_by=job.delay_seconds or None)
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.lpush(BELL_KEY, job.id)
            pipe.ltrim(BELL_KEY, 0, _BELL_LENGTH)
            await pipe.execute()

    async def length(self) -> int:
        """How many jobs wait."""
        return int(await self._redis.zcard(QUEUE_NAME))
