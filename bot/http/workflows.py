"""Workflows: listed, started, watched, decided about."""

from datetime import timedelta
from uuid import UUID

import uuid_utils.compat as uuid

from bot.http.call import Call
from bot.http.routing import PREFIX, Routes
from bot.http.schemas.common import PageOf, PageQuery, Reference
from bot.http.schemas.outputs import DownloadView, OutputView
from bot.http.schemas.workflows import (
    DecisionRequest,
    PlannedStep,
    StepView,
    WorkflowDetail,
    WorkflowList,
    WorkflowRequest,
    WorkflowRunDetail,
    WorkflowRunSummary,
    WorkflowSummary,
)
from bot.http.telegram_notice import TelegramNotLinkedError, announce_workflow
from core.errors import (
    BudgetReachedError,
    ClientUnknownError,
    ConfirmationRequiredError,
    NothingToRunError,
    StepDecidedError,
    WorkflowUnknownError,
)
from core.runs.asking import ClientUnclearError
from core.workflows.asking import WorkflowAsk, plan_workflow
from core.workflows.bundle import keep_bundle
from core.workflows.engine import Walk, allowed
from core.workflows.service import Choice
from storage.models import Output
from storage.models.base import utc_now

routes = Routes("Workflows")
_URL_LIFE = timedelta(hours=1)


@routes.add("GET", "/workflows", "read")
async def list_workflows(call: Call) -> WorkflowList:
    """List the workflows that can be started."""
    found = call.runtime.catalogue.workflows.values()
    return WorkflowList(data=[WorkflowSummary.model_validate(it) for it in found])


@routes.add("GET", "/workflows/{name}", "read", errors=[WorkflowUnknownError])
async def get_workflow(call: Call, name: Reference) -> WorkflowDetail:
    """Get a workflow by its name, with its steps."""
    workflow = call.runtime.catalogue.workflow(name)
    steps = [PlannedStep.model_validate({**step.model_dump(), "uses": list(step.uses)}) for step in workflow.steps]
    return WorkflowDetail(
        name=workflow.name,
        title=workflow.title,
        description=workflow.description,
        steps=steps,
        body=workflow.body,
    )


@routes.add(
    "POST",
    "/workflow-runs",
    "run",
    status=202,
    limits=["runs"],
    creates=True,
    errors=[
        WorkflowUnknownError,
        ClientUnknownError,
        ClientUnclearError,
        NothingToRunError,
        TelegramNotLinkedError,
        BudgetReachedError,
        ConfirmationRequiredError,
    ],
)
async def start_workflow(call: Call, body: WorkflowRequest) -> WorkflowRunDetail:
    """Start a workflow.

    Its first steps are in line when this answers. Watch it by `GET`, or each step's run by its events.
    """
    ask = WorkflowAsk(
        account=call.account,
        workflow=body.workflow,
        brief=body.brief,
        origin_key=f"api:{call.user_id}:{call.idempotency_key or uuid.uuid7()}:workflow",
        client=body.client_id,
        cost_confirmed=body.confirm_cost,
    )
    plan = await plan_workflow(call.runtime, ask)
    walk_id = uuid.uuid7()
    shown = await announce_workflow(call, plan, walk_id) if body.notify == "telegram" else None
    async with call.runtime.unit(call.user_id) as unit:
        started = await unit.workflows.start(plan, shown, walk_id=walk_id)
    call.headers["Location"] = f"{PREFIX}/workflow-runs/{started.walk.id}"
    return await _detail(call, started.walk.id)


@routes.add("GET", "/workflow-runs", "read")
async def list_workflow_runs(call: Call, query: PageQuery) -> PageOf[WorkflowRunSummary]:
    """List the workflows that you started, newest first."""
    async with call.runtime.unit(call.user_id) as unit:
        page = await unit.workflows.page(call.user_id, after=call.after(query), limit=query.limit)
    return call.page([WorkflowRunSummary.model_validate(it) for it in page.items], page.next_after)


@routes.add("GET", "/workflow-runs/{workflow_run_id}", "read")
async def get_workflow_run(call: Call, workflow_run_id: UUID) -> WorkflowRunDetail:
    """Get a started workflow, with where each step stands."""
    return await _detail(call, workflow_run_id)


@routes.add(
    "POST",
    "/workflow-runs/{workflow_run_id}/steps/{step}/decision",
    "run",
    limits=["runs"],
    errors=[StepDecidedError, BudgetReachedError],
)
async def decide_step(
    call: Call, workflow_run_id: UUID, step: Reference, body: DecisionRequest
) -> WorkflowRunDetail:
    """Decide about a step that waits for you: approve, revise, skip, retry; or stop all of it.

    Of two decisions at once the second is refused.
    """
    choice = Choice(body.decision, call.account.person, step, body.comment, body.tries)
    async with call.runtime.unit(call.user_id) as unit:
        await unit.workflows.decide(workflow_run_id, choice)
    return await _detail(call, workflow_run_id)


@routes.add("GET", "/workflow-runs/{workflow_run_id}/download", "read", limits=["downloads"])
async def download_workflow_run(call: Call, workflow_run_id: UUID) -> DownloadView:
    """Get a URL of one document with all that the steps have made so far. It works for an hour, without a key."""
    key, filename = await keep_bundle(call.runtime, call.user_id, workflow_run_id)
    expires_at = utc_now() + _URL_LIFE
    url = await call.runtime.objects.presign(key, filename=filename, seconds=int(_URL_LIFE.total_seconds()))
    return DownloadView(download_url=url, expires_at=expires_at, filename=filename)


async def _detail(call: Call, walk_id: UUID) -> WorkflowRunDetail:
    async with call.runtime.unit(call.user_id) as unit:
        walk = await unit.workflows.walk(walk_id)
        outputs = await unit.workflows.outputs(walk)
    return WorkflowRunDetail(
        **WorkflowRunSummary.model_validate(walk.row).model_dump(),
        steps=_steps(walk, outputs),
    )


def _steps(walk: Walk, outputs: dict[UUID, Output]) -> list[StepView]:
    return [
        StepView(
            id=step.step,
            title=walk.plan[step.step].title,
            skill=walk.plan[step.step].skill,
            status=step.status,
            run_id=step.run_id,
            tries=step.tries,
            output=OutputView.model_validate(outputs[step.output_id]) if step.output_id in outputs else None,
            error_code=step.error_code,
            decision=step.decision,
            comment=step.comment,
            allowed=[] if walk.ended else sorted(allowed(step)),
        )
        for step in walk.steps
    ]
