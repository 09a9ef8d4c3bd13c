"""Runs: started, listed, watched, stopped, started again."""

from uuid import UUID

import uuid_utils.compat as uuid

from bot.http.call import Call
from bot.http.routing import PREFIX, Routes
from bot.http.schemas.common import PageOf
from bot.http.schemas.outputs import OutputView
from bot.http.schemas.runs import AttemptView, ErrorView, RunDetail, RunQuery, RunRequest, RunState, RunSummary
from bot.http.telegram_notice import TelegramNotLinkedError, announce
from bot.words import has_words, say
from core.errors import (
    BudgetReachedError,
    ClientUnknownError,
    ConfirmationRequiredError,
    NothingToRunError,
    SkillUnknownError,
)
from core.runs.asking import Ask, ClientDiffersError, ClientUnclearError, SkillUnclearError, find_skill, plan_ask
from core.runs.overview import Overview, overview, standing
from core.runs.service import Started, delivery_bell
from core.runs.showing import reference
from storage.models import Run
from storage.run_list import RunFilter, run_page

routes = Routes("Runs")


@routes.add(
    "POST",
    "/runs",
    "run",
    status=202,
    limits=["runs"],
    creates=True,
    errors=[
        *(SkillUnknownError, ClientUnknownError, SkillUnclearError, ClientUnclearError, ClientDiffersError),
        *(NothingToRunError, TelegramNotLinkedError, BudgetReachedError, ConfirmationRequiredError),
    ],
)
async def start_run(call: Call, body: RunRequest) -> RunState:
    """Start a run. It is in line when this answers; watch it by its events, or by a webhook."""
    ask = Ask(
        account=call.account,
        text=body.user_message,
        origin_key=f"api:{call.user_id}:{call.idempotency_key or uuid.uuid7()}",
        skill=body.skill_id,
        client=body.client_id,
        parent_output_id=body.parent_output_id,
        cost_confirmed=body.confirm_cost,
    )
    plan = await plan_ask(call.runtime, ask)
    if plan.skill.files:
        await call.limit(str(call.user_id), "complex")
    run_id = uuid.uuid7()
    shown = await announce(call, plan, run_id) if body.notify == "telegram" else None
    async with call.runtime.unit(call.user_id) as unit:
        started = await unit.runs.start(plan, shown, run_id=run_id, source="api", callback_url=body.callback_url)
    return await _started(call, started)


@routes.add("GET", "/runs", "read", errors=[SkillUnknownError, ClientUnknownError])
async def list_runs(call: Call, query: RunQuery) -> PageOf[RunSummary]:
    """List your runs, newest first."""
    runtime, user_id = call.runtime, call.user_id
    client_id = None
    if query.client:
        async with runtime.unit(user_id) as unit:
            client_id = (await unit.clients.by_reference(user_id, query.client)).id
    skill_id = find_skill(runtime, query.skill).id if query.skill else None
    chosen = RunFilter(query.status, skill_id, client_id)
    page = await run_page(runtime.engine, user_id, chosen, after=call.after(query), limit=query.limit)
    return call.page([RunSummary.model_construct(**row) for row in page.items], page.next_after)


@routes.add("GET", "/runs/{run_id}", "read")
async def get_run(call: Call, run_id: UUID) -> RunDetail:
    """Get a run, with its usage, cost, provenance and outputs."""
    return _detail(await overview(call.runtime, call.user_id, run_id))


@routes.add("POST", "/runs/{run_id}/cancel", "run")
async def cancel_run(call: Call, run_id: UUID) -> RunState:
    """Ask a run to stop. What it has spent until then counts.

    One in line is cancelled at once, one at work within about two seconds. A repeat answers where it stands.
    """
    async with call.runtime.unit(call.user_id) as unit:
        if await unit.runs.cancel(run_id) == "cancelled":
            await unit.tell(delivery_bell(run_id))
        run = await unit.runs.get(run_id)
    return await _state(call, run)


@routes.add("POST", "/runs/{run_id}/retry", "run", status=202, limits=["runs"], errors=[BudgetReachedError])
async def retry_run(call: Call, run_id: UUID) -> RunState:
    """Start a run that failed or was cancelled again, as a new one.

    A repeat answers where that new run stands; for a run that goes on or has its output, where itself stands.
    """
    async with call.runtime.unit(call.user_id) as unit:
        run = await unit.runs.get(run_id)
        if run.status not in {"failed", "cancelled"}:
            return await _state(call, run)
        started = await unit.runs.again(run_id, None, origin_key=f"retry:{run_id}")
    return await _started(call, started)


async def _started(call: Call, started: Started) -> RunState:
    call.headers["Location"] = f"{PREFIX}/runs/{started.run.id}"
    return await _state(call, started.run)


async def _state(call: Call, run: Run) -> RunState:
    seen = await standing(call.runtime, run)
    return RunState(
        run_id=run.id,
        status=run.status,
        position=seen.position,
        cancel_requested=run.cancel_requested_at is not None,
        skill=seen.skill,
        client_id=run.client_id,
    )


def _detail(seen: Overview) -> RunDetail:
    run = seen.standing.run
    error = None
    if run.error_code:
        words = f"error-{run.error_code}"
        detail = say(words, reference=reference(run)) if has_words(words) else run.error_code
        error = ErrorView(code=run.error_code, detail=detail, reference=reference(run))
    return RunDetail(
        **run.model_dump(include=set(RunSummary.model_fields)),
        skill=seen.standing.skill,
        client=seen.client,
        cancel_requested=run.cancel_requested_at is not None,
        position=seen.standing.position,
        error=error,
        callback_url=run.callback_url,
        attempts=[AttemptView.model_validate(it) for it in seen.attempts],
        outputs=[OutputView.model_validate(it) for it in seen.outputs],
        provenance=run.provenance,
    )
