"""Who hears of a proposal: every admin, in each private chat where they can be written to."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Select, delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.models import Delivery, RuleProposal, User, UserChannel
from storage.models.rules import OPEN


class AnnouncementRepository:
    """The messages about proposals that admins have, and those that they have yet to get."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def admin_chats(self, channels: Collection[str]) -> Sequence[UserChannel]:
        """Where admins can be written to in private on these channels, the oldest link first."""
        return (await self._session.scalars(_admin_chats().where(col(UserChannel.channel).in_(channels)))).all()

    async def enrol(self, proposal_id: UUID, chats: Sequence[UserChannel]) -> None:
        """Let each of these chats have one message about an open proposal, with the id 0 until it is sent.

        What was never sent to another chat is given up: its admin is none any more, or can't be reached.
        """
        key = {"key": f"announce:{proposal_id}"}
        await self._session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), key)
        wanted = {(chat.channel, chat.channel_user_id): chat.user_id for chat in chats}
        known = await self._session.scalars(select(Delivery).where(col(Delivery.proposal_id) == proposal_id))
        for delivery in known:
            if wanted.pop((delivery.channel, delivery.chat_id), None) is None and delivery.message_id == 0:
                await self._session.execute(delete(Delivery).where(col(Delivery.id) == delivery.id))
        self._session.add_all(
            Delivery(user_id=user, proposal_id=proposal_id, channel=channel, chat_id=chat, message_id=0)
            for (channel, chat), user in wanted.items()
        )
        await self._session.flush()

    async def unannounced(self, limit: int = 100) -> Sequence[UUID]:
        """Open proposals that an admin has no message of."""
        chats = _admin_chats().subquery()
        has_message = (
            select(col(Delivery.id))
            .where(
                col(Delivery.proposal_id) == RuleProposal.id,
                col(Delivery.channel) == chats.c.channel,
                col(Delivery.chat_id) == chats.c.channel_user_id,
            )
            .exists()
        )
        return (
            await self._session.scalars(
                select(col(RuleProposal.id))
                .join(chats, ~has_message)
                .where(col(RuleProposal.status).in_(OPEN))
                .distinct()
                .limit(limit)
            )
        ).all()


def _admin_chats() -> Select[UserChannel]:
    return (
        select(UserChannel)
        .join(User, col(User.id) == UserChannel.user_id)
        .where(col(User.role) == "admin", col(User.deleted_at).is_(None), col(UserChannel.dead_at).is_(None))
        .order_by(col(UserChannel.id))
    )
