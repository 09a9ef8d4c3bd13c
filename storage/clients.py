"""Queries about clients and the index of their files."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.models import Client, ClientFile
from storage.models.base import utc_now
from storage.pages import Page, newest_first


class ClientRepository:
    """The brands of one user."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, client: Client) -> Client:
        """Keep a new client."""
        self._session.add(client)
        await self._session.flush()
        return client

    async def of_user(self, user_id: UUID) -> Sequence[Client]:
        """All clients of a user, by name."""
        return (
            await self._session.scalars(
                select(Client).where(col(Client.user_id) == user_id).order_by(col(Client.name))
            )
        ).all()

    async def everybodys(self) -> Sequence[Client]:
        """All clients of all users. Needs a system transaction."""
        return (await self._session.scalars(select(Client))).all()

    async def get(self, user_id: UUID, client_id: UUID) -> Client | None:
        """One client of this user."""
        return await self._session.scalar(
            select(Client).where(col(Client.user_id) == user_id, col(Client.id) == client_id)
        )

    async def by_slug(self, user_id: UUID, slug: str) -> Client | None:
        """One client of this user by its slug."""
        return await self._session.scalar(
            select(Client).where(col(Client.user_id) == user_id, col(Client.slug) == slug)
        )

    async def flush(self) -> None:
        """Write what was changed of a client."""
        await self._session.flush()

    async def page(self, user_id: UUID, *, after: UUID | None, limit: int) -> Page[Client]:
        """A user's clients, newest first."""
        query = select(Client).where(col(Client.user_id) == user_id)
        return await newest_first(self._session, query, col(Client.id), after=after, limit=limit)

    async def set_completeness(self, client_id: UUID, percent: int) -> None:
        """Note how much of a client's profile is on file."""
        await self._session.execute(update(Client).where(col(Client.id) == client_id).values(completeness=percent))

    async def forget_file(self, client_id: UUID, path: str) -> None:
        """Take a file out of the index."""
        await self._session.execute(
            delete(ClientFile).where(col(ClientFile.client_id) == client_id, col(ClientFile.path) == path)
        )

    async def files(self, client_id: UUID) -> Sequence[ClientFile]:
        """The index of a client's files, by path."""
        return (
            await self._session.scalars(
                select(ClientFile).where(col(ClientFile.client_id) == client_id).order_by(col(ClientFile.path))
            )
        ).all()

    async def index_file(self, client: Client, path: str, content_hash: str, size: int) -> None:
        """Note what lies in the object store under `path` now."""
        row = ClientFile(
            user_id=client.user_id, client_id=client.id, path=path, content_hash=content_hash, size=size
        )
        await self._session.execute(
            insert(ClientFile)
            .values(row.model_dump())
            .on_conflict_do_update(
                index_elements=["client_id", "path"],
                set_={"content_hash": content_hash, "size": size, "updated_at": utc_now()},
            )
        )
