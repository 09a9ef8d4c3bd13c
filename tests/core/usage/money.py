"""Runs that have cost something, as workers leave them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid
from sqlalchemy import update
from sqlmodel import col

from core.agent.task import AgentResult
from core.channel import Channel
from core.runs.ending import Endings, Ledger
from core.runs.preparation import gather_material, prepare
from core.runtime import Runtime
from storage.models import Run, User
from storage.models.base import first_id_at
from storage.models.runs import RunStatus
from storage.runs import RunRepository
from tests.core.runs.people import Somebody

LEASE = timedelta(seconds=60)
_RANDOM = (1 << 62) - 1


def id_at(moment: datetime) -> UUID:
    """An id such as a row made at `moment` has."""
    return UUID(int=first_id_at(moment).int | uuid.uuid4().int & _RANDOM)


async def cost(
    runtime: Runtime,
    user_id: UUID,
    dollars: str,
    *,
    skill: str = "copywriting",
    client_id: UUID | None = None,
    at: datetime | None = None,
    **values: Any,
) -> Run:
    """A run that has ended and cost this much."""
    run = Run(
        user_id=user_id,
        requested_by="test",
        origin_key=f"test:{uuid.uuid7()}",
        skill_id=runtime.catalogue.get(skill).id,
        client_id=client_id,
        source="api",
        user_message="Write",
        output_type=skill,
        **{
            "output_label": skill,
            "status": "completed",
            "tokens_used": 1000,
            "cost_usd": Decimal(dollars),
            **values,
        },
    )
    if at is not None:
        run.id, run.queued_at, run.created_at = id_at(at), at, at
    async with runtime.system_unit() as unit:
        unit.session.add(run)
    return run


async def end(
    runtime: Runtime,
    run: Run,
    ledger: Ledger,
    *,
    status: RunStatus = "completed",
    channels: Mapping[str, Channel] | None = None,
    error: Exception | None = None,
) -> None:
    """Claim a run and end its attempt as a worker does."""
    endings = Endings(runtime, channels or {})
    async with runtime.system_unit() as unit:
        claimed = await RunRepository(unit.session).claim(
            run.id, run.attempt, worker="test", lease=LEASE, per_user=100, per_skill=100
        )
    assert claimed is not None
    material = await gather_material(runtime, claimed)
    if error is not None:
        await endings.failed(material, ledger, error)
    elif status == "cancelled":
        await endings.stopped(material, ledger)
    else:
        prepared = await prepare(runtime, material)
        await endings.completed(material, prepared, result_of(ledger), ledger)


def result_of(ledger: Ledger) -> AgentResult:
    """What an agent answers that used as much as the ledger says."""
    return AgentResult("<output># A page\n\nWords.</output>", ledger.usage, Decimal(0), ledger.model)


async def limit(runtime: Runtime, who: Somebody, dollars: str | None) -> Somebody:
    """Somebody with a monthly limit."""
    amount = Decimal(dollars) if dollars else None
    async with runtime.system_unit() as unit:
        await unit.session.execute(
            update(User).where(col(User.id) == who.account.user_id).values(monthly_budget_usd=amount)
        )
    return replace(who, account=replace(who.account, monthly_budget_usd=amount))


async def limit_client(runtime: Runtime, who: Somebody, dollars: str, slug: str = "yaz-automate") -> UUID:
    """Let a client of somebody have a monthly limit; its id."""
    async with runtime.unit(who.account.user_id) as unit:
        client = await unit.clients.by_reference(who.account.user_id, slug)
        await unit.clients.change(client, {"monthly_budget_usd": Decimal(dollars)})
    return client.id
