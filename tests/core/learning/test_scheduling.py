"""When feedback is processed: after a pause, again after a failure, and on Mondays."""

import asyncio
from datetime import UTC, datetime

import pytest
from arq.constants import job_key_prefix
from sqlalchemy import text

from core.learning.scheduling import next_review, process_when_quiet, review_now, sweep_feedback
from core.queue import QUEUE_NAME
from core.runs.sweeper import sweep
from core.runtime import Runtime
from local.claude.client import ClaudeStandIn
from storage.models import Feedback
from tests.core.learning.past import SKILL, Past

_APPOINTED = text("SELECT available_at FROM outbox WHERE kind = 'appointment'")


@pytest.fixture
async def past(learner: Runtime) -> Past:
    """Three who complain of the same, just now."""
    past = Past(learner)
    client = await past.client("yaz")
    for _ in range(3):
        await past.run(client, 2, said="too long")
    return past


async def age(past: Past, seconds: float) -> None:
    """Let everybody have rated so long ago."""
    async with past.runtime.system_unit() as unit:
        await unit.session.execute(
            text("UPDATE feedback SET changed_at = now() - make_interval(secs => :ago)"), {"ago": seconds}
        )


async def process(past: Past) -> int:
    return len(await process_when_quiet(past.runtime, past.runtime.catalogue.get(SKILL).id))


async def waits(past: Past) -> list[float]:
    """In how many seconds the jobs on the queue are due."""
    now = datetime.now(UTC).timestamp()
    found = await past.runtime.redis.zrange(QUEUE_NAME, 0, -1, withscores=True)
    return [round(at / 1000 - now) for job, at in found if job.startswith(b"feedback:")]


async def test_it_waits_until_nobody_has_rated_for_a_minute(past: Past, claude: ClaudeStandIn) -> None:
    await age(past, 20)
    assert await process(past) == 0
    (wait,) = await waits(past)
    assert 38 <= wait <= 41
    assert await claude.requests() == []
    await age(past, 61)
    assert await process(past) == 1
    assert await process(past) == 0


async def test_each_word_of_a_judgement_rings_and_starts_the_minute_anew(past: Past) -> None:
    runtime, judged = past.runtime, past.complaints[0]
    job = f"feedback:{runtime.catalogue.get(SKILL).id}"
    await age(past, 600)

    async def last() -> datetime | None:
        async with runtime.system_unit() as unit:
            found: datetime | None = await unit.session.scalar(text("SELECT max(changed_at) FROM feedback"))
        return found

    async def ring(deed: str) -> None:
        await runtime.redis.flushdb()
        before = await last()
        async with runtime.unit(judged.user_id) as unit:
            match deed:
                case "rate":
                    await unit.feedback.rate(judged.output_id, judged.rater, 4, source="test")
                case "comment":
                    await unit.feedback.comment(judged.id, "dull", rater=judged.rater)
                case "severity":
                    await unit.feedback.severity(judged.id, "high", rater=judged.rater)
                case "judge":
                    again = Feedback(**judged.model_dump(exclude={"id", "created_at", "changed_at"}))
                    await unit.feedback.judge(again)
        after = await last()
        assert before is not None
        assert after is not None
        assert after > before
        assert await runtime.redis.exists(f"{job_key_prefix}{job}")
        assert await waits(past) == [60]

    for deed in ("rate", "comment", "severity", "judge"):
        await ring(deed)


async def test_a_failure_is_waited_out_ever_longer(past: Past, claude: ClaudeStandIn) -> None:
    await age(past, 61)
    await claude.script({"error": 401}, tools=["record_themes"])
    assert await process(past) == 0
    assert await waits(past) == [301]
    assert await process(past) == 0
    assert len(await claude.requests()) == 1  # it rests
    for minutes in (10, 20, 40, 80, 160, 320, 360):
        await _end_rest(past)
        assert await process(past) == 0
        assert await waits(past) == [minutes * 60 + 1]
    await claude.reset()
    await _end_rest(past)
    assert await process(past) == 1
    client = await past.client("pellow")
    for _ in range(3):
        await past.run(client, 2, said="full of jargon")
    await age(past, 61)
    await claude.script({"error": 401}, tools=["record_themes"])
    await _end_rest(past)
    await process(past)
    assert await waits(past) == [301]  # the first one again


async def _end_rest(past: Past) -> None:
    await past.runtime.redis.delete(QUEUE_NAME)
    await past.runtime.redis.delete(f"marketing-agent:learning-rests:{past.runtime.catalogue.get(SKILL).id}")


async def test_what_a_crash_left_is_rung_for(past: Past) -> None:
    await sweep_feedback(past.runtime)
    assert await waits(past) == []
    await age(past, 400)
    await sweep_feedback(past.runtime)
    assert len(await waits(past)) == 1


async def appointment(past: Past) -> datetime | None:
    async with past.runtime.system_unit() as unit:
        found: datetime | None = await unit.session.scalar(_APPOINTED)
    return found


async def let_it_be_monday(past: Past) -> None:
    async with past.runtime.system_unit() as unit:
        await unit.session.execute(text("UPDATE outbox SET available_at = now() WHERE kind = 'appointment'"))


async def reviews(past: Past) -> int:
    """How many bells for the weekly look are on the queue."""
    return len([job for job in await past.runtime.redis.zrange(QUEUE_NAME, 0, -1) if job.startswith(b"review:")])


async def test_the_weekly_look_is_rung_for_until_it_is_done_whatever_redis_forgets(past: Past) -> None:
    for _ in range(3):
        await sweep_feedback(past.runtime)
    assert (await appointment(past), await reviews(past)) == (next_review(datetime.now(UTC)), 0)
    await let_it_be_monday(past)
    for _ in range(2):
        await past.runtime.redis.flushdb()
        await sweep(past.runtime)
        await sweep_feedback(past.runtime)
        assert await reviews(past) == 1
    assert len(await review_now(past.runtime)) == 1
    assert await appointment(past) is None
    await sweep_feedback(past.runtime)
    assert await appointment(past) == next_review(datetime.now(UTC))


async def test_a_weekly_look_that_fails_is_had_an_hour_later(past: Past, claude: ClaudeStandIn) -> None:
    await sweep_feedback(past.runtime)
    await let_it_be_monday(past)
    await claude.script({"error": 401}, times=1)
    assert await review_now(past.runtime) == []
    later = await appointment(past)
    assert later is not None
    assert 3500 < (later - datetime.now(UTC)).total_seconds() <= 3600
    assert len(await review_now(past.runtime)) == 1


async def test_many_skills_at_once_leave_places_for_runs(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    await age(past, 61)
    monkeypatch.setattr("core.learning.scheduling._places", asyncio.Semaphore(0))
    assert await process(past) == 0
    assert await waits(past) == [10]


@pytest.mark.parametrize(
    ("now", "review"),
    [
        ("2026-03-02T08:59:59", "2026-03-02T09:00:00"),
        ("2026-03-02T09:00:00", "2026-03-09T09:00:00"),
        ("2026-03-04T12:00:00", "2026-03-09T09:00:00"),
        ("2026-03-08T23:59:59", "2026-03-09T09:00:00"),
    ],
)
def test_the_week_begins_on_monday_at_nine(now: str, review: str) -> None:
    assert next_review(_utc(now)) == _utc(review)


def _utc(written: str) -> datetime:
    return datetime.fromisoformat(f"{written}+00:00")
