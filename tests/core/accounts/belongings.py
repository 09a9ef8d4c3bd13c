"""Somebody who has something in every table and under every prefix, and somebody else who has met them."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from core.clients.example import SLUG
from core.clients.files import write_file
from core.runs.plan import Ready
from core.runtime import Runtime
from storage import keys
from storage.models import (
    BudgetWarning,
    Delivery,
    DetectionLabel,
    Feedback,
    IdempotencyKey,
    InboundUpdate,
    Invite,
    Output,
    PendingRequest,
    RuleProposal,
    RuleVersion,
    Run,
    RunAttempt,
    RunEvent,
    WebhookDelivery,
    WebhookEndpoint,
    WorkflowRun,
    WorkflowStep,
)
from storage.models.base import utc_now
from tests.core.runs.people import Somebody, somebody

SECRET = "what-only-maya-said"


@dataclass(frozen=True)
class Two:
    """Maya, who goes, and Sam, in whose group she was."""

    maya: Somebody
    sam: Somebody
    key: str


async def two(runtime: Runtime) -> Two:
    """Both, with all that can be anybody's."""
    maya, sam = await somebody(runtime), await somebody(runtime)
    key = await _fill(runtime, maya, by=maya)
    await _fill(runtime, sam, by=sam)
    await _fill(runtime, sam, by=maya)  # what she did in his group
    return Two(maya, sam, key)


async def _fill(runtime: Runtime, owner: Somebody, *, by: Somebody) -> str:
    """Something in each table that is `owner`'s, asked for and judged `by` somebody; an API key of theirs."""
    user_id, person, later = owner.account.user_id, by.account.person, utc_now() + timedelta(days=1)
    plan = await runtime.planner.plan(owner.request())
    assert isinstance(plan, Ready)
    assert plan.client is not None
    client = plan.client
    async with runtime.system_unit() as unit:
        _, key = await unit.keys.create(user_id, "site", ["read"])
        await unit.clients.set_active(user_id, owner.place, client.id)
        session = unit.session

        async def add(row: Any) -> Any:
            session.add(row)
            await session.flush()
            return row

        mine: dict[str, Any] = {"user_id": user_id}
        walk = await add(
            WorkflowRun(
                **mine, requested_by=person, origin_key=f"w:{key}", workflow="w", title="W", brief=SECRET,
                client_id=client.id, status="completed",
            )
        )  # fmt: skip
        run = await add(
            Run(
                **mine, requested_by=person, origin_key=f"r:{key}", skill_id=plan.skill.id, client_id=client.id,
                source="telegram", status="completed", user_message=SECRET, output_type="x", output_label="x",
                workflow_run_id=walk.id,
            )
        )  # fmt: skip
        output = await add(
            Output(
                **mine, run_id=run.id, client_id=client.id, skill_id=plan.skill.id, title="T", preview="p", bytes=1,
                s3_key=keys.output("copywriting", user_id, key[-8:], counter=1, version=1, extension="md"),
                short_id=key[-8:],
            )
        )  # fmt: skip
        judged_at = keys.feedback("copywriting", user_id, "2026-02-03", key[-8:])
        await add(
            Feedback(**mine, output_id=output.id, rater=person, overall_score=4, source="api", s3_key=judged_at)
        )
        proposal = await add(
            RuleProposal(
                **mine, scope="client", client_id=client.id, base_version=1, change_type="add", theme="t", diff="d",
                rationale=SECRET, decided_by=person,
            )
        )  # fmt: skip
        versions = len((await session.execute(RuleVersion.__table__.select())).all())  # type: ignore[attr-defined]
        rules = f"rules/client/{user_id}/{SLUG}/{versions + 1}.md"
        await add(
            RuleVersion(
                **mine, scope="client", client_id=client.id, version=versions + 1, s3_key=rules, content_hash="h",
                changelog="c", origin="proposal", proposal_id=proposal.id, made_by=person,
            )
        )  # fmt: skip
        for row in (
            WorkflowStep(**mine, workflow_run_id=walk.id, position=1, step=key[-8:], output_id=output.id,
                         decided_by=person, status="completed"),
            RunAttempt(**mine, run_id=run.id, attempt=1, worker="w"),
            RunEvent(**mine, run_id=run.id, seq=1, kind="queued"),
            Delivery(**mine, run_id=run.id, channel="telegram", chat_id=owner.place.chat_id, message_id=1,
                     state="final"),
            PendingRequest(**mine, channel="telegram", chat_id="-100", person=person, origin_key="o", text=SECRET,
                           expires_at=later),
            DetectionLabel(**mine, message=SECRET, skill="copywriting", chosen_by=person),
            IdempotencyKey(**mine, key=key[-8:], method="POST", path="/", request_hash="h", expires_at=later),
            WebhookEndpoint(**mine, url=f"https://example.com/{key[-8:]}"),
            WebhookDelivery(**mine, run_id=run.id, event_id=f"e:{key}", url="https://example.com"),
            BudgetWarning(**mine, month=utc_now().date(), limit_usd=Decimal(1 if owner is by else 2),
                          spent_usd=Decimal(1)),
            Invite(code_hash=f"c:{key}", created_by=user_id, expires_at=later),
            InboundUpdate(channel="telegram", update_id=hash(key) % 10**9, chat_key=f"chat:{by.place.chat_id}",
                          handled_at=utc_now()),
        ):  # fmt: skip
            await add(row)
    others = (keys.export(user_id, output.id, "pdf"), keys.upload(user_id, "d", "u"))
    for name in (output.s3_key, judged_at, rules, *others):
        await runtime.objects.put(name, SECRET.encode())
    await write_file(runtime, client, "research/note.md", SECRET.encode())
    await runtime.redis.set(f"marketing-agent:conversation:{owner.place.chat_id}:{owner.place.chat_id}:data", "{}")
    await runtime.redis.set(f"marketing-agent:limit:all:{user_id}:1", 1)
    return key
