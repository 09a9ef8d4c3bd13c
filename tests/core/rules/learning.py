"""What tests of rules begin with: a client of somebody's, a rule that is learned, the prompt that comes of it."""

from core.rules.document import apply_change
from core.rules.keeping import keep_version
from core.rules.shelf import find_shelf
from core.rules.texts import client_scope, read_text
from core.runs.preparation import Prepared, gather_material, prepare
from core.runtime import Runtime
from storage.clients import ClientRepository
from storage.models import Client, RuleProposal, RuleVersion
from storage.rules import RuleVersionRepository, Scope
from tests.core.runs.people import Somebody, queued, somebody

SLUG = "yaz-automate"


async def client_of(runtime: Runtime, who: Somebody, slug: str = SLUG) -> Client:
    """One of somebody's clients."""
    async with runtime.unit(who.account.user_id) as unit:
        client = await ClientRepository(unit.session).by_slug(who.account.user_id, slug)
    assert client is not None
    return client


async def own_scope(runtime: Runtime) -> Scope:
    """The rules of a client that no other test knows of."""
    return client_scope(await client_of(runtime, await somebody(runtime)))


async def newest(runtime: Runtime, scope: Scope) -> RuleVersion | None:
    """What prompts read."""
    async with runtime.system_unit() as unit:
        return await RuleVersionRepository(unit.session).newest(scope)


async def text_now(runtime: Runtime, scope: Scope) -> str:
    """The text of what prompts read."""
    version = await newest(runtime, scope)
    return (await read_text(runtime, version)).text if version else ""


async def learn(
    runtime: Runtime,
    scope: Scope,
    rule: str | None,
    *,
    instead: str | None = None,
    proposal: RuleProposal | None = None,
    by: str | None = None,
) -> RuleVersion:
    """Keep one rule as somebody's yes does."""
    before = await newest(runtime, scope)
    return await keep_version(
        runtime,
        scope,
        apply_change(await text_now(runtime, scope), instead, rule),
        expected=before.version if before else 0,
        origin="proposal",
        changelog=f"Learned: {rule}",
        made_by=by,
        proposal_id=proposal.id if proposal else None,
    )


async def changelog_of(runtime: Runtime, scope: Scope) -> str:
    """The CHANGELOG of a scope."""
    async with runtime.system_unit() as unit:
        shelf = await find_shelf(unit.session, scope)
    return (await runtime.objects.get(shelf.changelog)).decode()


async def prepared_for(runtime: Runtime, who: Somebody) -> Prepared:
    """What the model would be given for somebody's request."""
    return await prepare(runtime, await gather_material(runtime, await queued(runtime, who)))
