"""Prompt caching as it is billed. Lengths are in bytes: 3 are a token, and Sonnet caches from 1024 tokens on."""

from typing import Any

import anthropic
import pytest

from local.claude.caching import PromptCache
from local.claude.call import Call

MARK = {"type": "ephemeral"}


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def cache(clock: Clock) -> PromptCache:
    return PromptCache(clock)


def text(letter: str, tokens: int, *, ttl: str = "") -> dict[str, Any]:
    block: dict[str, Any] = {"type": "text", "text": letter * 3 * tokens}
    return {**block, "cache_control": {**MARK, "ttl": ttl}} if ttl else block


def call(*system: dict[str, Any], ask: str = "abc", account: str = "", **more: Any) -> Call:
    body = {"model": "claude-sonnet-5", "max_tokens": 9, "system": list(system), **more}
    return Call({**body, "messages": [{"role": "user", "content": ask}]}, account)


def billed(cache: PromptCache, request: Call) -> tuple[int, int, int]:
    usage = cache.charge(request)
    return usage.fresh, usage.written, usage.read


def test_second_request_reads_what_the_first_wrote(cache: PromptCache) -> None:
    skill, client = text("s", 2000, ttl="5m"), text("c", 500, ttl="5m")
    assert billed(cache, call(skill, client)) == (1, 2500, 0)
    assert billed(cache, call(skill, client, ask="abcdef")) == (2, 0, 2500)
    assert billed(cache, call(skill, text("d", 500, ttl="5m"))) == (1, 500, 2000)


def test_one_byte_less_is_another_prefix(cache: PromptCache) -> None:
    billed(cache, call(text("s", 2000, ttl="5m")))
    changed = {**text("s", 2000, ttl="5m"), "text": "s" * 5999 + "t"}
    assert billed(cache, call(changed)) == (1, 2000, 0)


def test_short_prefixes_are_not_cached(cache: PromptCache) -> None:
    for _ in range(2):
        assert billed(cache, call(text("s", 1023, ttl="5m"))) == (1024, 0, 0)
    assert billed(cache, call(text("s", 1024, ttl="5m"))) == (1, 1024, 0)
    haiku = call(text("s", 4095, ttl="5m"), model="claude-haiku-4-5")
    assert billed(cache, haiku) == (4096, 0, 0)


def test_entries_grow_cold_unless_read(cache: PromptCache, clock: Clock) -> None:
    request = call(text("s", 2000, ttl="5m"))
    billed(cache, request)
    for _ in range(3):
        clock.now += 299
        assert billed(cache, request) == (1, 0, 2000)
    clock.now += 301
    assert billed(cache, request) == (1, 2000, 0)


def test_an_hour_is_told_apart(cache: PromptCache, clock: Clock) -> None:
    request = call(text("s", 2000, ttl="1h"), text("c", 100, ttl="5m"))
    report = cache.charge(request).report()["cache_creation"]
    assert report == {"ephemeral_5m_input_tokens": 100, "ephemeral_1h_input_tokens": 2000}
    clock.now += 3000
    assert billed(cache, request) == (1, 100, 2000)


def test_what_else_makes_another_prefix(cache: PromptCache) -> None:
    skill = text("s", 2000, ttl="5m")
    tool = {"name": "fetch", "input_schema": {"type": "object"}}
    billed(cache, call(skill))
    assert billed(cache, call(skill, account="somebody else's"))[2] == 0
    assert billed(cache, call(skill, model="claude-opus-4-6"))[2] == 0
    assert billed(cache, call(skill, tools=[tool]))[2] == 0
    assert billed(cache, call(skill, thinking={"type": "adaptive"}))[2] == 2000  # system stands before it


def test_a_growing_conversation_reads_its_past(cache: PromptCache) -> None:
    def turn(*words: str) -> Call:
        blocks: list[dict[str, Any]] = [{"type": "text", "text": word * 3000} for word in words]
        blocks[-1] = {**blocks[-1], "cache_control": MARK}
        return Call({"model": "claude-sonnet-5", "messages": [{"role": "user", "content": blocks}]})

    assert billed(cache, turn("a", "b")) == (0, 2000, 0)
    assert billed(cache, turn("a", "b", "c", "d")) == (0, 2000, 2000)
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    assert billed(cache, turn(*alphabet))[2] == 0  # the entry lies more than 20 blocks before the breakpoint
    cache.clear()
    billed(cache, turn(*alphabet[:4]))
    assert billed(cache, turn(*alphabet[:24]))[2] == 4000


def test_the_clis_attribution_line_is_not_part_of_the_prompt(cache: PromptCache) -> None:
    def line(version: str) -> dict[str, Any]:
        return {"type": "text", "text": f"x-anthropic-billing-header: cc_version={version};"}

    billed(cache, call(line("2.1.331.f79"), text("s", 2000, ttl="5m")))
    assert billed(cache, call(line("2.1.331.114"), text("s", 2000, ttl="5m"))) == (1, 0, 2000)


async def test_usage_over_http(api: anthropic.AsyncAnthropic) -> None:
    system: Any = [text("s", 2000, ttl="5m")]
    ask: Any = {"model": "claude-sonnet-5", "max_tokens": 9, "messages": [{"role": "user", "content": "abc"}]}
    first = await api.messages.create(**ask, system=system)
    async with api.messages.stream(**ask, system=system) as stream:
        second = await stream.get_final_message()
    assert (first.usage.cache_creation_input_tokens, first.usage.cache_read_input_tokens) == (2000, 0)
    assert (second.usage.cache_creation_input_tokens, second.usage.cache_read_input_tokens) == (0, 2000)
    assert second.usage.input_tokens == 1
