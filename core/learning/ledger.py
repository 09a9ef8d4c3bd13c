"""What learning itself costs: no run, and so no user, is billed for it; those who run the bot see it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from contextvars import ContextVar
from decimal import Decimal

from core import metrics
from core.runtime import Runtime
from storage.learning import LearningRepository

_spent: ContextVar[dict[str, Decimal] | None] = ContextVar("spent", default=None)


def note(purpose: str, cost_usd: Decimal) -> None:
    """Count what an answer of a model cost, in US dollars; `purpose` is the form that it filled in, or `replay`."""
    metrics.LEARNING_DOLLARS.labels(purpose).inc(float(cost_usd))
    spent = _spent.get()
    if spent is not None and cost_usd:
        spent[purpose] = spent.get(purpose, Decimal(0)) + cost_usd


@asynccontextmanager
async def accounted(runtime: Runtime) -> AsyncIterator[None]:
    """Keep what is noted inside, also by tasks that start there, and whatever becomes of the work."""
    spent: dict[str, Decimal] = {}
    before = _spent.set(spent)
    try:
        yield
    finally:
        _spent.reset(before)
        if spent:
            async with runtime.system_unit() as unit:
                await LearningRepository(unit.session).add_costs(spent)
