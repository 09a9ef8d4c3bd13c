"""One run with all that belongs to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from core.errors import NotFoundError
from core.runtime import Runtime
from storage.clients import ClientRepository
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
        run = await RunRepository(unit.session).get(run_id)
        if run is None:
            raise NotFoundError
        attempts = await RunRepository(unit.session).attempts(run_id)
        outputs = await OutputRepository(unit.session).of_run(run_id)
        client = await ClientRepository(unit.session).get(user_id, run.client_id) if run.client_id else None
    return Overview(await standing(runtime, run), client.slug if client else None, attempts, outputs)


async def standing(runtime: Runtime, run: Run) -> Standing:
    """Where a run stands. A place in line counts everybody's runs."""
    async with runtime.system_unit() as unit:
        skill = await SkillRepository(unit.session).name_of(run.skill_id)
        position = await unit.runs.ahead_of(run) + 1 if run.status == "queued" else None
    return Standing(run, skill, position)
