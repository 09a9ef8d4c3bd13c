"""Ratings that complain, and what learning makes of them."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text

from core.learning.processing import process_feedback
from local.claude.client import ClaudeStandIn, ReceivedRequest
from storage.models import Client, RuleProposal, Run
from tests.core.learning.past import SKILL, Past


async def process(past: Past, skill: str = SKILL) -> Sequence[RuleProposal]:
    """Process the feedback on a skill; the proposals made."""
    return await found(past, await process_feedback(past.runtime, past.runtime.catalogue.get(skill).id))


async def found(past: Past, ids: Sequence[UUID]) -> Sequence[RuleProposal]:
    async with past.runtime.system_unit() as unit:
        return [await unit.proposals.get(it) for it in ids]


async def all_proposals(past: Past) -> Sequence[RuleProposal]:
    async with past.runtime.system_unit() as unit:
        return (await unit.proposals.page(after=None, limit=50)).items


async def left(past: Past) -> int:
    """How many judgements are not counted."""
    async with past.runtime.system_unit() as unit:
        return int(await unit.session.scalar(text("SELECT count(*) FROM feedback WHERE processed_at IS NULL")) or 0)


async def asked(claude: ClaudeStandIn, tool: str) -> list[ReceivedRequest]:
    return [request for request in await claude.requests() if request.call.tool(tool)]


async def complain(past: Past, said: Sequence[str], clients: Sequence[Client | None], **more: Any) -> list[Run]:
    """One bad rating for each of what is said, of these clients in turn."""
    owner = await past.client("nobody") if None in clients else None
    runs = []
    for number, words in enumerate(said):
        client = clients[number % len(clients)]
        away = {"client_id": None} if client is None else {}
        runs.append(await past.run(client or owner, 2, said=words, **away, **more))  # type: ignore[arg-type]
    return runs
