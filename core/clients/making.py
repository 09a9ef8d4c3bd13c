"""From an interview to a client: its files in the object store, its rows, and the chat that works for it."""

import asyncio
from dataclasses import dataclass

from core.accounts.service import Account
from core.channel import Place
from core.clients.drafts import Draft
from core.clients.interview import free_slug, profile_files
from core.clients.profile import completeness
from core.errors import StaleButtonError
from core.runs.plan import Request
from core.runtime import Runtime, Unit
from core.skills.catalogue import content_hash
from storage import keys
from storage.clients import ClientRepository
from storage.models import Client
from storage.models.base import utc_now


@dataclass(frozen=True, slots=True)
class Made:
    """The client of an interview, the paths of its files, and the request that waited for it."""

    client: Client
    paths: tuple[str, ...]
    request: Request | None


async def make_client(runtime: Runtime, account: Account, place: Place, draft: Draft) -> Made:
    """Write the profile, then the rows, and let this chat work for the client. An interview makes one client.

    Raises:
        StaleButtonError: the interview has made its client, or was given up.
    """
    user_id, interview = account.user_id, draft.interview
    texts = profile_files(interview.answers, utc_now().date())
    files = {path: text.encode() for path, text in texts.items()}
    async with runtime.unit(user_id) as unit:
        slug = free_slug(interview.name, {client.slug for client in await unit.clients.all(user_id)})
    await asyncio.gather(
        *(runtime.objects.put(keys.client_file(user_id, slug, path), data) for path, data in files.items())
    )
    async with runtime.unit(user_id) as unit:
        await unit.drafts.end(draft)
        client = await unit.clients.create(user_id, interview.name, slug=slug)
        await unit.clients.change(client, {"completeness": completeness(files)})
        for path, data in files.items():
            await ClientRepository(unit.session).index_file(client, path, content_hash(data), len(data))
        await unit.clients.set_active(user_id, place, client.id)
        request = await _waiting(unit, account, place, draft, client)
    return Made(client, tuple(files), request)


async def _waiting(unit: Unit, account: Account, place: Place, draft: Draft, client: Client) -> Request | None:
    """The request whose question *for which client?* this interview answers, unless it was answered otherwise."""
    if draft.request is None:
        return None
    try:
        asked = await unit.pending.open(draft.request, account, place)
        return await unit.pending.choose_client(asked, client.id)
    except StaleButtonError:
        return None
