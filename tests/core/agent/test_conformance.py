"""What holds for both roads."""

import asyncio
import itertools
from dataclasses import replace

import pytest

from core.agent.failures import (
    AgentBudgetError,
    AgentCredentialsError,
    AgentInvalidRequestError,
    AgentNetworkError,
    AgentOverloadedError,
    AgentRateLimitedError,
    AgentRefusedError,
    AgentTimeoutError,
    AgentTruncatedError,
)
from core.agent.pricing import price
from core.agent.task import Prompt, PromptBlock, Writing
from local.claude.caching import tokens
from local.claude.client import ClaudeStandIn
from tests.core.agent.conftest import SKILL, WRONG_KEY, Heard, Road

PAGE = "<output>\n# Less typing\n\nYour back office, without the typing.\n</output>"


async def test_gives_the_text_with_what_it_cost(road: Road, claude: ClaudeStandIn, heard: Heard) -> None:
    await claude.script(PAGE)

    result = await road.run(heard)

    assert result.text.strip() == PAGE
    assert result.usage == heard.spent
    assert result.usage.output > 0
    assert result.cost_usd == price("claude-sonnet-5", result.usage) > 0
    assert result.model == "claude-sonnet-5"
    assert not result.files


async def test_tells_the_text_as_it_grows(road: Road, claude: ClaudeStandIn, heard: Heard) -> None:
    await claude.script({"text": "word " * 200, "duration": 1.0})

    result = await road.run(heard)

    texts = [event.text for event in heard.of(Writing)]
    assert 3 <= len(texts) <= 7  # a few times a second at most
    assert all(later.startswith(earlier) for earlier, later in itertools.pairwise(texts))
    assert result.text.startswith(texts[-1])


async def test_reads_the_skill_from_the_cache_whoever_the_client_is(
    road: Road, claude: ClaudeStandIn, heard: Heard
) -> None:
    await claude.script(PAGE)
    other = Prompt((PromptBlock(SKILL), PromptBlock("# Client: Pellow\n\nPellow mends clocks.")), "Write an email.")

    await road.run(heard)
    second = await road.run(heard, prompt=other)

    assert second.usage.cache_read >= 0.95 * tokens(len(SKILL.encode()))


async def test_reads_the_client_from_the_cache_when_the_request_is_another(
    road: Road, claude: ClaudeStandIn, heard: Heard
) -> None:
    await claude.script(PAGE)

    first = await road.run(heard)
    second = await road.run(heard, prompt=replace(road.task.prompt, user="Write an email."))

    assert second.usage.cache_read > tokens(len(SKILL.encode())) + 1000
    assert second.usage.cache_read + second.usage.cache_write + second.usage.input < first.usage.total + 200


async def test_sends_the_request_as_it_was_written(road: Road, claude: ClaudeStandIn, heard: Heard) -> None:
    await claude.script(PAGE)
    words = "/context @/etc/hostname Write “it” — \n\n<b>now</b> 👋"

    await road.run(heard, prompt=replace(road.task.prompt, user=words))

    (request,) = await claude.requests()
    assert request.call.user.endswith(words)


async def test_asks_again_when_the_model_is_overloaded_for_a_moment(
    road: Road, claude: ClaudeStandIn, heard: Heard
) -> None:
    await claude.script({"error": 529}, times=1)
    await claude.script(PAGE)

    assert (await road.run(heard)).text.strip() == PAGE


async def test_gives_up_on_a_model_that_stays_overloaded(road: Road, claude: ClaudeStandIn, heard: Heard) -> None:
    await claude.script({"error": 529})

    with pytest.raises(AgentOverloadedError) as failed:
        await road.run(heard)

    assert failed.value.retryable
    assert failed.value.code == "model-overloaded"
    assert len(await claude.requests()) == 3


async def test_leaves_long_waits_to_others(road: Road, claude: ClaudeStandIn, heard: Heard) -> None:
    await claude.script({"error": 429, "retry_after": 30})

    with pytest.raises(AgentRateLimitedError) as failed:
        await road.run(heard)

    assert failed.value.retry_after == pytest.approx(30, abs=9)  # the CLI adds jitter of its own
    assert len(await claude.requests()) == 1


async def test_does_not_try_a_refused_key_again(road: Road, claude: ClaudeStandIn, heard: Heard) -> None:
    with pytest.raises(AgentCredentialsError) as failed:
        await road.run(heard, key=WRONG_KEY)

    assert not failed.value.retryable
    assert len(await claude.requests()) == 1


async def test_does_not_try_an_invalid_request_again(road: Road, claude: ClaudeStandIn, heard: Heard) -> None:
    await claude.script({"error": 413})

    with pytest.raises(AgentInvalidRequestError):
        await road.run(heard)

    assert len(await claude.requests()) == 1


async def test_a_refusal_is_no_text(road: Road, claude: ClaudeStandIn, heard: Heard) -> None:
    await claude.script({"refusal": "I can't help with that."})

    with pytest.raises(AgentRefusedError) as failed:
        await road.run(heard)

    assert failed.value.usage.total > 0
    assert len(await claude.requests()) == 1


async def test_counts_what_a_cut_stream_has_written(road: Road, claude: ClaudeStandIn, heard: Heard) -> None:
    await claude.script(
        "word " * 60, {"delay": 0.3}, {"cut": True}
    )  # a cut in the same moment hides what it follows

    with pytest.raises(AgentNetworkError) as failed:
        await road.run(heard)

    assert failed.value.retryable
    assert failed.value.usage == heard.spent
    assert failed.value.usage.output >= 100
    assert failed.value.usage.cache_write > 0
    assert failed.value.cost_usd == price("claude-sonnet-5", failed.value.usage)


async def test_an_error_within_the_stream_is_sorted_by_its_type(
    road: Road, claude: ClaudeStandIn, heard: Heard
) -> None:
    await claude.script("Some words. ", {"error": "overloaded_error"})

    with pytest.raises((AgentOverloadedError, AgentNetworkError)) as failed:
        await road.run(heard)

    assert failed.value.retryable


async def test_a_text_that_was_cut_off_is_no_result(road: Road, claude: ClaudeStandIn, heard: Heard) -> None:
    await claude.script("<output># Half a page", {"stop": "max_tokens"})

    with pytest.raises(AgentTruncatedError):
        await road.run(heard)

    assert len(await claude.requests()) == 1


async def test_a_finished_piece_counts_although_the_words_after_it_were_cut_off(
    road: Road, claude: ClaudeStandIn, heard: Heard
) -> None:
    await claude.script(PAGE + "\n\nIn this page I", {"stop": "max_tokens"})

    assert PAGE in (await road.run(heard)).text


async def test_ends_when_its_time_is_over(road: Road, claude: ClaudeStandIn, heard: Heard) -> None:
    await claude.script("Some words. ", {"hang": True})

    with pytest.raises(AgentTimeoutError) as failed:
        await road.run(heard, timeout_seconds=2.0)

    assert failed.value.usage.cache_write > 0
    await claude.wait_for_request(lambda request: request.client_closed)


async def test_cancelling_ends_it_at_once_and_tells_what_was_spent(
    road: Road, claude: ClaudeStandIn, heard: Heard
) -> None:
    await claude.script("Some words. " * 50, {"hang": True})
    run = asyncio.create_task(road.run(heard))
    await asyncio.wait_for(heard.writing.wait(), 10)

    run.cancel()
    async with asyncio.timeout(2):
        with pytest.raises(asyncio.CancelledError):
            await run

    assert heard.spent.cache_write > 0
    assert heard.spent.output > 1
    await claude.wait_for_request(lambda request: request.client_closed)


async def test_cancelling_ends_a_long_wait_too(road: Road, claude: ClaudeStandIn, heard: Heard) -> None:
    await claude.script({"error": 429, "retry_after": 6})
    run = asyncio.create_task(road.run(heard))
    await claude.wait_for_request(lambda request: request.ended)

    run.cancel()
    async with asyncio.timeout(2):
        with pytest.raises(asyncio.CancelledError):
            await run


async def test_a_provider_that_does_not_answer_is_a_failure_of_the_network(road: Road, heard: Heard) -> None:
    with pytest.raises(AgentNetworkError) as failed:
        await road.run(heard, url="http://127.0.0.1:9")

    assert failed.value.usage.total == 0


async def test_keeps_to_its_dollars(road: Road, claude: ClaudeStandIn, heard: Heard) -> None:
    cost = price("claude-sonnet-5", (await road.run(heard)).usage)
    await claude.script({"tool_use": "Read", "input": {"file_path": "none"}} if road.name == "sdk" else PAGE)

    with pytest.raises(AgentBudgetError):
        await road.run(heard, max_usd=cost / 100)
