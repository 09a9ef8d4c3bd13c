"""Scores belong to the version of the rules that an output was written with."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import uuid_utils.compat as uuid

from core.runtime import Runtime
from storage import keys
from storage.clients import ClientRepository
from storage.models import Client, Feedback, Output, RuleVersion, Run
from storage.models.rules import RuleOrigin
from storage.rules import GLOBAL, RuleVersionRepository, Scope
from storage.scores import scores_by_version, scores_over_time, watched_versions

MONDAY = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
async def client(runtime: Runtime) -> Client:
    """A client whose scores no other test touches."""
    slug = f"c{uuid.uuid7().hex}"
    async with runtime.system_unit() as unit:
        user = await unit.accounts.create_user("Maya")
        prefix = keys.client_prefix(user.id, slug)
        return await ClientRepository(unit.session).add(
            Client(user_id=user.id, name="Scores", slug=slug, s3_prefix=prefix)
        )


def own(client: Client) -> Scope:
    return Scope("client", client_id=client.id, user_id=client.user_id)


async def rate(runtime: Runtime, client: Client, version: int | None, *scores: int, at: datetime = MONDAY) -> None:
    """An output of this version of the client's rules, rated by as many people as there are scores."""
    skill = runtime.catalogue.get("copywriting")
    provenance: dict[str, Any] = {"rules": "a hash, as runs noted it once"}
    if version is not None:
        provenance = {"rules": {"client": {"version": version, "content_hash": "x"}, "skill": None, "global": None}}
    run = Run(
        user_id=client.user_id, client_id=client.id, skill_id=skill.id, requested_by="x", source="api",
        origin_key=f"test:{uuid.uuid7()}", user_message="x", output_type="x", output_label="x",
        provenance=provenance,
    )  # fmt: skip
    output = Output(
        run_id=run.id, user_id=client.user_id, client_id=client.id, skill_id=skill.id, s3_key=f"outputs/{run.id}",
        title="x", preview="x", short_id=run.id.hex[-10:], bytes=1, created_at=at,
    )  # fmt: skip
    rated = [
        Feedback(user_id=run.user_id, output_id=output.id, rater=f"test:{number}", overall_score=score,
                 source="api", changed_at=at + timedelta(hours=number))
        for number, score in enumerate(scores)
    ]  # fmt: skip
    async with runtime.system_unit() as unit:
        for row in (run, output, *rated):
            unit.session.add(row)
            await unit.session.flush()


async def test_scores_are_counted_by_version(runtime: Runtime, client: Client) -> None:
    await rate(runtime, client, 1, 2, 3)
    await rate(runtime, client, 2, 5, at=MONDAY + timedelta(days=1))
    await rate(runtime, client, 1, 4, at=MONDAY + timedelta(days=2))
    await rate(runtime, client, None, 1)
    async with runtime.system_unit() as unit:
        first, second = await scores_by_version(unit.session, own(client))
    assert (first.version, first.mean, first.count) == (1, 3.0, 3)
    assert (first.first_at, first.last_at) == (MONDAY, MONDAY + timedelta(days=2))
    assert (second.version, second.mean, second.count) == (2, 5.0, 1)


async def test_points_part_periods_and_versions(runtime: Runtime, client: Client) -> None:
    await rate(runtime, client, None, 1)
    await rate(runtime, client, 1, 2, 4, at=MONDAY + timedelta(days=2))
    await rate(runtime, client, 1, 3, at=MONDAY + timedelta(days=4))
    await rate(runtime, client, 2, 5, at=MONDAY + timedelta(days=5))
    await rate(runtime, client, 2, 4, at=MONDAY + timedelta(days=7))
    async with runtime.system_unit() as unit:
        weeks = await scores_over_time(unit.session, own(client))
        days = await scores_over_time(unit.session, own(client), every="day")
        months = await scores_over_time(unit.session, own(client), every="month")
    assert [(it.version, it.mean, it.count) for it in weeks] == [(None, 1, 1), (1, 3, 3), (2, 5, 1), (2, 4, 1)]
    assert weeks[1].at == MONDAY + timedelta(days=2, hours=16)  # the middle of what its ratings are about
    assert len(days) == 5
    assert [(it.version, it.count) for it in months] == [(None, 1), (1, 3), (2, 2)]


async def test_scores_of_a_skill_and_of_everybody_are_told_apart(runtime: Runtime, client: Client) -> None:
    await rate(runtime, client, 1, 5)
    skill = Scope("skill", skill_id=runtime.catalogue.get("copywriting").id)
    async with runtime.system_unit() as unit:
        assert not [it for it in await scores_by_version(unit.session, skill) if it.version == 1 and it.mean == 5]
        assert await scores_over_time(unit.session, skill)
        assert await scores_over_time(unit.session, GLOBAL)
        assert not await scores_by_version(unit.session, Scope("client", client_id=uuid.uuid7()))


@pytest.mark.parametrize(
    ("origins", "watched"),
    [
        (["shipped", "proposal"], True),
        (["proposal", "edit"], True),
        (["proposal", "rollback"], False),
        (["proposal", "merge"], False),
        (["shipped"], False),
    ],
)
async def test_only_the_newest_is_watched_and_only_if_a_person_made_it(
    runtime: Runtime, client: Client, origins: list[RuleOrigin], watched: bool
) -> None:
    await rate(runtime, client, 1, 5)
    versions = [
        RuleVersion(scope="client", client_id=client.id, user_id=client.user_id, version=number, origin=origin,
                    s3_key=f"rules/{number}", content_hash="x", changelog="x")
        for number, origin in enumerate(origins, start=1)
    ]  # fmt: skip
    skill_id = runtime.catalogue.get("copywriting").id
    async with runtime.system_unit() as unit:
        unit.session.add_all(versions)
    async with runtime.system_unit() as unit:
        found = [it.id for it in await watched_versions(unit.session, skill_id) if it.client_id == client.id]
        assert found == ([versions[-1].id] if watched else [])
        other = runtime.catalogue.get("email-sequence").id
        assert not [it for it in await watched_versions(unit.session, other) if it.client_id == client.id]
        await RuleVersionRepository(unit.session).note_alert(versions[-1].id)
        assert not [it for it in await watched_versions(unit.session, skill_id) if it.client_id == client.id]
