"""Walks on the real stores, with runs that end without a worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import uuid_utils.compat as uuid
from sqlalchemy import select
from sqlmodel import col

from core.accounts.service import Account
from core.channel import Place, StepCard, WorkflowCard
from core.runs.plan import ReadyWorkflow, Request
from core.runs.service import Shown
from core.runtime import Runtime
from core.workflows.document import StepField, WorkflowDocument
from core.workflows.service import Choice
from storage.models import Output, Run
from storage.models.runs import RunStatus
from storage.models.workflows import Decision
from storage.runs import RunRepository, Spending

COST = Decimal("0.25")


def workflow(*steps: tuple[str, Sequence[str]], gate: str = "approve") -> WorkflowDocument:
    """A workflow of steps (id, uses), all of one skill."""
    fields = [
        StepField.model_validate(
            {
                "id": step,
                "skill": "copywriting",
                "title": step.capitalize(),
                "ask": f"Do {step}.",
                "uses": tuple(uses),
                "gate": gate,
            }
        )
        for step, uses in steps
    ]
    return WorkflowDocument(name="test", title="Test", description="A test.", steps=tuple(fields))


@dataclass
class Walker:
    """A person who walks, and the worker that works for them."""

    runtime: Runtime
    account: Account
    walk_id: UUID

    async def start(
        self, document: WorkflowDocument, *, origin: str | None = None, chat: str | None = None
    ) -> None:
        request = Request(self.account, Place("api", "x"), "The brief.", origin or str(self.walk_id))
        plan = ReadyWorkflow(request, document, None, client_guessed=False)
        shown = Shown(Place("telegram", chat), 7) if chat else None
        async with self.runtime.unit(self.account.user_id) as unit:
            started = await unit.workflows.start(plan, shown, walk_id=self.walk_id)
        self.walk_id = started.walk.id

    async def decide(self, decision: Decision, step: str | None = None, **more: object) -> None:
        choice = Choice(decision, "test:1", step, **more)  # type: ignore[arg-type]
        async with self.runtime.unit(self.account.user_id) as unit:
            await unit.workflows.decide(self.walk_id, choice)

    async def card(self) -> WorkflowCard:
        async with self.runtime.unit(self.account.user_id) as unit:
            return await unit.workflows.card(self.walk_id)

    async def states(self) -> dict[str, str]:
        return {step.id: step.status for step in (await self.card()).steps}

    async def step(self, name: str) -> StepCard:
        return next(step for step in (await self.card()).steps if step.id == name)

    async def runs(self, step: str) -> Sequence[Run]:
        """The runs of a step, the first one first."""
        async with self.runtime.unit(self.account.user_id) as unit:
            query = select(Run).where(col(Run.workflow_run_id) == self.walk_id, col(Run.step) == step)
            return (await unit.session.scalars(query.order_by(col(Run.id)))).all()

    async def end(self, step: str, status: RunStatus = "completed", *, tell: bool = True) -> Run:
        """End the newest run of a step as a worker does; without `tell` it dies before the walk hears of it."""
        run = (await self.runs(step))[-1]
        async with self.runtime.system_unit() as unit:
            runs = RunRepository(unit.session)
            await unit.workflows.hold(self.walk_id)
            lease = timedelta(seconds=60)
            claimed = await runs.claim(run.id, run.attempt, worker="test", lease=lease, per_user=100, per_skill=100)
            assert claimed is not None
            assert await runs.finish(run.id, claimed.fence, status)
            await runs.end_attempt(run.id, run.attempt, "completed", Spending(tokens_in=1, cost_usd=COST))
            if status == "completed":
                unit.session.add(_output(claimed))
            if tell:
                await unit.workflows.advance(self.walk_id)
        return run


def _output(run: Run) -> Output:
    return Output(
        run_id=run.id,
        user_id=run.user_id,
        client_id=run.client_id,
        skill_id=run.skill_id,
        s3_key=f"outputs/test/{run.id}.md",
        title=run.output_label,
        preview=f"{run.step} is done",
        short_id=run.id.hex[-8:],
        bytes=1,
    )


@pytest.fixture
async def walker(runtime: Runtime) -> Walker:
    async with runtime.system_unit() as unit:
        user = await unit.accounts.create_user("Maya")
    return Walker(runtime, Account(user.id, "Maya", "member", {}, "test:1"), uuid.uuid7())
