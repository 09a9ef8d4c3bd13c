"""Metrics over HTTP: they add up to the runs, to the cent, and show nobody else's."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from storage.learning import LearningRepository
from storage.models import Feedback, Output
from tests.bot.http.conftest import Api, Caller
from tests.core.usage.money import cost

TODAY = datetime.now(UTC).date()
MONDAY = TODAY - timedelta(days=TODAY.weekday())


def version(number: int) -> dict[str, Any]:
    return {"rules": {"skill": {"version": number}, "global": {"version": 7}, "client": None}}


async def rated(api: Api, caller: Caller, score: int, dollars: str, *, days_ago: int = 0, **values: Any) -> None:
    """A finished run of some days ago, with an output that was rated."""
    at = datetime.now(UTC) - timedelta(days=days_ago)
    run = await cost(api.runtime, caller.user_id, dollars, at=at, **values)
    output = Output(
        run_id=run.id,
        user_id=run.user_id,
        skill_id=run.skill_id,
        s3_key=f"outputs/test/{run.id}.md",
        title="A page",
        preview="Words",
        short_id=run.id.hex[-8:],
        bytes=5,
    )
    async with api.runtime.system_unit() as unit:
        unit.session.add(output)
        await unit.session.flush()
        unit.session.add(
            Feedback(
                user_id=run.user_id, output_id=output.id, rater="user:test", overall_score=score, source="test"
            )
        )


@pytest.fixture
async def busy(api: Api, maya: Caller) -> Caller:
    """Somebody with runs of this week and of weeks ago."""
    await rated(api, maya, 5, "0.111111", provenance=version(2))
    await rated(api, maya, 4, "0.222222", provenance=version(2))
    await rated(api, maya, 2, "0.100001", days_ago=14, provenance=version(1))
    await cost(api.runtime, maya.user_id, "0.05", status="failed", provenance={"rules": "a hash of old"})
    await cost(api.runtime, maya.user_id, "0.01", status="cancelled", skill="page-cro")
    await rated(api, maya, 3, "0.07", days_ago=100)
    return maya


async def test_a_skill_by_week_and_by_version_of_its_rules(api: Api, busy: Caller, sam: Caller) -> None:
    await rated(api, sam, 1, "9")
    told = await busy.get("/skills/copywriting/metrics")
    assert (told["skill"], told["everyone"], len(told["periods"])) == ("copywriting", False, 12)
    assert told["last_day"] == TODAY.isoformat()
    assert told["periods"][-1]["start"] == MONDAY.isoformat()
    total = told["total"]
    assert (total["runs"], total["completed"], total["failed"], total["cancelled"]) == (4, 3, 1, 0)
    assert (total["failure_rate"], total["tokens_used"], total["ratings"]) == (0.25, 4000, 3)
    assert total["mean_score"] == pytest.approx(11 / 3)
    assert total["cost_usd"] == "0.483334"
    for name in ("runs", "failed", "ratings", "tokens_used"):
        assert sum(period[name] for period in told["periods"]) == total[name]
    assert sum(Decimal(period["cost_usd"]) for period in told["periods"]) == Decimal(total["cost_usd"])
    by_version = {row["version"]: row for row in told["rules_versions"]}
    assert {number: (row["runs"], row["mean_score"]) for number, row in by_version.items()} == {
        1: (1, 2.0),
        2: (2, 4.5),
        None: (1, None),
    }
    assert (told["before"]["ratings"], told["trend"]) == (1, pytest.approx(11 / 3 - 3))


async def test_the_summary_is_the_sum_of_the_runs(busy: Caller) -> None:
    told = await busy.get(f"/metrics/summary?period=day&from={TODAY - timedelta(days=20)}&to={TODAY}")
    assert len(told["periods"]) == 21
    assert [(row["skill"], row["runs"]) for row in told["skills"]] == [("copywriting", 4), ("page-cro", 1)]
    runs = (await busy.get("/runs?limit=100"))["data"]
    recent = [run for run in runs if run["queued_at"] >= (TODAY - timedelta(days=20)).isoformat()]
    assert Decimal(told["total"]["cost_usd"]) == sum(Decimal(run["cost_usd"]) for run in recent)
    assert told["total"]["tokens_used"] == sum(run["tokens_used"] for run in recent)
    assert {row["version"]: row["runs"] for row in told["rules_versions"]} == {7: 3, None: 2}
    month = await busy.get("/metrics/summary?period=month")
    assert len(month["periods"]) == 12
    assert date.fromisoformat(month["periods"][-1]["start"]).day == 1
    assert month["total"]["runs"] == 6


async def test_everyones_is_for_admins(api: Api, busy: Caller, sam: Caller) -> None:
    await rated(api, sam, 1, "9", skill="press-release")
    path = "/skills/press-release/metrics?everyone={}"
    assert (await sam.get(path.format("true"), status=403))["code"] == "scope-missing"
    assert (await busy.get(path.format("false")))["total"]["runs"] == 0
    admin = await api.user("Ada", role="admin")
    everyones = await admin.get(path.format("true"))
    assert (everyones["total"]["runs"], everyones["total"]["cost_usd"]) == (1, "9.000000")
    assert (await admin.get("/metrics/summary"))["total"]["runs"] == 0
    assert (await admin.get("/metrics/summary?everyone=true"))["total"]["runs"] >= 6
    async with api.runtime.system_unit() as unit:
        await LearningRepository(unit.session).add_costs({"replay": Decimal("0.4"), "judge_pair": Decimal("0.1")})
        await LearningRepository(unit.session).add_costs({"replay": Decimal("0.02")})
    assert (await admin.get("/metrics/summary?everyone=true"))["learning_usd"] == "0.520000"
    assert (await busy.get("/metrics/summary"))["learning_usd"] is None
    lesser = await api.user("Ben", role="admin", scopes=["read"])
    await lesser.get("/metrics/summary?everyone=true", status=403)


async def test_an_admin_sees_the_chart(api: Api, maya: Caller) -> None:
    await rated(api, maya, 4, "0.1", provenance=version(1))
    admin = await api.user("Ada", role="admin")
    chart = await admin.call("GET", "/skills/copywriting/chart")
    assert (chart.status, chart.content_type) == (200, "image/png")
    assert (await chart.read()).startswith(b"\x89PNG")
    assert (await maya.get("/skills/copywriting/chart", status=403))["code"] == "scope-missing"
    assert (await admin.get("/skills/nonsense/chart", status=404))["code"] == "skill-unknown"


@pytest.mark.parametrize(
    "query",
    [
        "period=year",
        "from=2026-02-31",
        "from=yesterday",
        "from=1764028800",
        "everyone=1",
        "from=2026-03-01&to=2026-02-01",
        "period=day&from=2020-01-01&to=2026-01-01",
        "since=2026-01-01",
    ],
)
async def test_what_is_no_span_is_refused(maya: Caller, query: str) -> None:
    refused = await maya.get(f"/metrics/summary?{query}", status=422)
    assert (refused["code"], bool(refused["fields"])) == ("request-invalid", True)
