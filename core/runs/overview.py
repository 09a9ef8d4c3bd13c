"""One run with all that belongs to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core.errors import NotFoundError
from core.runtime import Runtime
from storage.models import Output, Run, RunAttempt
from storage.outputs import OutputRepository
from storage.runs import RunRepository
from storage.skills import SkillRepository


@dataclass(frozen=True, slots=True)
class Standing:
    """A run, the name of its skill, and its place in line from 1, or None when it is not in line."""

    run: Run
    skill: str
    position: int | None


@dataclass(frozen=True, slots=True)
class Overview:
    """Where a run stands, its client's slug, its tries, and what it made."""

    standing: Standing
    client: str | None
    attempts: Sequence[RunAttempt]
    outputs: Sequence[Output]


async def overview(runtime: Runtime, user_id: UUID, run_id: UUID) -> Overview:
    """A run of this user, with its tries and its outputs.

    Raises:
        NotFoundError: there is none.
    """
    async with runtime.unit(user_id) as unit:
        runs = RunRepository(unit.session)
        found = await runs.with_names(run_id)
        if found is None:
            raise NotFoundError
        run, skill, client = found
        attempts = await runs.attempts(run_id)
        outputs = await OutputRepository(unit.session).of_run(run_id)
    return Overview(Standing(run, skill, await _position(runtime, run)), client, attempts, outputs)


async def standing(runtime: Runtime, run: Run) -> Standing:
    """Where a run stands."""
    async with runtime.unit(run.user_id) as unit:
        skill = await SkillRepository(unit.session).name_of(run.skill_id)
    return Standing(run, skill, await _position(runtime, run))


async def _position(runtime: Runtime, run: Run) -> int | None:
    """A place in line counts everybody's runs."""
    if run.status != "queued":
        return None
    async with runtime.system_unit() as unit:
        return await unit.runs.ahead_of(run) + 1
