"""Walks through workflows: started, decided about, moved on. Each call is part of one transaction."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import uuid_utils.compat as uuid
from sqlalchemy.ext.asyncio import AsyncSession

from core.channel import Place, WorkflowCard
from core.errors import BudgetReachedError, BudgetSpentError, NotFoundError, NothingToRunError, StepDecidedError
from core.queue import Job
from core.runs.plan import ReadyWorkflow
from core.runs.service import Shown, bell
from core.usage.budgets import require_budget
from core.webhooks.expecting import expect_webhooks
from core.workflows import engine
from core.workflows.cards import card_of
from storage.deliveries import DeliveryRepository
from storage.models import Delivery, Output, Run, WorkflowRun, WorkflowStep
from storage.models.base import utc_now
from storage.models.workflows import Decision
from storage.outputs import OutputRepository
from storage.pages import Page
from storage.runs import RunRepository
from storage.skills import SkillRepository
from storage.usage import UsageRepository
from storage.webhooks import WebhookRepository
from storage.workflows import WorkflowRepository

Tell = Callable[[Job], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class StartedWorkflow:
    """A walk that has begun; not `fresh` if its origin had begun it before."""

    walk: WorkflowRun
    fresh: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person decides. `tries` is the version of the step that they saw; None: whatever it is at."""

    decision: Decision
    by: str
    step: str | None = None
    comment: str | None = None
    tries: int | None = None


class WorkflowService:
    """Works in the transaction of the walk's owner, or of the system where a run has ended."""

    def __init__(self, session: AsyncSession, tell: Tell) -> None:
        self._walks = WorkflowRepository(session)
        self._runs = RunRepository(session)
        self._outputs = OutputRepository(session)
        self._skills = SkillRepository(session)
        self._deliveries = DeliveryRepository(session)
        self._usage = UsageRepository(session)
        self._webhooks = WebhookRepository(session)
        self._tell = tell

    async def start(
        self, plan: ReadyWorkflow, shown: Shown | None, *, walk_id: UUID | None = None
    ) -> StartedWorkflow:
        """Begin a walk: its rows, its message, and the runs of the steps that use nothing, all or nothing.

        A request that has begun a walk already gets that one, and nothing new happens.

        Raises:
            BudgetReachedError: a monthly limit is reached.
        """
        request, document = plan.request, plan.workflow
        row = WorkflowRun(
            id=walk_id or uuid.uuid7(),
            user_id=request.account.user_id,
            requested_by=request.account.person,
            origin_key=request.origin_key,
            workflow=document.name,
            title=document.title,
            client_id=plan.client.id if plan.client else None,
            client_guessed=plan.client_guessed,
            brief=request.text,
            plan=[step.model_dump(mode="json") for step in document.steps],
            notify=request.account.notify,
        )
        steps = [
            WorkflowStep(user_id=row.user_id, workflow_run_id=row.id, position=number, step=step.id)
            for number, step in enumerate(document.steps)
        ]
        if not await self._walks.add(row, steps):
            known = await self._walks.by_origin(request.origin_key)
            if known is None:
                raise NotFoundError("the origin's workflow belongs to somebody else")
            return StartedWorkflow(known, fresh=False)
        await require_budget(self._usage, row.user_id, request.account.monthly_budget_usd, plan.client)
        if shown is not None:
            await self._deliveries.add(_delivery(row, shown))
        return StartedWorkflow(await self._move(await self._held(row.id)), fresh=True)

    async def decide(self, walk_id: UUID, choice: Choice) -> WorkflowRun:
        """Take a person's decision, and go on from it. Of two at once the second finds it taken.

        Raises:
            NotFoundError: this user has no such walk, or it no such step.
            StepDecidedError: the step does not wait for this, or the walk has ended.
            NothingToRunError: a revision that says nothing.
            BudgetReachedError: it asks for a run, and a monthly limit is reached; nothing was decided.
        """
        walk = await self._held(walk_id)
        if walk.ended:
            raise StepDecidedError
        if choice.decision == "stop":
            for step in engine.stop(walk):
                if step.run_id is not None:
                    await self._runs.request_cancel(step.run_id)
            return await self._move(walk, changed=True)
        chosen = walk.step(choice.step or "")
        if chosen is None:
            raise NotFoundError
        if choice.decision not in engine.allowed(chosen) or choice.tries not in {None, chosen.tries}:
            raise StepDecidedError
        if choice.decision == "revise" and not (choice.comment or "").strip():
            raise NothingToRunError
        engine.decided(chosen, choice.decision, by=choice.by, comment=choice.comment)
        if choice.decision in {"revise", "retry"}:
            await self._begin(walk, chosen)
        return await self._move(walk, changed=True)

    async def revise_output(self, run: Run, output_id: UUID, comment: str, by: str) -> bool:
        """Take a revision of a piece as the decision on its step, where that waits for one; whether it did."""
        if run.workflow_run_id is None:
            return False
        steps = await self._walks.steps(run.workflow_run_id)
        waiting = [it for it in steps if it.output_id == output_id and it.status == "awaiting_input"]
        if not waiting:
            return False
        choice = Choice("revise", by, waiting[0].step, comment, waiting[0].tries)
        await self.decide(run.workflow_run_id, choice)
        return True

    async def hold(self, walk_id: UUID) -> None:
        """Keep others from changing a walk until this transaction ends; before anything of its runs is changed."""
        await self._walks.lock(walk_id)

    async def advance(self, walk_id: UUID) -> None:
        """Go on where runs of the walk have ended. Doing so twice changes nothing."""
        row = await self._walks.lock(walk_id)
        if row is not None:
            await self._move(engine.walk_of(row, await self._walks.steps(walk_id)))

    async def get(self, walk_id: UUID) -> WorkflowRun:
        """A walk.

        Raises:
            NotFoundError: this user has none such.
        """
        row = await self._walks.get(walk_id)
        if row is None:
            raise NotFoundError
        return row

    async def page(self, user_id: UUID, *, after: UUID | None = None, limit: int = 8) -> Page[WorkflowRun]:
        """A user's walks, newest first."""
        return await self._walks.page(user_id, after=after, limit=limit)

    async def stop_newest(self, place: Place, by: str) -> bool:
        """Stop the newest walk of a chat that has not ended; whether there was one."""
        walk_id = await self._walks.newest_in(place.channel, place.chat_id)
        if walk_id is None:
            return False
        await self.decide(walk_id, Choice("stop", by))
        return True

    async def walk(self, walk_id: UUID) -> engine.Walk:
        """A walk with its steps.

        Raises:
            NotFoundError: this user has none such.
        """
        row = await self.get(walk_id)
        return engine.walk_of(row, await self._walks.steps(walk_id))

    async def card(self, walk_id: UUID) -> WorkflowCard:
        """A walk as its message shows it.

        Raises:
            NotFoundError: this user has none such.
        """
        walk = await self.walk(walk_id)
        client = await self._walks.client_of(walk.row)
        return card_of(walk, await self._walks.outputs(walk.steps), client.name if client else None)

    async def outputs(self, walk: engine.Walk) -> dict[UUID, Output]:
        """The newest output of each step that has one, by its id."""
        return await self._walks.outputs(walk.steps)

    async def pieces(self, walk: engine.Walk) -> Sequence[tuple[str, Output]]:
        """What the finished steps made, each with its step's title, in order."""
        outputs = await self._walks.outputs(walk.steps)
        return [
            (walk.plan[step.step].title, outputs[step.output_id])
            for step in walk.steps
            if step.status == "completed" and step.output_id in outputs
        ]

    async def _held(self, walk_id: UUID) -> engine.Walk:
        row = await self._walks.lock(walk_id)
        if row is None:
            raise NotFoundError
        return engine.walk_of(row, await self._walks.steps(walk_id))

    async def _move(self, walk: engine.Walk, *, changed: bool = False) -> WorkflowRun:
        """Take over what has ended, start what can start, sum up, and let the message hear of it."""
        row = walk.row
        ended = await self._walks.ended_runs(row.id)
        for step in walk.steps:
            if step.status == "running" and step.run_id in ended:
                made = await self._outputs.of_run(step.run_id)
                engine.harvest(walk, step, ended[step.run_id], made[0].id if made else None)
                changed = True
        for step in engine.ready(walk):
            try:
                await self._begin(walk, step)
            except BudgetReachedError:
                engine.put_off(step, BudgetSpentError.code)
            changed = True
        if not changed:
            return row
        row.status = engine.status_of(walk)
        if row.status == "completed":
            row.completed_at = row.completed_at or utc_now()
        row.cost_usd = await self._walks.cost(row.id)
        row.revision += 1
        await self._walks.flush()
        await self._tell(show_bell(row))
        return row

    async def _begin(self, walk: engine.Walk, step: WorkflowStep) -> None:
        """Put a run of a step in line. Its origin is the step and the try, so that no try is ever run twice.

        Raises:
            BudgetReachedError: a monthly limit is reached; nothing was changed.
        """
        row, field = walk.row, walk.plan[step.step]
        payers = await self._usage.payers(row.user_id, row.client_id)
        owner, client = payers or (None, None)
        await require_budget(self._usage, row.user_id, owner.monthly_budget_usd if owner else None, client)
        step.changed_at = utc_now()
        skill = await self._skills.by_name(field.skill)
        if skill is None or not skill.enabled:
            step.status, step.error_code, step.failures = "failed", "skill-unknown", engine.MOST_FAILURES
            step.waiting_since = utc_now()
            return
        step.tries += 1
        run = Run(
            user_id=row.user_id,
            requested_by=row.requested_by,
            origin_key=f"workflow:{row.id}:{step.step}:{step.tries}",
            skill_id=skill.id,
            client_id=row.client_id,
            parent_output_id=step.output_id,
            workflow_run_id=row.id,
            step=step.step,
            source="workflow",
            user_message=engine.request_for(walk, step),
            output_type=field.skill,
            output_label=f"{row.title}: {field.title}",
            notify=False,
        )
        await self._runs.add(run)
        await self._runs.add_event(run, "queued", {"workflow_run_id": str(row.id), "step": step.step})
        await expect_webhooks(self._webhooks, run, owner.settings.get("webhook_url") if owner else None)
        step.run_id, step.status = run.id, "running"
        await self._tell(bell(run))


def show_bell(row: WorkflowRun, again: str = "") -> Job:
    """The job that makes a walk's message show its newest state."""
    return Job("show_workflow", (str(row.id),), f"workflow:{row.id}:{row.revision}{again}")


def _delivery(row: WorkflowRun, shown: Shown) -> Delivery:
    return Delivery(
        user_id=row.user_id,
        workflow_run_id=row.id,
        channel=shown.place.channel,
        chat_id=shown.place.chat_id,
        thread_id=shown.place.thread_id,
        message_id=shown.message_id,
    )
