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


async def give_example_client(runtime: Runtime, user_id: UUID) -> bool:
    """Copy the example's files to the user's own, then write the rows; False if the library brings none."""
    source = keys.example_client_prefix(SLUG)
    found = await runtime.objects.get_many([key async for key in runtime.objects.list(source)])
    files = {key.removeprefix(source): data for key, data in found.items() if data is not None}
    if _PROFILE not in files:
        return False
    await asyncio.gather(
        *(runtime.objects.put(keys.client_file(user_id, SLUG, path), data) for path, data in files.items())
    )
    async with runtime.unit(user_id) as unit:
        clients = ClientRepository(unit.session)
        if await clients.by_slug(user_id, SLUG) is not None:
            return True
        client = await clients.add(
            Client(
                user_id=user_id,
                name=NAME,
                slug=SLUG,
                aliases=_aliases(files[_PROFILE]),
                s3_prefix=keys.client_prefix(user_id, SLUG),
                completeness=completeness(files),
                is_example=True,
            )
        )
        for path, data in files.items():
            await clients.index_file(client, path, content_hash(data), len(data))
    return True


def _aliases(profile: bytes) -> list[str]:
    """Other names of a client, from the frontmatter of its profile, if it has any."""
    try:
        aliases = parse_frontmatter(profile.decode()).data.get("aliases", [])
    except FrontmatterError:
        return []
    return [str(alias) for alias in aliases]
