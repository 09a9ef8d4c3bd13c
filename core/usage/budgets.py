"""Limits of a month: a warning when one comes near, and no new run when it is reached.

Where no limit is set nothing is asked of the database: limits come along with the rows that are read anyway.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from core.errors import BudgetReachedError
from core.queue import Job
from core.usage.months import Month
from storage.models import BudgetWarning, Client, Run
from storage.usage import NOTHING, Limits, UsageRepository

Tell = Callable[[Job], Awaitable[None]]
WARN_AT = Decimal("0.8")
HIGHEST = Decimal(1_000_000)
"""Dollars; a limit below this fits its column."""
_FREE = frozenset({"none", "no", "off", "unlimited"})


async def require_budget(
    usage: UsageRepository, user_id: UUID, limit: Decimal | None, client: Client | None
) -> None:
    """Let a run start only while neither its user's limit nor its client's is reached.

    Raises:
        BudgetReachedError: one is, and its month goes on.
    """
    client_limit = client.monthly_budget_usd if client else None
    if limit is None and client_limit is None:
        return
    month = Month.now()
    total, for_client = await usage.spent(user_id, client.id if client else None, month.since, month.until)
    if client is not None and client_limit is not None and for_client >= client_limit:
        raise reached(client_limit, for_client, month.until, client=client.name)
    if limit is not None and total >= limit:
        raise reached(limit, total, month.until)


async def budget_is_spent(usage: UsageRepository, run: Run, limits: Limits) -> bool:
    """Whether a limit was reached while a run waited in line."""
    if limits == Limits():
        return False
    month = Month.now()
    total, for_client = await usage.spent(run.user_id, run.client_id, month.since, month.until)
    return (limits.user is not None and total >= limits.user) or (
        limits.client is not None and for_client >= limits.client
    )


async def note_spending(usage: UsageRepository, tell: Tell, run: Run, limits: Limits) -> None:
    """After an attempt was paid: have the owner warned, once, if a limit has come near.

    Ends that come at the same time wait here for each other, so that each sees what the one before has added.
    """
    month = Month.now()
    for client_id, limit in ((run.client_id, limits.client), (None, limits.user)):
        if limit is None:
            continue
        await usage.lock(client_id or run.user_id)
        total, for_client = await usage.spent(run.user_id, client_id, month.since, month.until)
        spent = for_client if client_id else total
        if not spent or spent < limit * WARN_AT:
            continue
        warning = BudgetWarning(
            user_id=run.user_id, client_id=client_id, month=month.first, limit_usd=limit, spent_usd=spent
        )
        if await usage.add_warning(warning):
            await tell(warning_bell(warning.id))


def warning_bell(warning_id: UUID, *, after_seconds: int = 0) -> Job:
    """The job that tells a warning. `after_seconds` also tells a later bell from one that may still be at work."""
    later = f":{after_seconds}" if after_seconds else ""
    return Job("warn_of_budget", (str(warning_id),), f"budget:{warning_id}{later}", float(after_seconds))


def reached(
    limit: Decimal, spent: Decimal, resets_at: datetime, *, client: str | None = None
) -> BudgetReachedError:
    """The error that says which limit is reached, how far, and until when."""
    return BudgetReachedError(
        whose="client" if client else "user",
        client=client or "",
        limit=limit,
        spent=spent,
        resets=f"{resets_at:%-d %B}",
        budget={
            "client": client,
            "limit_usd": f"{limit:.6f}",
            "spent_usd": f"{spent:.6f}",
            "resets_at": resets_at.isoformat().replace("+00:00", "Z"),
        },
    )


def read_limit(written: str) -> Decimal | None:
    """A limit as people write it: `20`, `$12.50`, `1,200`; None for `none`.

    Raises:
        ValueError: it is no amount of dollars from 0 to a million.
    """
    bare = written.strip().lower()
    if bare in _FREE:
        return None
    try:
        amount = Decimal(bare.strip("$ ").replace(",", ""))
    except InvalidOperation:
        raise ValueError(written) from None
    if not amount.is_finite() or not NOTHING <= amount < HIGHEST:
        raise ValueError(written)
    return amount.quantize(Decimal("0.01"))
