"""API keys: made, listed, replaced with a time of grace, revoked."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts import secrets
from core.accounts.authentication import Scope
from core.errors import NotFoundError, ScopeMissingError
from storage.accounts import AccountRepository
from storage.models import ApiKey
from storage.models.base import utc_now
from storage.pages import Page

GRACE = timedelta(hours=24)


class KeyService:
    """Works in the transaction of the keys' owner. A key is shown once, by the call that makes it."""

    def __init__(self, session: AsyncSession, *, pepper: str) -> None:
        self._accounts = AccountRepository(session)
        self._pepper = pepper

    async def create(
        self,
        user_id: UUID,
        name: str,
        scopes: Collection[str],
        *,
        by: Collection[str] | None = None,
        expires_at: datetime | None = None,
    ) -> tuple[ApiKey, str]:
        """A new key, and the secret that is shown this once. `by`: the scopes of the key that asks for it.

        Raises:
            ScopeMissingError: the new key would be able to do more than the one that asks.
        """
        _no_more_than(by, scopes)
        secret = secrets.make_secret("key")
        key = ApiKey(
            user_id=user_id,
            name=name,
            prefix=secret[: secrets.SHOWN],
            key_hash=secrets.hash_secret(secret, self._pepper),
            scopes=sorted(set(scopes)),
            expires_at=expires_at,
        )
        await self._accounts.add_key(key)
        return key, secret

    async def way_back(self, user_id: UUID, name: str, scopes: Collection[str]) -> str | None:
        """The secret of a new key, for an account to which no chat and no key leads; None where one does.

        To be called when a chat has left it, in the same transaction of the system.
        """
        if await self._accounts.has_chat(user_id) or await self._accounts.working_keys(user_id, limit=1):
            return None
        _, secret = await self.create(user_id, name, scopes)
        return secret

    async def page(self, user_id: UUID, *, after: UUID | None = None, limit: int = 100) -> Page[ApiKey]:
        """A user's keys, newest first, those that work no more too."""
        return await self._accounts.key_page(user_id, after=after, limit=limit)

    async def working(self, user_id: UUID) -> Sequence[ApiKey]:
        """The newest of a user's keys that work now."""
        return await self._accounts.working_keys(user_id)

    async def get(self, user_id: UUID, key_id: UUID) -> ApiKey:
        """A key that works now.

        Raises:
            NotFoundError: this user has no such key that works.
        """
        return await self._working(user_id, key_id)

    async def rotate(
        self, user_id: UUID, key_id: UUID, *, grace: timedelta = GRACE, by: Collection[str] | None = None
    ) -> tuple[ApiKey, str]:
        """Replace a key by a new one of the same name and scopes; the old one works on for `grace`.

        Raises:
            NotFoundError: this user has no such key that works.
            ScopeMissingError: it can do more than the key that asks.
        """
        old = await self._working(user_id, key_id)
        made = await self.create(user_id, old.name, old.scopes, by=by)
        end = utc_now() + grace
        old.expires_at = min(old.expires_at, end) if old.expires_at else end
        return made

    async def revoke(self, user_id: UUID, key_id: UUID) -> None:
        """Let a key work no more. Repeating it changes nothing.

        Raises:
            NotFoundError: this user has no such key.
        """
        key = await self._accounts.key(user_id, key_id)
        if key is None:
            raise NotFoundError
        key.revoked_at = key.revoked_at or utc_now()

    async def _working(self, user_id: UUID, key_id: UUID) -> ApiKey:
        key = await self._accounts.key(user_id, key_id)
        if key is None or key.revoked_at or (key.expires_at and key.expires_at <= utc_now()):
            raise NotFoundError
        return key


def scopes_for(role: str) -> list[Scope]:
    """What a first key may do."""
    return ["read", "run", "admin"] if role == "admin" else ["read", "run"]


def _no_more_than(own: Collection[str] | None, wanted: Collection[str]) -> None:
    missing = set(wanted) - set(own) if own is not None else set()
    if missing:
        raise ScopeMissingError(scope=", ".join(sorted(missing)))
