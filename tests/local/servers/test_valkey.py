import pytest
from redis.asyncio import Redis
from redis.exceptions import AuthenticationError

from local.servers import Valkey


async def test_a_kill_keeps_what_was_written_a_flush_does_not(valkey: Valkey) -> None:
    async with Redis.from_url(valkey.url, decode_responses=True) as redis:
        await redis.set("kept", "yes")
    valkey.kill()
    valkey.start()
    async with Redis.from_url(valkey.url, decode_responses=True) as redis:
        assert await redis.get("kept") == "yes"
        valkey.flush()
        assert await redis.get("kept") is None


async def test_the_password_is_needed(valkey: Valkey) -> None:
    async with Redis(port=valkey.ports["redis"]) as redis:
        with pytest.raises(AuthenticationError):
            await redis.ping()
