"""A past: runs of several clients that people have rated, as a test of a proposal finds them."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid

from core.clients.files import write_file
from core.queue import QUEUE_NAME
from core.runtime import Runtime
from storage import keys
from storage.clients import ClientRepository
from storage.models import Client, Feedback, Output, RuleProposal, Run, RunAttempt

RULE = "Open with a number that the reader can check."
SKILL = "copywriting"
COST = Decimal("0.02")


async def rung(runtime: Runtime) -> list[str]:
    """The ids of the jobs that wait."""
    return sorted(job.decode() for job in await runtime.redis.zrange(QUEUE_NAME, 0, -1))


@dataclass
class Past:
    """Makes clients, rated runs, and a proposal that rests on them."""

    runtime: Runtime
    complaints: list[Feedback] = field(default_factory=list)

    async def client(self, name: str, *, user_id: UUID | None = None) -> Client:
        """A client whose profile says `canary-<name>`."""
        async with self.runtime.system_unit() as unit:
            owner = user_id or (await unit.accounts.create_user(f"Owner of {name}")).id
            client = Client(user_id=owner, name=name, slug=name, s3_prefix=keys.client_prefix(owner, name))
            await ClientRepository(unit.session).add(client)
        await write_file(self.runtime, client, "profile.md", f"# {name}\n\ncanary-{name}".encode())
        return client

    async def run(self, client: Client, score: int, *, said: str = "", **more: Any) -> Run:
        """A run for a client whose output was given this score; up to 3 it is a complaint."""
        values: dict[str, Any] = {
            "user_id": client.user_id,
            "client_id": client.id,
            "skill_id": self.runtime.catalogue.get(SKILL).id,
            "requested_by": "test:1",
            "origin_key": f"test:{uuid.uuid7()}",
            "source": "api",
            "status": "completed",
            "user_message": f"Write a page for {client.name}, number {score}",
            "output_type": "homepage",
            "output_label": "homepage copy",
            "cost_usd": COST,
            "provenance": {"client": {"client_id": str(client.id)}},
            **more,
        }
        run = Run(**values)
        output = Output(
            run_id=run.id, user_id=run.user_id, client_id=run.client_id, skill_id=run.skill_id,
            s3_key=f"outputs/test/{run.id}.md", title="Page", preview="Page", short_id=run.id.hex[-10:], bytes=600,
        )  # fmt: skip
        judged = Feedback(
            user_id=run.user_id, output_id=output.id, rater="test:1", overall_score=score, source="api",
            issues_json=[{"description": said, "severity": "medium"}] if said else [],
        )  # fmt: skip
        spent = RunAttempt(
            user_id=run.user_id, run_id=run.id, attempt=1, worker="test", outcome="completed",
            tokens_in=1000, tokens_cache_write=2000, tokens_out=200, cost_usd=COST,
        )  # fmt: skip
        async with self.runtime.system_unit() as unit:
            for row in (run, output, spent, judged):
                unit.session.add(row)
                await unit.session.flush()
        if score <= 3:
            self.complaints.append(judged)
        return run

    async def proposal(self, **more: Any) -> RuleProposal:
        """A rule that the complaints ask for, whose test was started."""
        values: dict[str, Any] = {
            "scope": "skill",
            "skill_id": self.runtime.catalogue.get(SKILL).id,
            "base_version": 1,
            "change_type": "add",
            "theme": "Vague openings",
            "proposed_rule": RULE,
            "diff": f"+ {RULE}",
            "rationale": "Three people said so.",
            "evidence": [it.id for it in self.complaints],
            "status": "testing",
            **more,
        }
        proposal = RuleProposal(**values)
        async with self.runtime.system_unit() as unit:
            unit.session.add(proposal)
        return proposal
