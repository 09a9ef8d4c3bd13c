"""One attempt at a run: claimed, worked, ended. Of two calls for one attempt, one does the work."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from core import metrics
from core.agent.agents import Agents
from core.agent.task import AgentEvent, Spent, ToolUsed, Writing
from core.channel import Channel, Phase
from core.errors import BudgetSpentError
from core.logging import get_logger
from core.runs.ending import Endings, Ledger
from core.runs.leases import Lease, LeaseKeeper
from core.runs.news import GrowingText
from core.runs.preparation import Material, gather_material, prepare
from core.runs.reporter import Reporter
from core.runs.service import bell
from core.runs.showing import reference
from core.runtime import Runtime
from core.usage.budgets import budget_is_spent
from storage.deliveries import DeliveryRepository
from storage.models import Delivery, Run
from storage.runs import RunRepository
from storage.usage import UsageRepository

_PHASES: Mapping[str, Phase] = {
    "WebSearch": "searching",
    "WebFetch": "fetching",
    "Read": "consulting",
    "Write": "filing",
}
log = get_logger(__name__)


class Executor:
    """One for each worker process."""

    def __init__(
        self,
        runtime: Runtime,
        *,
        agents: Agents,
        channels: Mapping[str, Channel],
        leases: LeaseKeeper,
        worker: str,
    ) -> None:
        self._runtime = runtime
        self._agents = agents
        self._channels = channels
        self._leases = leases
        self._worker = worker
        self._endings = Endings(runtime, channels)

    async def execute(self, run_id: UUID, attempt: int) -> None:
        """Work on this attempt of a run, if nobody else does and its limits allow it now."""
        if await self._model_is_unwell(run_id, attempt):
            return
        claimed = await self._claim(run_id, attempt)
        if claimed is None:
            return
        run, deliveries, payable = claimed
        with (
            structlog.contextvars.bound_contextvars(run_id=str(run.id), attempt=attempt),
            self._leases.hold(run.id, run.fence) as lease,
            metrics.RUNS_ACTIVE.track_inprogress(),
        ):
            metrics.QUEUE_SECONDS.observe(max((datetime.now(UTC) - run.available_at).total_seconds(), 0))
            log.info("run_started", reference=reference(run))
            material = await gather_material(self._runtime, run)
            if payable:
                await self._attempt(material, deliveries, lease)
            else:
                await self._endings.failed(material, Ledger(self._runtime.settings.agent_model), BudgetSpentError())

    async def _claim(self, run_id: UUID, attempt: int) -> tuple[Run, Sequence[Delivery], bool] | None:
        """The run, its messages, and whether it may be paid for: a limit may have been reached while it waited."""
        settings = self._runtime.settings
        async with self._runtime.system_unit() as unit:
            runs = RunRepository(unit.session)
            taken = await runs.take(
                run_id,
                attempt,
                worker=self._worker,
                lease=self._leases.lease,
                per_user=settings.runs_per_user,
                per_skill=settings.runs_per_skill,
            )
            if taken is None:
                return None
            run, limits = taken
            await runs.add_event(run, "started", {"attempt": attempt})
            spent = attempt == 1 and await budget_is_spent(UsageRepository(unit.session), run, limits)
            return run, await DeliveryRepository(unit.session).working(run_id), not spent

    async def _attempt(self, material: Material, deliveries: Sequence[Delivery], lease: Lease) -> None:
        """Work until it is done, until somebody wants it stopped, or until the worker has to go."""
        ledger = Ledger(self._runtime.settings.agent_model)
        work = asyncio.create_task(self._work(material, deliveries, ledger))
        ended = asyncio.create_task(lease.ended())
        try:
            await asyncio.wait({work, ended}, return_when=asyncio.FIRST_COMPLETED)
            if work.done() or ledger.closing:
                await work
            elif await ended == "stop":
                await _cancelled(work)
                await self._endings.stopped(material, ledger)
            else:
                await _cancelled(work)
                log.warning("run_lost")
        except asyncio.CancelledError:
            await _cancelled(work)
            await asyncio.shield(self._endings.handed_back(material, ledger))
            raise
        except Exception as error:  # noqa: BLE001 - whatever happens, the run ends in a state that is written
            await self._endings.failed(material, ledger, error)
        finally:
            ended.cancel()

    async def _work(self, material: Material, deliveries: Sequence[Delivery], ledger: Ledger) -> None:
        run = material.run
        async with Reporter(self._runtime, self._channels, deliveries, material.subject) as reporter:
            reporter.report("retrying" if run.attempt > 1 else "reading")
            prepared = await prepare(self._runtime, material)
            ledger.model = prepared.task.model
            growing = GrowingText(self._runtime.redis, run.id)

            async def on_event(event: AgentEvent) -> None:
                if isinstance(event, Writing):
                    reporter.report("writing", text=event.text)
                    await growing.tell(event.text)
                elif isinstance(event, ToolUsed):
                    reporter.report(_PHASES.get(event.tool, "fetching"), event.summary)
                    await self._note(run, "tool", {"tool": event.tool, "summary": event.summary})
                elif isinstance(event, Spent):
                    ledger.usage = event.usage

            result = await self._agents.run(prepared.task, on_event)
            ledger.usage = result.usage
        await self._endings.completed(material, prepared, result, ledger)

    async def _model_is_unwell(self, run_id: UUID, attempt: int) -> bool:
        """Whether the run's model must not be asked now; the run stays in line then, and its message says why."""
        if not self._agents.circuit.any_open:
            return False
        async with self._runtime.system_unit() as unit:
            run = await unit.runs.get(run_id)
        material = await gather_material(self._runtime, run)
        model = material.skill.document.metadata.model or self._runtime.settings.agent_model
        wait = self._agents.circuit.allowed(model)
        if wait is None:
            return False
        async with self._runtime.system_unit() as unit:
            if await RunRepository(unit.session).postpone(run_id, attempt, timedelta(seconds=wait)):
                job = bell(run, f":later:{int(time.time())}")
                await unit.tell(replace(job, delay_seconds=wait))
        await self._endings.say(material, "model_unwell")
        return True

    async def _note(self, run: Run, kind: str, data: dict[str, Any]) -> None:
        async with self._runtime.system_unit() as unit:
            await RunRepository(unit.session).add_event(run, kind, data)


async def _cancelled(work: "asyncio.Task[None]") -> None:
    """Cancel and wait until it is really over, so that no child and no edit outlives it."""
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
