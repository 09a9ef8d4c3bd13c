"""From feedback to proposals: what is new is counted, and what it has in common is proposed.

Models are asked while no transaction is open. One transaction in the end adds the proposals and counts the
feedback, after a look whether somebody else did meanwhile; what failed stays uncounted, and is tried again.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from core.agent.failures import AgentError
from core.learning.feedback_file import write_feedback
from core.learning.finding import CANDIDATE_FOR, Look, several_skills
from core.learning.summary import PERIOD, summarise
from core.learning.watching import watch
from core.logging import get_logger
from core.runtime import Runtime
from storage.learning import Judged, LearningRepository, held_alone
from storage.models.base import utc_now

_MOST_FRESH, _MOST_CANDIDATES = 500, 60
_FILES_AT_ONCE = 8
_WEEK = timedelta(days=7)
log = get_logger(__name__)


async def process_feedback(runtime: Runtime, skill_id: UUID) -> list[UUID]:
    """Count the feedback on a skill that is new, and propose what it asks for; the proposals made.

    Does nothing while another process is at it.

    Raises:
        AgentError: a model did not answer, or made no sense. What depends on that is uncounted.
    """
    async with held_alone(runtime.engine, str(skill_id)) as mine:
        return await _process(runtime, skill_id) if mine else []


async def review(runtime: Runtime) -> list[UUID]:
    """The weekly look: what was left of every skill, then what holds for all of them; the proposals made.

    Raises:
        AgentError: a model did not answer, or made no sense; the rest was done all the same.
    """
    made: list[UUID] = []
    failure: AgentError | None = None
    async with runtime.system_unit() as unit:
        due = await LearningRepository(unit.session).due(quiet_for=timedelta(0))
    for skill_id in due:
        try:
            made += await process_feedback(runtime, skill_id)
        except AgentError as error:
            failure = error
    async with held_alone(runtime.engine, "everybody") as mine:
        if mine:
            made += await _review_together(runtime)
    if failure is not None:
        raise failure
    return made


async def _process(runtime: Runtime, skill_id: UUID) -> list[UUID]:
    async with runtime.system_unit() as unit:
        learning = LearningRepository(unit.session)
        fresh = await learning.unprocessed(skill_id, limit=_MOST_FRESH)
        candidates = await learning.candidates(skill_id, younger_than=CANDIDATE_FOR, limit=_MOST_CANDIDATES)
        scored = await learning.scores(skill_id, younger_than=2 * PERIOD)
        ended, failed = await learning.ended(skill_id, younger_than=PERIOD)
    if not fresh:
        return []
    summary = summarise(scored, now=utc_now(), ended=ended, failed=failed)
    await _write_files(runtime, fresh)
    await watch(runtime, skill_id)
    names_something = {it.feedback.id for it in candidates} & {it.feedback.id for it in fresh}
    work = Look(runtime, candidates if names_something else (), summary.in_words())
    await work.find(("skill", "client"))
    made = await work.keep(skill_id, fresh)
    log.info(
        "feedback_processed", skill=fresh[0].skill.name, fresh=len(fresh), candidates=len(candidates),
        proposals=len(made), mean=summary.total.mean, trend=summary.total.trend, failures=summary.failures,
    )  # fmt: skip
    if work.failure is not None:
        raise work.failure
    return made


async def _review_together(runtime: Runtime) -> list[UUID]:
    """What several skills have in common, of what made no proposal for one of them."""
    async with runtime.system_unit() as unit:
        candidates = await LearningRepository(unit.session).candidates(
            None, younger_than=CANDIDATE_FOR, limit=_MOST_CANDIDATES
        )
    this_week = any(it.feedback.changed_at > utc_now() - _WEEK for it in candidates)
    work = Look(runtime, candidates if this_week and several_skills(candidates) else (), "")
    await work.find(("global",))
    made = await work.keep(None, ())
    if work.failure is not None:
        raise work.failure
    return made


async def _write_files(runtime: Runtime, fresh: Sequence[Judged]) -> None:
    gate = asyncio.Semaphore(_FILES_AT_ONCE)

    async def write(judged: Judged) -> None:
        async with gate:
            await write_feedback(runtime, judged)

    async with asyncio.TaskGroup() as group:
        for judged in fresh:
            group.create_task(write(judged))
