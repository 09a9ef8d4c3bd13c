"""How an attempt ends: written in one transaction with everything that follows from it, then shown."""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core import metrics
from core.agent.failures import AgentError
from core.agent.pricing import price
from core.agent.task import AgentResult, TokenUsage
from core.channel import Channel, Failed, Finished, Phase, Progress, RunState, Stopped
from core.errors import MarketingAgentError
from core.logging import get_logger
from core.outputs.service import card
from core.runs.keeping import keep_outputs
from core.runs.patience import until_written
from core.runs.preparation import Material, Prepared
from core.runs.service import bell
from core.runs.showing import NOTIFY_AFTER_SECONDS, reference, show_state
from core.runs.sweeper import MAX_ATTEMPTS
from core.runtime import Runtime, Unit
from core.usage.budgets import note_spending
from core.webhooks.sending import ring_due
from storage.deliveries import DeliveryRepository
from storage.line import LineRepository
from storage.models import Delivery, Output, Run
from storage.models.runs import AttemptOutcome, RunStatus
from storage.runs import RunRepository, Spending
from storage.usage import UsageRepository

log = get_logger(__name__)
_OUTCOMES: Mapping[RunStatus, AttemptOutcome] = {
    "completed": "completed",
    "cancelled": "cancelled",
    "failed": "failed",
}


@dataclass(slots=True)
class Ledger:
    """What an attempt has spent so far, whatever becomes of it."""

    model: str
    usage: TokenUsage = field(default_factory=TokenUsage)
    closing: bool = False
    """Its end is being written, which the run's fence permits or not: a lease that ends now stops nothing."""

    def spending(self) -> Spending:
        """Tokens and dollars, as they are recorded."""
        usage = self.usage
        return Spending(usage.input, usage.output, usage.cache_read, usage.cache_write, price(self.model, usage))


class Endings:
    """One for each worker process. Each method ends an attempt in its way; a lost lease makes it do nothing."""

    def __init__(self, runtime: Runtime, channels: Mapping[str, Channel]) -> None:
        self._runtime = runtime
        self._channels = channels

    async def completed(self, material: Material, prepared: Prepared, result: AgentResult, ledger: Ledger) -> None:
        """Objects first, then the rows and the terminal state; waits for a database that is away."""
        run, spent = material.run, ledger.spending()
        outputs = await keep_outputs(self._runtime.objects, material, prepared, result)
        values: dict[str, Any] = {"model": result.model, "provenance": prepared.provenance}
        ledger.closing = True
        deliveries = await until_written(
            lambda: self._write(run, "completed", spent, outputs=outputs, event=_made(outputs), **values)
        )
        if deliveries is None:
            return
        metrics.count_run("completed", material.skill.name, result.model, spent)
        log.info("run_completed", **_logged(spent))
        seconds = (datetime.now(UTC) - run.queued_at).total_seconds()
        cards = [card(output) for output in outputs]
        state = Finished(
            material.subject,
            cards[0],
            others=tuple(cards[1:]),
            seconds=seconds,
            notify=run.notify and seconds > NOTIFY_AFTER_SECONDS,
            cost_usd=run.cost_usd + spent.cost_usd,
        )
        await self._show(deliveries, state)

    async def stopped(self, material: Material, ledger: Ledger) -> None:
        """Somebody wanted it stopped; what was spent until then is recorded."""
        deliveries = await self._write(material.run, "cancelled", ledger.spending(), model=ledger.model)
        if deliveries is not None:
            log.info("run_cancelled", **_logged(ledger.spending()))
            await self._show(deliveries, Stopped(material.subject))

    async def failed(self, material: Material, ledger: Ledger, error: Exception) -> None:
        """Put the run back in line if another attempt may help, else write why it failed."""
        run = material.run
        if isinstance(error, AgentError) and error.usage.total:
            ledger.usage = error.usage
        expected = isinstance(error, MarketingAgentError)
        code = error.code if isinstance(error, MarketingAgentError) else "internal"
        retry = isinstance(error, AgentError) and error.retryable and run.attempt < MAX_ATTEMPTS
        log.log(
            logging.WARNING if expected else logging.ERROR,
            "attempt_failed",
            code=code,
            retry=retry,
            reference=reference(run),
            **_logged(ledger.spending()),
            error=str(error),
            exc_info=None if expected else error,
        )
        if retry and isinstance(error, AgentError):
            await self._put_back(run, "failed", ledger, error.retry_after or 2.0**run.attempt)
            return
        values: dict[str, Any] = {"error_code": code, "error_detail": str(error)[:500], "model": ledger.model}
        deliveries = await self._write(run, "failed", ledger.spending(), event={"code": code}, **values)
        if deliveries is not None:
            metrics.RUNS.labels("failed", code).inc()
            await self._show(deliveries, Failed(material.subject, code, reference(run)))

    async def handed_back(self, material: Material, ledger: Ledger) -> None:
        """The worker has to go: the message says so, and another takes the run from the start."""
        await self.say(material, "handed_back")
        await self._put_back(material.run, "handed_back", ledger, 0.0)
        log.info("run_handed_back", **_logged(ledger.spending()))

    async def say(self, material: Material, phase: Phase) -> None:
        """Show a phase at once, outside of any work."""
        async with self._runtime.system_unit() as unit:
            deliveries = await DeliveryRepository(unit.session).working(material.run.id)
        for delivery in deliveries:
            if delivery.channel in self._channels:
                await self._channels[delivery.channel].show(delivery, Progress(material.subject, phase))

    async def _write(
        self,
        run: Run,
        status: RunStatus,
        spent: Spending,
        *,
        outputs: Sequence[Output] = (),
        event: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> Sequence[Delivery] | None:
        """The terminal state, the accounts, the event, and the bells that follow; the messages that wait for it.

        None if the lease was lost: then nothing is written.
        """
        outcome = _OUTCOMES[status]
        async with self._runtime.system_unit() as unit:
            runs = RunRepository(unit.session)
            if run.workflow_run_id is not None:
                await unit.workflows.hold(run.workflow_run_id)
            if not await runs.finish(run.id, run.fence, status, **values):
                log.warning("run_ended_elsewhere")
                return None
            unit.session.add_all([Output(**output.model_dump()) for output in outputs])
            await _pay(unit, run, outcome, spent)
            await runs.add_event(run, status, dict(event or {}))
            if run.workflow_run_id is not None:
                await unit.workflows.advance(run.workflow_run_id)
            await self._ring_next(unit, run)
            await ring_due(unit, run.id)
            return await DeliveryRepository(unit.session).working(run.id)

    async def _put_back(self, run: Run, outcome: AttemptOutcome, ledger: Ledger, delay: float) -> None:
        async with self._runtime.system_unit() as unit:
            runs = RunRepository(unit.session)
            await _pay(unit, run, outcome, ledger.spending())
            again = await runs.requeue(run.id, run.fence, delay=timedelta(seconds=delay))
            if again is not None:
                await runs.add_event(again, "requeued", {"attempt": again.attempt})
                await unit.tell(replace(bell(again), delay_seconds=delay))

    async def _show(self, deliveries: Sequence[Delivery], state: RunState) -> None:
        await show_state(self._runtime, self._channels, deliveries, state)

    async def _ring_next(self, unit: Unit, run: Run) -> None:
        """A place is free: wake the person's next run, if one waits."""
        waiting = await LineRepository(unit.session).next_waiting(run.user_id)
        if waiting is not None:
            await unit.tell(bell(waiting, f":after:{run.id.hex[-8:]}"))


async def _pay(unit: Unit, run: Run, outcome: AttemptOutcome, spent: Spending) -> None:
    """Account for an attempt, and see whether a limit has come near."""
    limits = await RunRepository(unit.session).end_attempt(run.id, run.attempt, outcome, spent)
    await note_spending(UsageRepository(unit.session), unit.tell, run, limits)


def _logged(spent: Spending) -> dict[str, Any]:
    """What an attempt cost, as every line about its end says it: the sum over these is the sum over the runs."""
    return {"tokens": spent.tokens, "cost_usd": str(spent.cost_usd)}


def _made(outputs: Sequence[Output]) -> dict[str, Any]:
    return {"output_id": str(outputs[0].id)}
