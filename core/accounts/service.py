"""Accounts: letting people in, knowing them again, letting them go."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts import secrets
from core.errors import InviteInvalidError, KeyInvalidError
from storage.accounts import AccountRepository, signature
from storage.models import Invite, User
from storage.models.accounts import Role
from storage.models.base import utc_now

Preference = Literal["notify", "confirm_client", "language"]
INVITE_LIFE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Account:
    """A person as the product knows them. `person` is their identity on the channel they speak through."""

    user_id: UUID
    name: str
    role: Role
    settings: dict[str, Any]
    person: str
    reachable: bool = True
    monthly_budget_usd: Decimal | None = None

    @property
    def signature(self) -> str:
        """How rows name them where they decide, on any channel; `AccountService.names_of` reads it."""
        return signature(self.user_id)

    @property
    def notify(self) -> bool:
        """Whether they want to hear when a long run is done."""
        return bool(self.settings.get("notify", True))

    @property
    def confirm_client(self) -> bool:
        """Whether they want to be asked for whom, where they named nobody."""
        return bool(self.settings.get("confirm_client", False))

    @property
    def language(self) -> str:
        """The language that they are spoken to in."""
        return str(self.settings.get("language", "en"))


class AccountService:
    """Works in a system transaction, since it decides who somebody is."""

    def __init__(self, session: AsyncSession, *, pepper: str) -> None:
        self._accounts = AccountRepository(session)
        self._pepper = pepper

    async def identify(self, channel: str, channel_user_id: str) -> Account | None:
        """Whose identity this is, or None."""
        found = await self._accounts.linked(channel, channel_user_id)
        if found is None:
            return None
        user, link = found
        return _account(user, channel, channel_user_id, reachable=link.dead_at is None)

    async def by_id(self, user_id: UUID) -> Account | None:
        """The account of a user, spoken for by nobody in particular."""
        user = await self._accounts.user(user_id)
        return _account(user, "user", str(user_id)) if user else None

    async def names_of(self, signatures: Iterable[str | None]) -> Mapping[str, str]:
        """What those who signed are called now, by signature; without those who have left."""
        return await self._accounts.names({it for it in signatures if it})

    async def create_user(self, name: str, *, email: str | None = None, role: Role = "member") -> User:
        """A new account without a link."""
        return await self._accounts.add_user(User(name=name, email=email, role=role))

    async def user_by_email(self, email: str) -> User | None:
        """The account with this address."""
        return await self._accounts.user_by_email(email)

    async def register(self, name: str, channel: str, channel_user_id: str) -> Account:
        """A new account for somebody who simply came."""
        user = await self.create_user(name)
        await self._accounts.link(user.id, channel, channel_user_id)
        return _account(user, channel, channel_user_id)

    async def accept_invite(self, code_hash: str, name: str, channel: str, channel_user_id: str) -> Account:
        """A new account for somebody who was invited.

        Raises:
            InviteInvalidError: the code is unknown, used, or too old.
        """
        user = await self.create_user(name)
        if not await self._accounts.take_invite(code_hash, user.id):
            raise InviteInvalidError
        await self._accounts.link(user.id, channel, channel_user_id)
        return _account(user, channel, channel_user_id)

    async def link_by_key(self, key_hash: str, channel: str, channel_user_id: str) -> tuple[Account, UUID]:
        """Tie an identity to the account of an API key; the account, and the key's id.

        Raises:
            KeyInvalidError: the key is unknown, revoked, or too old.
        """
        found = await self._accounts.key_by_hash(key_hash)
        user = await self._accounts.user(found.user_id) if found else None
        if found is None or user is None:
            raise KeyInvalidError
        await self._accounts.link(user.id, channel, channel_user_id)
        return _account(user, channel, channel_user_id), found.id

    async def prefer(self, account: Account, preference: Preference, value: bool | str) -> Account:
        """Keep a preference; the account as it is then."""
        await self._accounts.set_setting(account.user_id, preference, value)
        return replace(account, settings={**account.settings, preference: value})

    async def unlink(self, channel: str, channel_user_id: str) -> bool:
        """Sever the tie; whether there was one."""
        return await self._accounts.unlink(channel, channel_user_id)

    async def set_reachable(self, channel: str, channel_user_id: str, *, reachable: bool) -> None:
        """Note that somebody blocked us, or came back."""
        await self._accounts.set_dead(channel, channel_user_id, None if reachable else utc_now())

    async def create_invite(self, created_by: UUID | None) -> str:
        """A code that lets one person in within 24 hours. It is shown this once."""
        code = secrets.make_secret("invite")
        await self._accounts.add_invite(
            Invite(
                code_hash=secrets.hash_secret(code, self._pepper),
                created_by=created_by,
                expires_at=utc_now() + INVITE_LIFE,
            )
        )
        return code

    async def chats_of(self, user_id: UUID, channel: str) -> Sequence[str]:
        """Where a user can be written to in private on a channel, the oldest link first."""
        return await self._accounts.identities(user_id, channel)

    async def note_key_use(self, key_id: UUID) -> None:
        """Note that a key was used just now."""
        await self._accounts.note_key_use(key_id)

    async def revoke_key(self, key_id: UUID) -> None:
        """Let a key work no more."""
        await self._accounts.revoke_key(key_id)


def _account(user: User, channel: str, channel_user_id: str, *, reachable: bool = True) -> Account:
    return Account(
        user_id=user.id,
        name=user.name,
        role=user.role,
        settings=user.settings,
        person=f"{channel}:{channel_user_id}",
        reachable=reachable,
        monthly_budget_usd=user.monthly_budget_usd,
    )
