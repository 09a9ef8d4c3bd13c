"""Rules that make outputs worse are told of once, whoever looks and however often."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from core.channel import ChannelAwayError, News, Place, RulesAlert
from core.learning.watching import tell_alert, watch
from core.runtime import Runtime
from storage.accounts import AccountRepository
from storage.models import Client, RuleVersion
from storage.rules import Scope
from tests.core.learning.past import Past, rung
from tests.core.rules.learning import learn


@dataclass
class Ears:
    """A channel that says nothing, and can be away."""

    heard: list[tuple[Place, News]] = field(default_factory=list)
    away: bool = False

    async def announce(self, place: Place, news: News) -> int:
        if self.away:
            raise ChannelAwayError("nobody there", 1.0)
        self.heard.append((place, news))
        return 1


@pytest.fixture
async def past(learner: Runtime) -> Past:
    return Past(learner)


@pytest.fixture
async def client(past: Past) -> Client:
    return await past.client("yaz")


def own(client: Client) -> Scope:
    return Scope("client", client_id=client.id, user_id=client.user_id)


async def rate(past: Past, client: Client, version: RuleVersion, scores: Sequence[int]) -> None:
    for score in scores:
        rules = {"client": {"version": version.version, "content_hash": version.content_hash}}
        await past.run(client, score, provenance={"client": {}, "rules": rules})


async def looked(past: Past) -> int:
    """Look as `process_feedback` does; how many drops were found."""
    return len(await watch(past.runtime, past.runtime.catalogue.get("copywriting").id))


async def test_a_version_is_told_of_after_ten_ratings_that_are_half_a_point_worse(
    past: Past, client: Client
) -> None:
    before = await learn(past.runtime, own(client), "Be brief.")
    await rate(past, client, before, [4, 4, 4, 4])
    after = await learn(past.runtime, own(client), "Be long.")
    await rate(past, client, after, [3, 4, 3, 4, 3, 4, 3, 4, 3])
    assert await looked(past) == 0  # nine
    await rate(past, client, after, [4])
    (drop,) = await watch(past.runtime, past.runtime.catalogue.get("copywriting").id)
    assert (drop.version.id, drop.before.mean, drop.after.mean, drop.after.count) == (after.id, 4.0, 3.5, 10)
    assert f"alert:{after.id}" in await rung(past.runtime)


@pytest.mark.parametrize("scores", [[4] * 9 + [3], [5] * 12, [1] * 9])
async def test_what_is_not_plainly_worse_is_not_told(past: Past, client: Client, scores: list[int]) -> None:
    await rate(past, client, await learn(past.runtime, own(client), "Be brief."), [4, 4])
    await rate(past, client, await learn(past.runtime, own(client), "Be long."), scores)
    assert await looked(past) == 0


async def test_it_is_told_once_however_its_scores_go_on(past: Past, client: Client) -> None:
    await rate(past, client, await learn(past.runtime, own(client), "Be brief."), [5])
    worse = await learn(past.runtime, own(client), "Be long.")
    await rate(past, client, worse, [1] * 10)
    found = await asyncio.gather(*(looked(past) for _ in range(5)))
    assert sum(found) == 1
    await rate(past, client, worse, [5] * 20)
    assert await looked(past) == 0
    await rate(past, client, worse, [1] * 40)
    assert await looked(past) == 0
    assert await rung(past.runtime) == [f"alert:{worse.id}"]


async def test_the_first_version_has_nothing_to_be_worse_than(past: Past, client: Client) -> None:
    await rate(past, client, await learn(past.runtime, own(client), "Be brief."), [1] * 12)
    assert await looked(past) == 0


async def test_it_is_compared_with_the_last_version_that_was_rated(past: Past, client: Client) -> None:
    await rate(past, client, await learn(past.runtime, own(client), "Be brief."), [1])
    await rate(past, client, await learn(past.runtime, own(client), "Be kind."), [5])
    await learn(past.runtime, own(client), "Nobody rates this.")
    await rate(past, client, await learn(past.runtime, own(client), "Be long."), [4] * 10)
    assert await looked(past) == 1


async def admin(runtime: Runtime, identity: str) -> None:
    async with runtime.system_unit() as unit:
        user = await unit.accounts.create_user("Admin", role="admin")
        await AccountRepository(unit.session).link(user.id, "telegram", identity)


async def test_every_admin_hears_of_it_with_the_chart(past: Past, client: Client) -> None:
    await rate(past, client, await learn(past.runtime, own(client), "Be brief."), [5])
    worse = await learn(past.runtime, own(client), "Be long.")
    await rate(past, client, worse, [2] * 10)
    for identity in ("1001", "1002"):
        await admin(past.runtime, identity)
    ears = Ears()
    await tell_alert(past.runtime, {"telegram": ears}, worse.id)  # type: ignore[dict-item]
    assert [place for place, _ in ears.heard] == [Place("telegram", "1001"), Place("telegram", "1002")]
    alert = ears.heard[0][1]
    assert isinstance(alert, RulesAlert)
    assert (alert.scope, alert.subject, alert.version) == ("client", "yaz", worse.version)
    assert (alert.before, alert.after, alert.count) == (5.0, 2.0, 10)
    assert (alert.chart or b"").startswith(b"\x89PNG")


async def test_who_cannot_be_told_now_is_told_later_and_the_others_only_once(past: Past, client: Client) -> None:
    await rate(past, client, await learn(past.runtime, own(client), "Be brief."), [5])
    worse = await learn(past.runtime, own(client), "Be long.")
    await rate(past, client, worse, [2] * 10)
    await admin(past.runtime, "1001")
    ears = Ears(away=True)
    await tell_alert(past.runtime, {"telegram": ears}, worse.id)  # type: ignore[dict-item]
    again = f"alert:{worse.id}:telegram:1001"
    assert await rung(past.runtime) == [f"{again}:2"]
    await tell_alert(past.runtime, {"telegram": ears}, worse.id, only=Place("telegram", "1001"), tries=20)  # type: ignore[dict-item]
    assert f"{again}:21" not in await rung(past.runtime)
    ears.away = False
    await tell_alert(past.runtime, {"telegram": ears}, worse.id, only=Place("telegram", "1001"), tries=2)  # type: ignore[dict-item]
    assert len(ears.heard) == 1


async def test_what_was_rated_better_meanwhile_is_not_told(past: Past, client: Client) -> None:
    await rate(past, client, await learn(past.runtime, own(client), "Be brief."), [3])
    better = await learn(past.runtime, own(client), "Be long.")
    await rate(past, client, better, [5] * 10)
    await admin(past.runtime, "1001")
    ears = Ears()
    await tell_alert(past.runtime, {"telegram": ears}, better.id)  # type: ignore[dict-item]
    assert not ears.heard
