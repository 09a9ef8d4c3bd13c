"""Those who run the bot, and something for them to decide about: a bot that has admins."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import uuid_utils.compat as uuid
from sqlalchemy import text

from core.accounts.service import Account
from core.learning.evaluation import Evaluation, Pair, Planned
from core.learning.showing import show_proposal
from local.telegram.client import Person
from storage.models import RuleProposal
from tests.bot.handlers.conftest import Speaking
from tests.core.learning.past import Past


@dataclass(frozen=True)
class Admin:
    """A person who runs the bot."""

    person: Person
    account: Account


async def admin(bot: Speaking, name: str = "Maya") -> Admin:
    """Somebody who runs the bot."""
    member = await bot.member(name=name)
    await set_role(bot, member.user_id, "admin")
    return Admin(member.person, replace(member.account, role="admin"))


async def set_role(bot: Speaking, user_id: UUID, role: str) -> None:
    """Let somebody run the bot, or no longer."""
    async with bot.runtime.system_unit() as unit:
        await unit.session.execute(
            text("UPDATE users SET role = :role WHERE id = :id"), {"role": role, "id": user_id}
        )


async def proposed(bot: Speaking, **more: Any) -> RuleProposal:
    """A rule that three ratings ask for."""
    past = Past(bot.runtime)
    client = await past.client(f"harbor-{uuid.uuid7().hex[-8:]}")
    for score, said in ((1, "the opening is vague"), (2, "it starts too slowly"), (3, "vague first line")):
        run = await past.run(client, score, said=said)
        await bot.runtime.objects.put(f"outputs/test/{run.id}.md", b"# A page\n\nA vague opening.")
    await past.run(client, 5)
    return await past.proposal(**{"status": "draft", **more})


async def let_pass(bot: Speaking, proposal: RuleProposal) -> None:
    """As the worker leaves a proposal whose test went well."""
    pair = Pair(uuid.uuid7(), "complaint", "Write a page", "win", "It names a figure.", Decimal("0.01"))
    found = Evaluation(planned=(Planned(pair.run_id, pair.kind),), pairs=(pair,), ended="complete")
    async with bot.runtime.system_unit() as unit:
        await unit.proposals.change(proposal.id, ["draft"], status="ready", evaluation=found.to_json())


async def announce(bot: Speaking, proposal: RuleProposal) -> None:
    """As the worker does when a bell rings for a proposal."""
    await show_proposal(bot.runtime, {"telegram": bot.channel}, proposal.id)
