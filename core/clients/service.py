"""Clients of a user: listed, found by name, made active in a chat."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.channel import Place
from core.detection.clients import names_of
from core.detection.document import ClientName
from core.detection.text import fold, words
from core.errors import ClientUnknownError, NotFoundError
from storage.accounts import BindingRepository
from storage.clients import ClientRepository
from storage.models import Client, ClientFile


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
