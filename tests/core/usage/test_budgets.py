"""Limits: a warning once when one comes near, and nothing new when it is reached."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from arq.constants import job_key_prefix
from sqlalchemy import event, select, update
from sqlmodel import col

from core.agent.task import TokenUsage
from core.channel import BudgetNear, ChannelAwayError, ChannelState, News, Place
from core.errors import BudgetReachedError, BudgetSpentError
from core.runs.ending import Endings, Ledger
from core.runs.plan import Ready
from core.runs.preparation import gather_material
from core.runs.service import Shown
from core.runtime import Runtime
from core.usage.budgets import budget_is_spent, read_limit
from core.usage.months import Month
from core.usage.warning import sweep_warnings, warn_of_budget
from storage.models import BudgetWarning, Delivery
from storage.models.base import utc_now
from storage.runs import RunRepository
from storage.usage import Limits, UsageRepository
from tests.core.runs.people import Somebody, queued, somebody, status_of
from tests.core.usage.money import LEASE, cost, end, limit, limit_client

CENTS_50 = Ledger("claude-sonnet-5", TokenUsage(output=50_000))
"""An attempt that costs half a dollar: 50,000 tokens at 10 dollars a million."""


class Chats:
    """A channel that remembers what it was told, and may be away first."""

    def __init__(self, *, away: int = 0) -> None:
        self.said: list[tuple[str, News]] = []
        self.away = away

    def pace(self, delivery: Delivery) -> float:  # noqa: ARG002 - as the protocol has it
        return 0.0

    async def show(self, delivery: Delivery, state: ChannelState) -> None:
        self.said.append((delivery.chat_id, state))

    async def announce(self, place: Place, news: News) -> int:
        if self.away:
            self.away -= 1
            raise ChannelAwayError("not now", 7.0)
        self.said.append((place.chat_id, news))
        return 1


async def plan_of(runtime: Runtime, who: Somebody) -> Ready:
    plan = await runtime.planner.plan(who.request())
    assert isinstance(plan, Ready)
    return plan


async def warnings_of(runtime: Runtime, who: Somebody) -> list[BudgetWarning]:
    async with runtime.unit(who.account.user_id) as unit:
        query = select(BudgetWarning).where(col(BudgetWarning.user_id) == who.account.user_id)
        return list((await unit.session.scalars(query.order_by(col(BudgetWarning.id)))).all())


async def test_below_its_limit_a_run_starts_and_at_it_none_does(runtime: Runtime) -> None:
    who = await limit(runtime, await somebody(runtime), "20")
    await cost(runtime, who.account.user_id, "19.99")
    plan = await plan_of(runtime, who)
    async with runtime.unit(who.account.user_id) as unit:
        await unit.runs.start(plan, None)
    await cost(runtime, who.account.user_id, "0.01")
    with pytest.raises(BudgetReachedError) as caught:
        await runtime.planner.plan(who.request())
    month = Month.now()
    assert caught.value.params == {
        "whose": "user",
        "client": "",
        "limit": Decimal(20),
        "spent": Decimal(20),
        "resets": f"{month.until:%-d %B}",
        "budget": {
            "client": None,
            "limit_usd": "20.000000",
            "spent_usd": "20.000000",
            "resets_at": f"{month.until:%Y-%m-%dT%H:%M:%SZ}",
        },
    }
    with pytest.raises(BudgetReachedError):  # a plan that was made before
        async with runtime.unit(who.account.user_id) as unit:
            await unit.runs.start(replace(plan, request=who.request()), None)


async def test_what_another_month_and_another_client_cost_does_not_count(runtime: Runtime) -> None:
    who = await limit(runtime, await somebody(runtime, clients=("yaz-automate", "pellow-and-daughters")), "20")
    user_id = who.account.user_id
    yaz = await limit_client(runtime, who, "5")
    async with runtime.unit(user_id) as unit:
        other = (await unit.clients.by_reference(user_id, "pellow-and-daughters")).id
    await cost(runtime, user_id, "30", client_id=yaz, at=Month.now().since - timedelta(seconds=1))
    await cost(runtime, user_id, "5", client_id=other)
    await cost(runtime, user_id, "4.99", client_id=yaz)
    await plan_of(runtime, who)
    await cost(runtime, user_id, "0.01", client_id=yaz)
    with pytest.raises(BudgetReachedError) as caught:
        await runtime.planner.plan(who.request())
    assert caught.value.params["client"] == "Yaz Automate"
    assert await runtime.planner.plan(who.request("Write homepage copy for Pellow & Daughters"))


async def test_nothing_is_started_again_or_for_another_client_at_the_limit(runtime: Runtime) -> None:
    who = await somebody(runtime, clients=("yaz-automate", "pellow-and-daughters"))
    user_id = who.account.user_id
    run = await queued(runtime, who)
    who = await limit(runtime, who, "1")
    await cost(runtime, user_id, "1")
    async with runtime.unit(user_id) as unit:
        other = (await unit.clients.by_reference(user_id, "pellow-and-daughters")).id
    shown = Shown(who.place, 1)
    with pytest.raises(BudgetReachedError):
        async with runtime.unit(user_id) as unit:
            await unit.runs.change_client(run.id, other, shown, origin_key=f"change:{run.id}")
    assert await status_of(runtime, run.id) == "queued"
    async with runtime.unit(user_id) as unit:
        await unit.runs.cancel(run.id)
    with pytest.raises(BudgetReachedError):
        async with runtime.unit(user_id) as unit:
            await unit.runs.again(run.id, None, origin_key=f"again:{run.id}")
    await limit(runtime, who, "2")
    async with runtime.unit(user_id) as unit:
        assert (await unit.runs.again(run.id, None, origin_key=f"again:{run.id}")).fresh


async def test_a_run_whose_limit_was_reached_while_it_waited_costs_nothing(runtime: Runtime) -> None:
    who = await limit(runtime, await somebody(runtime), "1")
    run = await queued(runtime, who)
    await cost(runtime, who.account.user_id, "1")
    async with runtime.system_unit() as unit:
        taken = await RunRepository(unit.session).take(
            run.id, 1, worker="test", lease=LEASE, per_user=9, per_skill=99
        )
        assert taken is not None
        claimed, limits = taken
        assert limits == Limits(Decimal(1), None)
        assert await budget_is_spent(UsageRepository(unit.session), claimed, limits)
    material = await gather_material(runtime, claimed)
    await Endings(runtime, {}).failed(material, Ledger("claude-sonnet-5"), BudgetSpentError())
    async with runtime.unit(who.account.user_id) as unit:
        ended = await unit.runs.get(run.id)
    assert (ended.status, ended.error_code, ended.cost_usd) == ("failed", "budget-spent", Decimal(0))


async def test_one_crossing_is_one_warning_however_many_runs_end_together(runtime: Runtime) -> None:
    who = await limit(runtime, await somebody(runtime), "5")
    yaz = await limit_client(runtime, who, "6")
    runs = [await queued(runtime, who) for _ in range(10)]
    await asyncio.gather(*(end(runtime, run, CENTS_50) for run in runs[:7]))
    assert await warnings_of(runtime, who) == []
    await asyncio.gather(*(end(runtime, run, CENTS_50) for run in runs[7:]))
    told = {warning.client_id: warning for warning in await warnings_of(runtime, who)}
    assert set(told) == {None, yaz}
    assert (told[None].limit_usd, told[None].spent_usd) == (Decimal(5), Decimal(4))
    assert (told[yaz].limit_usd, told[yaz].spent_usd) == (Decimal(6), Decimal(5))
    async with runtime.unit(who.account.user_id) as unit:
        client = await unit.clients.get(who.account.user_id, yaz)
        await unit.clients.change(client, {"monthly_budget_usd": Decimal("6.25")})
    who = await limit(runtime, who, "12.50")
    more = [await queued(runtime, who) for _ in range(2)]
    for run in more:
        await end(runtime, run, CENTS_50)
    again = [(it.client_id, it.spent_usd) for it in await warnings_of(runtime, who)][2:]
    assert again == [(yaz, Decimal("5.5"))]  # of a limit that was raised, a crossing of its own


async def test_a_failed_attempt_that_was_paid_counts(runtime: Runtime) -> None:
    who = await limit(runtime, await somebody(runtime), "0.50")
    run = await queued(runtime, who)
    await end(runtime, run, CENTS_50, error=RuntimeError("broken"))
    assert [it.spent_usd for it in await warnings_of(runtime, who)] == [Decimal("0.5")]


async def test_the_owner_is_told_once_and_later_if_the_channel_is_away(runtime: Runtime) -> None:
    who = await limit(runtime, await somebody(runtime), "0.60")
    await end(runtime, await queued(runtime, who), CENTS_50)
    (warning,) = await warnings_of(runtime, who)
    chats = Chats(away=1)
    await warn_of_budget(runtime, {"telegram": chats}, warning.id)
    assert chats.said == []
    await runtime.settle()
    await asyncio.gather(*(warn_of_budget(runtime, {"telegram": chats}, warning.id) for _ in range(4)))
    news = BudgetNear(None, Decimal("0.5"), Decimal("0.6"), Month.now().until)
    assert chats.said == [(who.place.chat_id, news)]


async def test_a_warning_whose_bell_was_lost_is_rung_for(runtime: Runtime) -> None:
    who = await limit(runtime, await somebody(runtime), "0.60")
    await end(runtime, await queued(runtime, who), CENTS_50)
    (warning,) = await warnings_of(runtime, who)

    async def bells(age: timedelta) -> int:
        async with runtime.system_unit() as unit:
            made = {"created_at": utc_now() - age}
            await unit.session.execute(
                update(BudgetWarning).where(col(BudgetWarning.id) == warning.id).values(made)
            )
        await runtime.redis.flushdb()
        await sweep_warnings(runtime)
        return len([it async for it in runtime.redis.scan_iter(match=f"{job_key_prefix}budget:{warning.id}*")])

    assert [await bells(age) for age in (timedelta(minutes=1), timedelta(minutes=10), timedelta(days=2))] == [
        0,
        1,
        0,
    ]


async def test_without_a_limit_no_query_asks_for_one(runtime: Runtime) -> None:
    who = await somebody(runtime)
    asked: list[str] = []

    def note(_1: object, _2: object, statement: str, *_: object) -> None:
        asked.append(statement)

    event.listen(runtime.engine.sync_engine, "before_cursor_execute", note)
    try:
        run = await queued(runtime, who)
        await end(runtime, run, CENTS_50)
    finally:
        event.remove(runtime.engine.sync_engine, "before_cursor_execute", note)
    assert any("INSERT INTO runs" in statement for statement in asked)
    assert [it for it in asked if "sum(runs.cost_usd)" in it or "budget:" in it] == []


@pytest.mark.parametrize(
    ("written", "dollars"),
    [("20", "20.00"), (" $12.5 ", "12.50"), ("1,200", "1200.00"), ("0", "0.00"), ("none", None), ("No", None)],
)
def test_a_limit_is_read_as_people_write_it(written: str, dollars: str | None) -> None:
    assert read_limit(written) == (Decimal(dollars) if dollars else None)


@pytest.mark.parametrize("written", ["", "twenty", "-5", "nan", "1e9", "infinity", "1000000", "12 dollars or so"])
def test_what_is_no_limit_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_limit(written)
