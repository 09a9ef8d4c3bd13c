"""One attempt at a run: claimed, worked, recorded, shown. Of two calls for one attempt, one does the work."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import structlog

from core import metrics
from core.agent.agents import Agents
from core.agent.failures import AgentError
from core.agent.parser import parse_output
from core.agent.pricing import price
from core.agent.task import AgentEvent, AgentResult, Spent, TokenUsage, ToolUsed, Writing
from core.channel import Channel, ChannelAwayError, Phase, Progress
from core.errors import MarketingAgentError
from core.logging import get_logger
from core.outputs.checks import check
from core.outputs.describe import preview_of, title_of
from core.outputs.service import keep_text
from core.runs.leases import Lease, LeaseKeeper
from core.runs.news import tell_text
from core.runs.patience import until_written
from core.runs.preparation import Material, Prepared, gather_material, prepare
from core.runs.reporter import Reporter
from core.runs.service import bell, short_id
from core.runs.showing import reference, show_end
from core.runs.sweeper import MAX_ATTEMPTS
from core.runtime import Runtime, Unit
from core.webhooks.sending import ring_due
from storage.deliveries import DeliveryRepository
from storage.models import Output, Run
from storage.models.runs import AttemptOutcome
from storage.runs import RunRepository, Spending

log = get_logger(__name__)


@dataclass(slots=True)
class Ledger:
    """What an attempt has spent so far, whatever becomes of it."""

    model: str
    usage: TokenUsage = field(default_factory=TokenUsage)

    def spending(self) -> Spending:
        """Tokens and dollars, as they are recorded."""
        usage = self.usage
        return Spending(usage.input, usage.output, usage.cache_read, usage.cache_write, price(self.model, usage))


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

    async def execute(self, run_id: UUID, attempt: int) -> None:
        """Work on this attempt of a run, if nobody else does and its limits allow it now."""
        settings = self._runtime.settings
        if await self._model_is_unwell(run_id, attempt):
            return
        async with self._runtime.system_unit() as unit:
            run = await RunRepository(unit.session).claim(
                run_id,
                attempt,
                worker=self._worker,
                lease=self._leases.lease,
                per_user=settings.runs_per_user,
                per_skill=settings.runs_per_skill,
            )
        if run is None:
            return
        with (
            structlog.contextvars.bound_contextvars(run_id=str(run.id), attempt=attempt),
            self._leases.hold(run.id, run.fence) as lease,
        ):
            metrics.QUEUE_SECONDS.observe(max((datetime.now(UTC) - run.available_at).total_seconds(), 0))
            log.info("run_started", reference=reference(run))
            await self._attempt(run, lease)

    async def _attempt(self, run: Run, lease: Lease) -> None:
        """Work until it is done, until somebody wants it stopped, or until the worker has to go."""
        ledger = Ledger(self._runtime.settings.agent_model)
        work = asyncio.create_task(self._work(run, ledger))
        ended = asyncio.create_task(lease.ended())
        try:
            await asyncio.wait({work, ended}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                await work
            elif await ended == "stop":
                await _cancelled(work)
                await self._stopped(run, ledger)
            else:
                await _cancelled(work)
                log.warning("run_lost")
                return
        except asyncio.CancelledError:
            await _cancelled(work)
            await asyncio.shield(self._hand_back(run, ledger))
            raise
        except Exception as error:  # noqa: BLE001 - whatever happens, the run ends in a state that is written
            await self._failed(run, ledger, error)
        finally:
            ended.cancel()
        await self._show_end(run)
        await self._ring_next(run)

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
        await self._say(run, "model_unwell")
        return True

    async def _say(self, run: Run, phase: Phase) -> None:
        """Show a phase at once, outside of any work."""
        material = await gather_material(self._runtime, run)
        async with self._runtime.system_unit() as unit:
            deliveries = await DeliveryRepository(unit.session).working(run.id)
        for delivery in deliveries:
            if delivery.channel in self._channels:
                await self._channels[delivery.channel].show(delivery, Progress(material.subject, phase))

    async def _work(self, run: Run, ledger: Ledger) -> None:
        material = await gather_material(self._runtime, run)
        async with self._runtime.system_unit() as unit:
            deliveries = await DeliveryRepository(unit.session).working(run.id)
            await RunRepository(unit.session).add_event(run, "started", {"attempt": run.attempt})
        async with Reporter(self._runtime, self._channels, deliveries, material.subject) as reporter:
            reporter.report("retrying" if run.attempt > 1 else "reading")
            prepared = await prepare(self._runtime, material)
            ledger.model = prepared.task.model

            async def on_event(event: AgentEvent) -> None:
                if isinstance(event, Writing):
                    await tell_text(self._runtime.redis, run.id, event.text)
                    reporter.report("writing", text=event.text)
                elif isinstance(event, ToolUsed):
                    reporter.report("searching" if event.tool == "WebSearch" else "fetching", event.summary)
                    await self._note(run, "tool", {"tool": event.tool, "summary": event.summary})
                elif isinstance(event, Spent):
                    ledger.usage = event.usage

            result = await self._agents.run(prepared.task, on_event)
            ledger.usage = result.usage
        await self._keep(material, prepared, result, ledger)

    async def _keep(self, material: Material, prepared: Prepared, result: AgentResult, ledger: Ledger) -> None:
        """Objects first, then one transaction for the rows and the terminal state."""
        run = material.run
        output_format = material.skill.document.metadata.output.format
        texts: list[tuple[str, str]] = [(parse_output(result.text), output_format)]
        texts += [
            (data.decode("utf-8", "replace"), path.rsplit(".", 1)[-1])
            for path, data in sorted(result.files.items())
        ]
        outputs = [await self._output(material, prepared, text, kind) for text, kind in texts]
        spent = ledger.spending()

        async def write() -> bool:
            async with self._runtime.system_unit() as unit:
                runs = RunRepository(unit.session)
                if not await runs.finish(
                    run.id, run.fence, "completed", model=result.model, provenance=prepared.provenance
                ):
                    return False
                unit.session.add_all([Output(**output.model_dump()) for output in outputs])
                await runs.end_attempt(run.id, run.attempt, "completed", spent)
                await runs.add_event(run, "completed", {"output_id": str(outputs[0].id)})
            return True

        if not await until_written(write):
            log.warning("run_finished_elsewhere")
            return
        metrics.count_run("completed", material.skill.name, result.model, spent)
        log.info("run_completed", tokens=spent.tokens, cost_usd=str(spent.cost_usd))

    async def _output(self, material: Material, prepared: Prepared, text: str, kind: str) -> Output:
        run, skill, client = material.run, material.skill, material.client
        kept = await keep_text(
            self._runtime.objects,
            text,
            skill=skill.name,
            user_id=run.user_id,
            client_slug=client.slug if client else None,
            output_type=run.output_type,
            day=datetime.now(UTC).date(),
            output_format=kind,
            parent=material.parent,
        )
        flags = check(text, sources=prepared.sources, request=run.user_message, output_format=kind)
        return Output(
            run_id=run.id,
            user_id=run.user_id,
            client_id=run.client_id,
            skill_id=run.skill_id,
            s3_key=kept.key,
            format=kind,
            title=title_of(text, material.subject.label.capitalize()),
            preview=preview_of(text),
            version=kept.version,
            parent_output_id=run.parent_output_id,
            short_id=short_id(),
            bytes=len(text.encode()),
            checks=[flag.as_json() for flag in flags],
        )

    async def _stopped(self, run: Run, ledger: Ledger) -> None:
        async with self._runtime.system_unit() as unit:
            await self._end(unit, run, ledger, "cancelled")
            await RunRepository(unit.session).finish(run.id, run.fence, "cancelled")
            await RunRepository(unit.session).add_event(run, "cancelled")
        log.info("run_cancelled")

    async def _failed(self, run: Run, ledger: Ledger, error: Exception) -> None:
        """Put the run back in line if another attempt may help, else write why it failed."""
        if isinstance(error, AgentError):
            ledger.usage = error.usage if error.usage.total else ledger.usage
        code = error.code if isinstance(error, MarketingAgentError) else "internal"
        retry = isinstance(error, AgentError) and error.retryable and run.attempt < MAX_ATTEMPTS
        log.log(
            30 if isinstance(error, MarketingAgentError) else 40,
            "attempt_failed",
            code=code,
            retry=retry,
            reference=reference(run),
            exc_info=None if isinstance(error, MarketingAgentError) else error,
            error=str(error),
        )
        async with self._runtime.system_unit() as unit:
            runs = RunRepository(unit.session)
            await self._end(unit, run, ledger, "failed")
            if retry and isinstance(error, AgentError):
                await self._put_back(unit, run, error.retry_after or 2.0**run.attempt)
                return
            if await runs.finish(
                run.id, run.fence, "failed", error_code=code, error_detail=str(error)[:500], model=ledger.model
            ):
                await runs.add_event(run, "failed", {"code": code})
                metrics.RUNS.labels("failed", code).inc()

    async def _hand_back(self, run: Run, ledger: Ledger) -> None:
        """The worker has to go: another takes the run from the start, and the message says so."""
        await self._say(run, "handed_back")
        async with self._runtime.system_unit() as unit:
            await self._end(unit, run, ledger, "handed_back")
            await self._put_back(unit, run, 0.0)
        log.info("run_handed_back")

    async def _put_back(self, unit: Unit, run: Run, delay: float) -> None:
        again = await RunRepository(unit.session).requeue(run.id, run.fence, delay=timedelta(seconds=delay))
        if again is not None:
            await RunRepository(unit.session).add_event(again, "requeued", {"attempt": again.attempt})
            await unit.tell(replace(bell(again), delay_seconds=delay))

    async def _end(self, unit: Unit, run: Run, ledger: Ledger, outcome: AttemptOutcome) -> None:
        await RunRepository(unit.session).end_attempt(run.id, run.attempt, outcome, ledger.spending())

    async def _note(self, run: Run, kind: str, data: dict[str, Any]) -> None:
        async with self._runtime.system_unit() as unit:
            await RunRepository(unit.session).add_event(run, kind, data)

    async def _show_end(self, run: Run) -> None:
        try:
            await show_end(self._runtime, self._channels, run)
        except ChannelAwayError as error:
            log.warning("end_not_shown_yet", error=str(error), retry_after=error.retry_after)
        except ValueError:
            log.debug("run_goes_on")

    async def _ring_next(self, run: Run) -> None:
        """A place is free: wake the person's next run, if one waits; send webhooks that waited for the end."""
        async with self._runtime.system_unit() as unit:
            waiting = await RunRepository(unit.session).next_waiting(run.user_id)
            if waiting is not None and waiting.id != run.id:
                await unit.tell(bell(waiting, f":after:{run.id.hex[-8:]}"))
            await ring_due(unit, run.id)


async def _cancelled(work: "asyncio.Task[None]") -> None:
    """Cancel and wait until it is really over, so that no child and no edit outlives it."""
    work.cancel()
    await asyncio.gather(work, return_exceptions=True)
