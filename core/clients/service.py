"""Clients of a user: listed, found by name, made active in a chat."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.channel import Place
from core.detection.clients import names_of
from core.detection.document import ClientName
from core.detection.text import fold, words
from core.errors import ClientUnknownError, ConflictError, NotFoundError
from core.outputs.describe import slugify
from storage import keys
from storage.accounts import BindingRepository
from storage.clients import ClientRepository
from storage.models import Client, ClientFile
from storage.pages import Page


class ClientService:
    """Works in the transaction of the clients' owner."""

    def __init__(self, session: AsyncSession) -> None:
        self._clients = ClientRepository(session)
        self._bindings = BindingRepository(session)

    async def all(self, user_id: UUID) -> Sequence[Client]:
        """A user's clients, by name."""
        return await self._clients.of_user(user_id)

    async def get(self, user_id: UUID, client_id: UUID) -> Client:
        """One client.

        Raises:
            NotFoundError: this user has no such client.
        """
        client = await self._clients.get(user_id, client_id)
        if client is None:
            raise NotFoundError
        return client

    async def find(self, user_id: UUID, written: str) -> Client:
        """The client that somebody means by `written`: a slug, a name, an alias, with a typo perhaps.

        Raises:
            ClientUnknownError: none fits, or several do.
        """
        clients = await self._clients.of_user(user_id)
        for client in clients:
            if written.strip().lower() in {client.slug, client.name.lower()}:
                return client
        named = tuple(ClientName(it.id, it.name, it.slug, tuple(it.aliases)) for it in clients)
        found, _ = names_of(named).find(words(fold(written)))
        if len(found) != 1:
            raise ClientUnknownError(name=written.strip(), known=[client.name for client in clients])
        return next(client for client in clients if client.id == found[0])

    async def by_reference(self, user_id: UUID, written: str) -> Client:
        """One client by its id or its slug.

        Raises:
            NotFoundError: this user has no such client.
        """
        try:
            client = await self._clients.get(user_id, UUID(written))
        except ValueError:
            client = await self._clients.by_slug(user_id, written)
        if client is None:
            raise NotFoundError
        return client

    async def page(self, user_id: UUID, *, after: UUID | None, limit: int) -> Page[Client]:
        """A user's clients, newest first."""
        return await self._clients.page(user_id, after=after, limit=limit)

    async def create(
        self,
        user_id: UUID,
        name: str,
        *,
        slug: str | None = None,
        aliases: Sequence[str] = (),
        monthly_budget_usd: Decimal | None = None,
    ) -> Client:
        """A new client without files. Its slug is made from its name unless given, and never changes.

        Raises:
            ConflictError: this user has a client of that slug.
        """
        slug = slug or slugify(name)
        if await self._clients.by_slug(user_id, slug) is not None:
            raise ConflictError(name=slug)
        return await self._clients.add(
            Client(
                user_id=user_id,
                name=name,
                slug=slug,
                aliases=list(aliases),
                s3_prefix=keys.client_prefix(user_id, slug),
                monthly_budget_usd=monthly_budget_usd,
            )
        )

    async def change(self, client: Client, changes: Mapping[str, Any]) -> None:
        """Change a name, aliases or a budget (None: no limit)."""
        for name, value in changes.items():
            setattr(client, name, value)
        await self._clients.flush()

    async def files(self, client_id: UUID) -> Sequence[ClientFile]:
        """What is on file for a client."""
        return await self._clients.files(client_id)

    async def active_in(self, place: Place) -> UUID | None:
        """The client that a chat works for."""
        binding = await self._bindings.get(place.channel, place.chat_id, place.thread_id)
        return binding.client_id if binding else None

    async def set_active(self, user_id: UUID, place: Place, client_id: UUID | None) -> None:
        """Let a chat work for a client, or for none."""
        await self._bindings.bind(user_id, place.channel, place.chat_id, place.thread_id, client_id)
