"""Queries about people: users, links, keys, invites, and the client a chat works for."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import cast, delete, func, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.models import ApiKey, ChatBinding, Invite, User, UserChannel
from storage.models.base import utc_now
from storage.pages import Page, newest_first

_USER = "user:"


def signature(user_id: UUID) -> str:
    """How rows name a user who decided, whichever channel they spoke through, and whatever they are called."""
    return f"{_USER}{user_id}"


class AccountRepository:
    """Users, their links and their keys."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add_user(self, user: User) -> User:
        """Keep a new user."""
        self._session.add(user)
        await self._session.flush()
        return user

    async def user(self, user_id: UUID) -> User | None:
        """A user by id, unless the account was deleted."""
        return await self._session.scalar(
            select(User).where(col(User.id) == user_id, col(User.deleted_at).is_(None))
        )

    async def names(self, signatures: Iterable[str]) -> dict[str, str]:
        """What those who signed are called now, by signature; without those who have left."""
        ids = [UUID(it.removeprefix(_USER)) for it in signatures if it.startswith(_USER)]
        query = select(col(User.id), col(User.name)).where(col(User.id).in_(ids), col(User.deleted_at).is_(None))
        return {signature(user_id): name for user_id, name in await self._session.execute(query)}

    async def user_by_email(self, email: str) -> User | None:
        """A user by email, in any case."""
        return await self._session.scalar(
            select(User).where(func.lower(User.email) == email.lower(), col(User.deleted_at).is_(None))
        )

    async def set_setting(self, user_id: UUID, name: str, value: bool | str) -> None:
        """Keep one setting of a user; the others stay."""
        changed = col(User.settings).op("||")(cast({name: value}, JSONB))
        await self._session.execute(
            update(User)
            .where(col(User.id) == user_id)
            .values(settings=changed)
            .execution_options(synchronize_session=False)
        )

    async def linked(self, channel: str, channel_user_id: str) -> tuple[User, UserChannel] | None:
        """The user whom this identity is tied to, and the link."""
        row = (
            await self._session.execute(
                select(User, UserChannel)
                .join(UserChannel, col(UserChannel.user_id) == User.id)
                .where(
                    col(UserChannel.channel) == channel,
                    col(UserChannel.channel_user_id) == channel_user_id,
                    col(User.deleted_at).is_(None),
                )
            )
        ).first()
        return (row[0], row[1]) if row else None

    async def link(self, user_id: UUID, channel: str, channel_user_id: str) -> None:
        """Tie an identity to a user; an older tie of the identity gives way."""
        statement = insert(UserChannel).values(
            id=UserChannel(user_id=user_id, channel=channel, channel_user_id=channel_user_id).id,
            user_id=user_id,
            channel=channel,
            channel_user_id=channel_user_id,
        )
        await self._session.execute(
            statement.on_conflict_do_update(
                index_elements=["channel", "channel_user_id"], set_={"user_id": user_id, "dead_at": None}
            )
        )

    async def unlink(self, channel: str, channel_user_id: str) -> bool:
        """Sever the tie; whether there was one."""
        gone = await self._session.scalar(
            delete(UserChannel)
            .where(col(UserChannel.channel) == channel, col(UserChannel.channel_user_id) == channel_user_id)
            .returning(col(UserChannel.id))
        )
        return gone is not None

    async def has_chat(self, user_id: UUID) -> bool:
        """Whether any identity is tied to this user."""
        tied = select(col(UserChannel.id)).where(col(UserChannel.user_id) == user_id).limit(1)
        return await self._session.scalar(tied) is not None

    async def set_dead(self, channel: str, channel_user_id: str, dead_at: datetime | None) -> None:
        """Note that this identity can't be written to (it blocked us), or that it can again."""
        await self._session.execute(
            update(UserChannel)
            .where(col(UserChannel.channel) == channel, col(UserChannel.channel_user_id) == channel_user_id)
            .values(dead_at=dead_at)
        )

    async def add_key(self, key: ApiKey) -> None:
        """Keep a new key's hash."""
        self._session.add(key)
        await self._session.flush()

    async def key_by_hash(self, key_hash: str) -> ApiKey | None:
        """A key that works now."""
        return await self._session.scalar(
            select(ApiKey).where(
                col(ApiKey.key_hash) == key_hash,
                col(ApiKey.revoked_at).is_(None),
                (col(ApiKey.expires_at).is_(None)) | (col(ApiKey.expires_at) > func.now()),
            )
        )

    async def key(self, user_id: UUID, key_id: UUID) -> ApiKey | None:
        """A key of this user, whether it works or not."""
        return await self._session.scalar(
            select(ApiKey).where(col(ApiKey.user_id) == user_id, col(ApiKey.id) == key_id)
        )

    async def key_page(self, user_id: UUID, *, after: UUID | None, limit: int) -> Page[ApiKey]:
        """A user's keys, newest first."""
        query = select(ApiKey).where(col(ApiKey.user_id) == user_id)
        return await newest_first(self._session, query, col(ApiKey.id), after=after, limit=limit)

    async def working_keys(self, user_id: UUID, *, limit: int = 20) -> Sequence[ApiKey]:
        """A user's keys that work now, newest first."""
        return (
            await self._session.scalars(
                select(ApiKey)
                .where(
                    col(ApiKey.user_id) == user_id,
                    col(ApiKey.revoked_at).is_(None),
                    (col(ApiKey.expires_at).is_(None)) | (col(ApiKey.expires_at) > func.now()),
                )
                .order_by(col(ApiKey.id).desc())
                .limit(limit)
            )
        ).all()

    async def note_key_use(self, key_id: UUID) -> None:
        """Note that a key was used just now."""
        await self._session.execute(update(ApiKey).where(col(ApiKey.id) == key_id).values(last_used_at=func.now()))

    async def identities(self, user_id: UUID, channel: str) -> Sequence[str]:
        """Where a user can be written to on a channel: identities that are linked and not dead, oldest first."""
        return (
            await self._session.scalars(
                select(col(UserChannel.channel_user_id))
                .where(
                    col(UserChannel.user_id) == user_id,
                    col(UserChannel.channel) == channel,
                    col(UserChannel.dead_at).is_(None),
                )
                .order_by(col(UserChannel.id))
            )
        ).all()

    async def revoke_key(self, key_id: UUID) -> None:
        """Let a key work no more."""
        await self._session.execute(update(ApiKey).where(col(ApiKey.id) == key_id).values(revoked_at=utc_now()))

    async def add_invite(self, invite: Invite) -> None:
        """Keep a new invite's hash."""
        self._session.add(invite)
        await self._session.flush()

    async def take_invite(self, code_hash: str, user_id: UUID) -> bool:
        """Use an invite up; False if it is unknown, used, or too old."""
        taken = await self._session.scalar(
            update(Invite)
            .where(
                col(Invite.code_hash) == code_hash,
                col(Invite.used_by).is_(None),
                col(Invite.expires_at) > func.now(),
            )
            .values(used_by=user_id)
            .returning(col(Invite.id))
        )
        return taken is not None


class BindingRepository:
    """Which client a chat or topic works for."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, channel: str, chat_id: str, thread_id: int | None) -> ChatBinding | None:
        """The binding of exactly this place."""
        return await self._session.scalar(
            select(ChatBinding).where(
                col(ChatBinding.channel) == channel,
                col(ChatBinding.chat_id) == chat_id,
                func.coalesce(ChatBinding.thread_id, 0) == (thread_id or 0),
            )
        )

    async def bind(
        self, user_id: UUID, channel: str, chat_id: str, thread_id: int | None, client_id: UUID | None
    ) -> None:
        """Let this place work for `client_id`, or for none."""
        present = await self.get(channel, chat_id, thread_id)
        if present is None:
            present = ChatBinding(user_id=user_id, channel=channel, chat_id=chat_id, thread_id=thread_id)
            self._session.add(present)
        present.user_id = user_id
        present.client_id = client_id
        await self._session.flush()
