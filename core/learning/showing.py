"""Admins see every proposal in their private chats, as it stands now."""

import time
from collections.abc import Mapping
from uuid import UUID

from core.channel import Channel, ProposalCard
from core.learning.cards import proposal_card
from core.learning.proposals import show_bell
from core.runtime import Runtime, Unit
from core.showing import show_newest
from storage.announcing import AnnouncementRepository
from storage.messages import MessageRepository
from storage.models import RuleProposal
from storage.models.rules import OPEN

_BELL_EVERY_SECONDS = 5


async def show_proposal(runtime: Runtime, channels: Mapping[str, Channel], proposal_id: UUID) -> None:
    """Send it to every admin who has no message of it yet, and bring the others up to date."""

    async def read() -> tuple[int, ProposalCard]:
        card = await proposal_card(runtime, proposal_id)
        return card.revision, card

    async with runtime.system_unit() as unit:
        if (await unit.proposals.get(proposal_id)).status in OPEN:
            announcements = AnnouncementRepository(unit.session)
            await announcements.enrol(proposal_id, await announcements.admin_chats(list(channels)))
    await show_newest(runtime, channels, RuleProposal, proposal_id, read=read)


async def sweep_proposals(unit: Unit) -> None:
    """Ring for proposals whose messages a crash or a silent channel left behind."""
    suffix = f":{int(time.time() / _BELL_EVERY_SECONDS)}"
    left = {
        *await MessageRepository(unit.session, RuleProposal).behind(),
        *await AnnouncementRepository(unit.session).unannounced(),
    }
    for proposal_id in left:
        await unit.tell(show_bell(await unit.proposals.get(proposal_id), suffix))
