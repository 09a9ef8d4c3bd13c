"""Queries about workflows: the library's, and the walks through them."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.models import Client, Delivery, Output, Run, Workflow, WorkflowRun, WorkflowStep
from storage.models.runs import TERMINAL
from storage.models.workflows import STEP_WAITS, WORKFLOW_ENDED
from storage.pages import Page, newest_first


class WorkflowLibraryRepository:
    """The rows that the library's sync writes."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def all(self) -> Sequence[Workflow]:
        """Every workflow, disabled ones too, by name."""
        return (await self._session.scalars(select(Workflow).order_by(col(Workflow.name)))).all()

    async def enabled(self) -> Sequence[Workflow]:
        """Every workflow that can be started, by name."""
        return (
            await self._session.scalars(select(Workflow).where(col(Workflow.enabled)).order_by(col(Workflow.name)))
        ).all()

    async def add(self, workflow: Workflow) -> None:
        """Keep a new workflow."""
        self._session.add(workflow)
        await self._session.flush()

    async def disable(self, names: Collection[str]) -> None:
        """Let these be started no more. Those under way go on by the plan that they began with."""
        await self._session.execute(update(Workflow).where(col(Workflow.name).in_(names)).values(enabled=False))


class WorkflowRepository:
    """Walks, their steps, and the messages that show them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, walk: WorkflowRun, steps: Sequence[WorkflowStep]) -> bool:
        """Keep a new walk with its steps; False if its `origin_key` has started one already."""
        added = await self._session.scalar(
            insert(WorkflowRun)
            .values(walk.model_dump())
            .on_conflict_do_nothing(index_elements=["origin_key"])
            .returning(col(WorkflowRun.id))
        )
        if added is None:
            return False
        self._session.add_all(steps)
        await self._session.flush()
        return True

    async def by_origin(self, origin_key: str) -> WorkflowRun | None:
        """The walk that this origin started."""
        return await self._session.scalar(select(WorkflowRun).where(col(WorkflowRun.origin_key) == origin_key))

    async def get(self, walk_id: UUID) -> WorkflowRun | None:
        """A walk by id, as the transaction may see it."""
        return await self._session.scalar(select(WorkflowRun).where(col(WorkflowRun.id) == walk_id))

    async def lock(self, walk_id: UUID) -> WorkflowRun | None:
        """A walk that nobody else changes until this transaction ends.

        It is taken before any run of the walk is locked, so that two who need both never wait for each other.
        """
        return await self._session.scalar(
            select(WorkflowRun)
            .where(col(WorkflowRun.id) == walk_id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )

    async def steps(self, walk_id: UUID) -> Sequence[WorkflowStep]:
        """The steps of a walk, in order, as they are now."""
        return (
            await self._session.scalars(
                select(WorkflowStep)
                .where(col(WorkflowStep.workflow_run_id) == walk_id)
                .order_by(col(WorkflowStep.position))
                .execution_options(populate_existing=True)
            )
        ).all()

    async def ended_runs(self, walk_id: UUID) -> dict[UUID, Run]:
        """The runs of a walk that have ended, by id."""
        rows = await self._session.scalars(
            select(Run)
            .where(col(Run.workflow_run_id) == walk_id, col(Run.status).in_(TERMINAL))
            .execution_options(populate_existing=True)
        )
        return {run.id: run for run in rows}

    async def outputs(self, steps: Sequence[WorkflowStep]) -> dict[UUID, Output]:
        """What these steps made, by the output's id."""
        ids = [step.output_id for step in steps if step.output_id]
        rows = await self._session.scalars(select(Output).where(col(Output.id).in_(ids)))
        return {output.id: output for output in rows}

    async def cost(self, walk_id: UUID) -> Decimal:
        """What all runs of a walk have cost so far, in US dollars."""
        total = await self._session.scalar(
            select(func.sum(Run.cost_usd)).where(col(Run.workflow_run_id) == walk_id)
        )
        return total or Decimal(0)

    async def newest_in(self, channel: str, chat_id: str) -> UUID | None:
        """The newest walk of a chat that has not ended."""
        return await self._session.scalar(
            select(col(WorkflowRun.id))
            .join(Delivery, col(Delivery.workflow_run_id) == WorkflowRun.id)
            .where(
                col(Delivery.channel) == channel,
                col(Delivery.chat_id) == chat_id,
                col(WorkflowRun.status).not_in(WORKFLOW_ENDED),
            )
            .order_by(col(WorkflowRun.id).desc())
            .limit(1)
        )

    async def client_of(self, walk: WorkflowRun) -> Client | None:
        """The client that a walk is for."""
        return await self._session.scalar(
            select(Client).where(col(Client.user_id) == walk.user_id, col(Client.id) == walk.client_id)
        )

    async def page(self, user_id: UUID, *, after: UUID | None, limit: int) -> Page[WorkflowRun]:
        """A user's walks, newest first."""
        query = select(WorkflowRun).where(col(WorkflowRun.user_id) == user_id)
        return await newest_first(self._session, query, col(WorkflowRun.id), after=after, limit=limit)

    async def left_behind(self, limit: int = 100) -> Sequence[UUID]:
        """Walks with a step that is running by its row while its run has ended."""
        return (
            await self._session.scalars(
                select(col(WorkflowStep.workflow_run_id))
                .join(Run, col(Run.id) == WorkflowStep.run_id)
                .where(col(WorkflowStep.status) == "running", col(Run.status).in_(TERMINAL))
                .distinct()
                .limit(limit)
            )
        ).all()

    async def remind(self, *, after: timedelta, limit: int = 100) -> None:
        """Let somebody be told, once, of each step that has waited for a person for `after`."""
        due = (
            select(col(WorkflowStep.id))
            .join(WorkflowRun, col(WorkflowRun.id) == WorkflowStep.workflow_run_id)
            .where(
                col(WorkflowStep.status).in_(STEP_WAITS),
                col(WorkflowStep.waiting_since) < func.now() - after,
                col(WorkflowStep.reminded_at).is_(None),
                col(WorkflowRun.status).not_in(WORKFLOW_ENDED),
            )
            .limit(limit)
        )
        rows = await self._session.scalars(
            update(WorkflowStep)
            .where(col(WorkflowStep.id).in_(due))
            .values(reminded_at=func.now())
            .returning(col(WorkflowStep.workflow_run_id))
            .execution_options(synchronize_session=False)
        )
        await self._session.execute(
            update(WorkflowRun)
            .where(col(WorkflowRun.id).in_(set(rows.all())))
            .values(nudge=True, revision=WorkflowRun.revision + 1)
            .execution_options(synchronize_session=False)
        )

    async def flush(self) -> None:
        """Write what was changed of a walk and its steps."""
        await self._session.flush()

    async def nudge(self, walk_id: UUID) -> None:
        """Let somebody be told with a sound that the walk waits for them."""
        await self._session.execute(
            update(WorkflowRun)
            .where(col(WorkflowRun.id) == walk_id)
            .values(nudge=True)
            .execution_options(synchronize_session=False)
        )

    async def take_nudge(self, walk_id: UUID) -> bool:
        """Whether somebody is to be told with a sound; asking takes it, so that it is told once."""
        taken = await self._session.scalar(
            update(WorkflowRun)
            .where(col(WorkflowRun.id) == walk_id, col(WorkflowRun.nudge))
            .values(nudge=False)
            .returning(col(WorkflowRun.id))
            .execution_options(synchronize_session=False)
        )
        return taken is not None
