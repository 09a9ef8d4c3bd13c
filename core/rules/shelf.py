"""Where the rules of a scope lie in the object store."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import NotFoundError
from storage import keys
from storage.clients import ClientRepository
from storage.rules import Scope
from storage.skills import SkillRepository


@dataclass(frozen=True, slots=True)
class Shelf:
    """`prefix` of the versions, the key of the file that tells of them, and whose they are in words."""

    scope: Scope
    prefix: str
    changelog: str
    owner: str


async def find_shelf(session: AsyncSession, scope: Scope) -> Shelf:
    """The place of a scope's rules.

    Raises:
        NotFoundError: the client is there no more.
    """
    if scope.skill_id is not None:
        name = await SkillRepository(session).name_of(scope.skill_id)
        return Shelf(scope, keys.skill_rules_prefix(name), keys.skill_changelog(name), name)
    if scope.client_id is None or scope.user_id is None:
        return Shelf(scope, keys.HOUSE_RULES_PREFIX, keys.HOUSE_CHANGELOG, "every skill")
    client = await ClientRepository(session).get(scope.user_id, scope.client_id)
    if client is None:
        raise NotFoundError
    where = client.user_id, client.slug
    return Shelf(scope, keys.client_rules_prefix(*where), keys.client_changelog(*where), client.name)
