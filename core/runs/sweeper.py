"""The sweeper: what a crash left lying is picked up. The table is the truth, the queue only a bell.

It runs in every worker, one at a time by an advisory lock, and not as a job: it must run when workers are full and
when Redis is away.
"""

import time
from datetime import timedelta

from sqlalchemy import text

from core import metrics
from core.accounts.deletion import sweep_deletions
from core.learning.scheduling import sweep_feedback
from core.learning.showing import sweep_proposals
from core.learning.sweeping import sweep_tests
from core.logging import get_logger
from core.queue import Job
from core.runs.service import bell, delivery_bell
from core.runs.showing import reference
from core.runtime import Runtime, Unit
from core.usage.warning import sweep_warnings
from core.webhooks.sending import ring_due
from core.workflows.sweeping import sweep_workflows
from storage.deliveries import DeliveryRepository, PendingRepository
from storage.idempotency import IdempotencyRepository
from storage.inbox import InboxRepository, OutboxRepository
from storage.models import Run
from storage.runs import RunRepository, Spending
from storage.webhooks import WebhookRepository

MAX_ATTEMPTS = 3
_LOCK = 0x6D61726B
_QUIET = timedelta(seconds=3)
_HOLD = timedelta(seconds=10)
_KEEP_INBOX = timedelta(days=2)
_KEEP_RECEIPTS = timedelta(hours=1)  # signatures are believed for five minutes
_BELL_EVERY_SECONDS = 15
log = get_logger(__name__)


async def sweep(runtime: Runtime) -> int:
    """Look once for everything that was left; the number of runs taken back, or 0 if another sweeps now."""
    async with runtime.system_unit() as unit:
        if not await unit.session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _LOCK}):
            return 0
        taken = await _take_back(unit)
        freed = await InboxRepository(unit.session).free_expired()
        if taken or freed:
            log.warning("swept", runs=taken, updates=freed)
            metrics.SWEEPS.labels("runs").inc(taken)
            metrics.SWEEPS.labels("updates").inc(freed)
        await _ring_again(runtime, unit)
        await ring_due(unit)
    await sweep_workflows(runtime)
    async with runtime.system_unit() as unit:
        await sweep_proposals(unit)
        await sweep_tests(unit)
        await sweep_deletions(unit)
    await _drain_outbox(runtime)
    return taken


async def tidy(runtime: Runtime) -> None:
    """Drop what has run out: old questions, updates too old to come again. Look after what else was left."""
    async with runtime.system_unit() as unit:
        await PendingRepository(unit.session).purge()
        await InboxRepository(unit.session).purge(older_than=_KEEP_INBOX)
        await IdempotencyRepository(unit.session).purge()
        await WebhookRepository(unit.session).purge(older_than=_KEEP_RECEIPTS)
    await sweep_feedback(runtime)
    await sweep_warnings(runtime)


async def _take_back(unit: Unit) -> int:
    """Runs whose worker went silent go back in line, or fail after the last attempt."""
    runs = RunRepository(unit.session)
    expired = await runs.expired()
    for run in expired:
        await runs.end_attempt(run.id, run.attempt, "lost", Spending())
        if run.cancel_requested_at is not None:
            await runs.finish(run.id, run.fence, "cancelled")
            await runs.add_event(run, "cancelled")
            await unit.tell(delivery_bell(run.id))
        elif run.attempt >= MAX_ATTEMPTS:
            await runs.finish(run.id, run.fence, "failed", error_code="worker-lost", error_detail=reference(run))
            await runs.add_event(run, "failed", {"code": "worker-lost"})
            await unit.tell(delivery_bell(run.id))
        else:
            again = await runs.requeue(run.id, run.fence, delay=timedelta(0))
            if again is not None:
                await runs.add_event(again, "requeued", {"attempt": again.attempt})
                await unit.tell(bell(again))
    return len(expired)


async def _ring_again(runtime: Runtime, unit: Unit) -> None:
    """Ring for runs that could start and did not, and for messages that do not show their run's end."""
    settings = runtime.settings
    suffix = f":{int(time.time() / _BELL_EVERY_SECONDS)}"
    waiting: list[Run] = list(
        await RunRepository(unit.session).waiting(
            per_user=settings.runs_per_user, per_skill=settings.runs_per_skill, older_than=_QUIET
        )
    )
    for run in waiting:
        await unit.tell(bell(run, suffix))
    for run_id in await DeliveryRepository(unit.session).unfinished(older_than=_HOLD):
        await unit.tell(delivery_bell(run_id, suffix))


async def _drain_outbox(runtime: Runtime) -> None:
    """Tell what could not be told when it was committed."""
    async with runtime.system_unit() as unit:
        due = await OutboxRepository(unit.session).due(hold=_HOLD, older_than=_QUIET)
    jobs = [(it, Job(it.payload["name"], it.payload["args"], it.payload["id"])) for it in due]
    if jobs:
        await runtime.drain_outbox(jobs)
