"""When feedback is processed: once nobody has rated a skill for a while, and on Mondays. The tables are the truth.

A failure is waited out, longer each time, so that a model that is away is not asked without end.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from uuid import UUID

from core.agent.failures import AgentError
from core.feedback.service import feedback_bell
from core.learning.processing import process_feedback, review
from core.logging import get_logger
from core.queue import Job
from core.runtime import Runtime
from storage.learning import LearningRepository
from storage.models.base import utc_now

_FIRST_WAIT = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=6)
_FORGET_FAILURES = timedelta(days=2)
_LEAST_WAIT_SECONDS = 10.0
_MONDAY, _HOUR = 0, 9
_BELL_EVERY_SECONDS = 300
_REVIEW_AGAIN_IN = timedelta(hours=1)
_WEEKLY = "review_feedback"
_places = asyncio.Semaphore(3)  # of a worker; each holds a connection, and a place that runs want too
log = get_logger(__name__)


async def process_when_quiet(runtime: Runtime, skill_id: UUID) -> list[UUID]:
    """Process the feedback on a skill, unless somebody rated it just now or it failed a while ago; then ring later.

    Gives the proposals made.
    """
    left = await _seconds_left(runtime, skill_id)
    if left is None or await runtime.redis.exists(_rest_key(skill_id)):
        return []
    if _places.locked():
        left = max(left, _LEAST_WAIT_SECONDS)
    if left:
        await _ring_in(runtime, skill_id, left)
        return []
    try:
        async with _places:
            made = await process_feedback(runtime, skill_id)
    except Exception as error:  # noqa: BLE001 - whatever it was, the feedback is there and is tried again
        await _rest(runtime, skill_id, error)
        return []
    await runtime.redis.delete(_failures_key(skill_id))
    left = await _seconds_left(runtime, skill_id)
    if left is not None:
        await _ring_in(runtime, skill_id, max(left, _LEAST_WAIT_SECONDS))
    return made


async def review_now(runtime: Runtime) -> list[UUID]:
    """The weekly look over all skills; the proposals made. What fails is logged, and tried again an hour later."""
    try:
        made = await review(runtime)
    except Exception as error:
        log.warning("feedback_review_failed", error=str(error)[:300], exc_info=_unexpected(error))
        async with runtime.system_unit() as unit:
            await LearningRepository(unit.session).put_off(_WEEKLY, utc_now() + _REVIEW_AGAIN_IN)
        return []
    async with runtime.system_unit() as unit:
        await LearningRepository(unit.session).done_with(_WEEKLY)
    return made


async def sweep_feedback(runtime: Runtime) -> None:
    """Ring for feedback that a crash left uncounted, and for the weekly look until it is done; appoint the next."""
    quiet = timedelta(seconds=runtime.settings.feedback_delay_seconds + _BELL_EVERY_SECONDS)
    suffix, now = f":{int(time.time() / _BELL_EVERY_SECONDS)}", utc_now()
    async with runtime.system_unit() as unit:
        learning = LearningRepository(unit.session)
        for skill_id in await learning.due(quiet_for=quiet):
            await unit.tell(feedback_bell(skill_id, suffix=suffix))
        if await learning.appointed(_WEEKLY, next_review(now)) <= now:
            await unit.tell(Job(_WEEKLY, (), f"review{suffix}"))


def next_review(now: datetime) -> datetime:
    """The first Monday, 09:00 UTC, after `now`."""
    at = now.astimezone(UTC).replace(hour=_HOUR, minute=0, second=0, microsecond=0)
    at += timedelta(days=(_MONDAY - at.weekday()) % 7)
    return at if at > now else at + timedelta(days=7)


async def _seconds_left(runtime: Runtime, skill_id: UUID) -> float | None:
    """How long until a skill was quiet for long enough; 0 if it is, None if all its feedback is counted."""
    async with runtime.system_unit() as unit:
        last = await LearningRepository(unit.session).last_change(skill_id)
    if last is None:
        return None
    due = last + timedelta(seconds=runtime.settings.feedback_delay_seconds)
    return max((due - utc_now()).total_seconds(), 0.0)


async def _rest(runtime: Runtime, skill_id: UUID, error: Exception) -> None:
    failures = int(await runtime.redis.incr(_failures_key(skill_id)))
    await runtime.redis.expire(_failures_key(skill_id), _FORGET_FAILURES)
    wait = min(_FIRST_WAIT * 2 ** min(failures - 1, 10), _LONGEST_WAIT)
    await runtime.redis.set(_rest_key(skill_id), 1, ex=wait)
    log.warning(
        "feedback_unprocessed", skill=str(skill_id), failures=failures, next_try_in=wait.total_seconds(),
        error=str(error)[:300], exc_info=_unexpected(error),
    )  # fmt: skip
    await _ring_in(runtime, skill_id, wait.total_seconds() + 1)


def _unexpected(error: Exception) -> Exception | None:
    """What is logged with its traceback: models fail now and then."""
    return None if isinstance(error, AgentError) else error


async def _ring_in(runtime: Runtime, skill_id: UUID, seconds: float) -> None:
    """Ring under an id of its own: that of the job which goes on is taken."""
    at = int((time.time() + seconds) * 1000)
    await runtime.queue.put(feedback_bell(skill_id, seconds, suffix=f":{at}"))


def _failures_key(skill_id: UUID) -> str:
    return f"marketing-agent:learning-failures:{skill_id}"


def _rest_key(skill_id: UUID) -> str:
    return f"marketing-agent:learning-rests:{skill_id}"
