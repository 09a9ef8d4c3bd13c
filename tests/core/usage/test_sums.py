"""What a month came to is the sum over its runs, to the cent, wherever it is told."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import structlog
from sqlalchemy import text

from bot.views.usage import usage
from core.agent.failures import AgentOverloadedError
from core.agent.task import TokenUsage
from core.runs.ending import Ledger
from core.runtime import Runtime
from core.usage.months import Month
from storage.models.base import first_id_at
from storage.runs import RunRepository
from storage.usage import Sum
from tests.core.runs.people import queued, somebody
from tests.core.usage.money import cost, end, limit, limit_client


def ledger(output: int) -> Ledger:
    """An attempt that cost 10 dollars a million of these, and 2 for what it read: never whole cents."""
    return Ledger("claude-sonnet-5", TokenUsage(input=1_333, output=output))


@pytest.fixture
def logged() -> Iterator[list[Any]]:
    """Every line that is logged, as its values."""
    with structlog.testing.capture_logs() as lines:
        yield lines


async def test_runs_attempts_log_and_usage_agree(runtime: Runtime, logged: list[Any]) -> None:
    who = await limit(runtime, await somebody(runtime), "20")
    user_id = who.account.user_id
    await limit_client(runtime, who, "2.50")
    await end(runtime, await queued(runtime, who), ledger(12_345))
    await end(runtime, await queued(runtime, who), ledger(678), status="cancelled")
    await end(runtime, await queued(runtime, who), ledger(91), error=RuntimeError("broken"))
    retried = await queued(runtime, who)
    await end(runtime, retried, ledger(2_345), error=AgentOverloadedError())
    async with runtime.system_unit() as unit:
        again = await RunRepository(unit.session).get(retried.id)
        assert again is not None
        await unit.session.execute(text("UPDATE runs SET available_at = now() WHERE id = :id"), {"id": again.id})
    await end(runtime, again, ledger(6_789))

    month = Month.now()
    async with runtime.unit(user_id) as unit:
        seen = await unit.usage.monthly(user_id, month)
        by_skill = await unit.usage.by_skill(user_id, month)
        runs, attempts = (
            await unit.session.execute(
                text("SELECT (SELECT sum(cost_usd) FROM runs), (SELECT sum(cost_usd) FROM run_attempts)")
            )
        ).one()
    said = sum(Decimal(line["cost_usd"]) for line in logged if "cost_usd" in line)
    expected = Decimal(5 * 1_333 * 2 + (12_345 + 678 + 91 + 2_345 + 6_789) * 10) / 1_000_000
    assert {runs, attempts, said, seen.total.cost_usd} == {expected}
    assert sum((row.sum for row in seen.clients), Sum()) == sum(by_skill.values(), Sum()) == seen.total
    assert (seen.total.runs, seen.total.tokens) == (4, 5 * 1_333 + 22_248)
    assert f"Your monthly limit: ${expected:.2f} of $20.00." in usage(seen).text
    assert f"• Yaz Automate: 4 runs, ${expected:.2f} of $2.50" in usage(seen).text


async def test_a_month_by_client_and_the_one_before(runtime: Runtime) -> None:
    who = await somebody(runtime, clients=("yaz-automate", "pellow-and-daughters"))
    user_id, month = who.account.user_id, Month.now()
    async with runtime.unit(user_id) as unit:
        clients = {client.slug: client.id for client in await unit.clients.all(user_id)}
    last = month.since - timedelta(milliseconds=1)
    await cost(runtime, user_id, "1.10", client_id=clients["yaz-automate"], at=month.since)
    await cost(runtime, user_id, "2.20", client_id=clients["pellow-and-daughters"], skill="page-cro")
    await cost(runtime, user_id, "0.30", status="failed")
    await cost(runtime, user_id, "7.77", at=last)
    other = await somebody(runtime)
    await cost(runtime, other.account.user_id, "99")
    async with runtime.unit(user_id) as unit:
        seen = await unit.usage.monthly(user_id, month)
        by_skill = await unit.usage.by_skill(user_id, month)
    assert [(row.name, row.sum.cost_usd) for row in seen.clients] == [
        ("Pellow & Daughters", Decimal("2.20")),
        ("Yaz Automate", Decimal("1.10")),
        (None, Decimal("0.30")),
    ]
    assert seen.total == Sum(3, 3000, Decimal("3.60"))
    assert seen.before == Sum(1, 1000, Decimal("7.77"))
    assert by_skill[runtime.catalogue.get("page-cro").id].cost_usd == Decimal("2.20")
    async with runtime.system_unit() as unit:
        by_user = await unit.usage.by_user(month)
    assert (by_user[user_id], by_user[other.account.user_id].cost_usd) == (seen.total, Decimal(99))
    assert usage(seen).text == (
        f"{month.first:%B %Y} so far:\n"
        "3 runs, 3,000 tokens, $3.60\n"
        "You have no monthly limit.\n"
        "\n"
        "By client:\n"
        "• Pellow & Daughters: one run, $2.20\n"
        "• Yaz Automate: one run, $1.10\n"
        "• Without a client: one run, $0.30\n"
        "\n"
        f"{month.before.first:%B %Y}: One run, 1,000 tokens, $7.77"
    )


async def test_a_month_of_nothing(runtime: Runtime) -> None:
    who = await somebody(runtime, clients=())
    async with runtime.unit(who.account.user_id) as unit:
        seen = await unit.usage.monthly(who.account.user_id, Month.now())
    assert (seen.total, seen.clients, seen.before) == (Sum(), [], Sum())
    assert "\nNothing yet.\n" in usage(seen).text


async def test_a_users_month_is_read_from_an_index_alone(fresh_runtime: Runtime) -> None:
    who = await somebody(fresh_runtime, clients=())
    month = Month.now()
    async with fresh_runtime.unit(who.account.user_id) as unit:
        await unit.session.execute(text("SET LOCAL enable_seqscan = off"))
        await unit.session.execute(text("SET LOCAL enable_bitmapscan = off"))
        lines = await unit.session.scalars(
            text(
                "EXPLAIN SELECT client_id, count(*), sum(tokens_used), sum(cost_usd) FROM runs "
                "WHERE user_id = :user AND id >= :first AND id < :last GROUP BY client_id"
            ),
            {
                "user": who.account.user_id,
                "first": first_id_at(month.since),
                "last": first_id_at(month.until),
            },
        )
        plan = "\n".join(lines)
    assert "Index Only Scan using ix_runs_user_newest" in plan
