"""Asking without a conversation: what is open is an error that says what to choose from, never a question."""

from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from core.accounts.service import Account
from core.channel import Place
from core.detection.document import ClientName
from core.detection.result import Detection
from core.errors import ClientUnknownError, ConfirmationRequiredError, MarketingAgentError, NotFoundError
from core.runs.plan import ConfirmCost, Ready, Request
from core.runtime import Runtime
from core.skills.catalogue import LoadedSkill
from storage.models import Client, Output

_ALTERNATIVES = 4


class SkillUnclearError(MarketingAgentError):
    """The message could mean several skills, or none; `alternatives` names the likeliest."""

    code = "skill-unclear"
    status = 422


class ClientUnclearError(MarketingAgentError):
    """The message names several clients; `alternatives` names them."""

    code = "client-unclear"
    status = 422


class ClientDiffersError(MarketingAgentError):
    """A revision was asked for another client than that of the text."""

    code = "client-differs"
    status = 422


@dataclass(frozen=True, slots=True)
class Ask:
    """What somebody asks for. `skill` and `client` are what they wrote: a name, a slug, or an id."""

    account: Account
    text: str
    origin_key: str
    skill: str | None = None
    client: str | None = None
    parent_output_id: UUID | None = None
    cost_confirmed: bool = False


async def detect(runtime: Runtime, user_id: UUID, message: str) -> Detection:
    """What a message asks for. May ask the small model; no transaction is open meanwhile."""
    async with runtime.unit(user_id) as unit:
        clients = await unit.clients.all(user_id)
    names = [ClientName(it.id, it.name, it.slug, tuple(it.aliases)) for it in clients]
    return await runtime.detector.detect(message, clients=names)


async def plan_ask(runtime: Runtime, ask: Ask) -> Ready:
    """The plan for an ask. A client is one that was given or named, and is never guessed.

    Raises:
        SkillUnknownError, ClientUnknownError, NotFoundError: what was named is not to be had.
        SkillUnclearError, ClientUnclearError: nothing was named, and the message leaves it open.
        ClientDiffersError: a text of one client was to be revised for another.
        NothingToRunError, TooLongError: the message is empty, or too long.
        BudgetReachedError: a monthly limit is reached.
        ConfirmationRequiredError: it is expected to cost more than is spent without asking.
    """
    user_id = ask.account.user_id
    skill = find_skill(runtime, ask.skill) if ask.skill else None
    client = await find_client(runtime, user_id, ask.client) if ask.client else None
    meant: UUID | Literal["none"] | None = client.id if client else None
    if ask.parent_output_id is not None:
        parent = await _parent(runtime, ask, client)
        skill = skill or runtime.catalogue.by_id(parent.skill_id)
        meant = parent.client_id or "none"
    if skill is None or meant is None:
        seen = await detect(runtime, user_id, ask.text)
        skill = skill or _detected(runtime, seen)
        meant = meant or await _named(runtime, user_id, seen)
    request = Request(
        account=ask.account,
        place=Place("api", str(user_id)),
        text=ask.text,
        origin_key=ask.origin_key,
        skill=skill.name,
        client=meant,
        parent_output_id=ask.parent_output_id,
        cost_confirmed=ask.cost_confirmed,
    )
    plan = await runtime.planner.plan(request)
    if isinstance(plan, ConfirmCost):
        raise confirmation_required(plan)
    if not isinstance(plan, Ready):
        raise NotFoundError("the client went meanwhile")
    return replace(plan, client_guessed=False)


def confirmation_required(plan: ConfirmCost) -> ConfirmationRequiredError:
    """The question whether something may cost what it is expected to, as an error."""
    return ConfirmationRequiredError(dollars=plan.estimate_usd, estimate_usd=f"{plan.estimate_usd:.6f}")


def find_skill(runtime: Runtime, written: str) -> LoadedSkill:
    """A skill by its name or id.

    Raises:
        SkillUnknownError: there is none.
    """
    skill_id = as_id(written)
    return runtime.catalogue.by_id(skill_id) if skill_id else runtime.catalogue.get(written)


async def find_client(runtime: Runtime, user_id: UUID, written: str) -> Client:
    """A client by its slug or id.

    Raises:
        ClientUnknownError: this user has none.
    """
    async with runtime.unit(user_id) as unit:
        try:
            return await unit.clients.by_reference(user_id, written)
        except NotFoundError:
            raise ClientUnknownError(name=written) from None


def as_id(written: str) -> UUID | None:
    """An id, if it is written as one."""
    try:
        return UUID(written)
    except ValueError:
        return None


async def _parent(runtime: Runtime, ask: Ask, client: Client | None) -> Output:
    """What is to be revised: for its own client, since its text holds that client's facts."""
    async with runtime.unit(ask.account.user_id) as unit:
        parent = await unit.outputs.get(ask.parent_output_id) if ask.parent_output_id else None
    if parent is None:
        raise NotFoundError
    if client is not None and client.id != parent.client_id:
        raise ClientDiffersError
    return parent


def _detected(runtime: Runtime, seen: Detection) -> LoadedSkill:
    if seen.kind == "skill" and seen.skill:
        return runtime.catalogue.get(seen.skill)
    best = [runtime.catalogue.get(it.skill) for it in seen.alternatives[:_ALTERNATIVES]]
    raise SkillUnclearError(alternatives=[{"id": it.name, "title": it.document.title} for it in best])


async def _named(runtime: Runtime, user_id: UUID, seen: Detection) -> UUID | Literal["none"]:
    named = seen.client_ids
    if len(named) > 1:
        async with runtime.unit(user_id) as unit:
            clients = [await unit.clients.get(user_id, it) for it in named]
        raise ClientUnclearError(alternatives=[{"id": it.slug, "title": it.name} for it in clients])
    return named[0] if named else "none"
