"""The example client that every new account gets a copy of, so that the first message works."""

import asyncio
from uuid import UUID

from core.clients.profile import completeness
from core.runtime import Runtime
from core.skills.catalogue import content_hash
from core.skills.frontmatter import FrontmatterError, parse_frontmatter
from storage import keys
from storage.clients import ClientRepository
from storage.models import Client

SLUG = "yaz-automate"
NAME = "Yaz Automate"
_PROFILE = "profile.md"


async def give_example_client(runtime: Runtime, user_id: UUID, slug: str = SLUG) -> bool:
    """Copy an example's files to the user's own, then write the rows; False if there is no such example."""
    source = keys.example_client_prefix(slug)
    found = await runtime.objects.get_many([key async for key in runtime.objects.list(source)])
    files = {key.removeprefix(source): data for key, data in found.items() if data is not None}
    if _PROFILE not in files:
        return False
    await asyncio.gather(
        *(runtime.objects.put(keys.client_file(user_id, slug, path), data) for path, data in files.items())
    )
    names = _names(files[_PROFILE])
    async with runtime.unit(user_id) as unit:
        clients = ClientRepository(unit.session)
        if await clients.by_slug(user_id, slug) is not None:
            return True
        client = await clients.add(
            Client(
                user_id=user_id,
                name=names[0] if names else slug.replace("-", " ").title(),
                slug=slug,
                aliases=names[1:],
                s3_prefix=keys.client_prefix(user_id, slug),
                completeness=completeness(files),
                is_example=True,
            )
        )
        for path, data in files.items():
            await clients.index_file(client, path, content_hash(data), len(data))
    return True


def _names(profile: bytes) -> list[str]:
    """The name of a client and its aliases, from the frontmatter of its profile, if it has any."""
    try:
        data = parse_frontmatter(profile.decode()).data
    except FrontmatterError:
        return []
    return [str(name) for name in (data.get("name"), *data.get("aliases", [])) if name]
