"""Asking for a workflow without a conversation: what is open is an error that says what to choose from."""

from dataclasses import dataclass

from core.accounts.service import Account
from core.channel import Place
from core.detection.document import ClientName
from core.errors import NotFoundError
from core.runs.asking import ClientUnclearError, confirmation_required, find_client
from core.runs.plan import ConfirmCost, ReadyWorkflow, Request
from core.runtime import Runtime


@dataclass(frozen=True, slots=True)
class WorkflowAsk:
    """What somebody asks for. `client` is what they wrote, a slug or an id; else the one that the brief names."""

    account: Account
    workflow: str
    brief: str
    origin_key: str
    client: str | None = None
    cost_confirmed: bool = False


async def plan_workflow(runtime: Runtime, ask: WorkflowAsk) -> ReadyWorkflow:
    """The plan for an ask. A client is one that was given or named, and is never guessed.

    Raises:
        WorkflowUnknownError, ClientUnknownError: what was named is not to be had.
        ClientUnclearError: the brief names several clients.
        NothingToRunError, TooLongError: the brief is empty, or too long.
        BudgetReachedError: a monthly limit is reached.
        ConfirmationRequiredError: its steps are expected to cost more than is spent without asking.
    """
    user_id = ask.account.user_id
    workflow = runtime.catalogue.workflow(ask.workflow)
    client = await find_client(runtime, user_id, ask.client) if ask.client else None
    async with runtime.unit(user_id) as unit:
        known = await unit.clients.all(user_id)
    names = [ClientName(it.id, it.name, it.slug, tuple(it.aliases)) for it in known]
    named = runtime.detector.look(ask.brief, clients=names).client_ids
    if client is None and len(named) > 1:
        unclear = [it for it in known if it.id in named]
        raise ClientUnclearError(alternatives=[{"id": it.slug, "title": it.name} for it in unclear])
    request = Request(
        account=ask.account,
        place=Place("api", str(user_id)),
        text=ask.brief,
        origin_key=ask.origin_key,
        workflow=workflow.name,
        client=client.id if client else named[0] if named else "none",
        cost_confirmed=ask.cost_confirmed,
    )
    plan = await runtime.planner.plan(request)
    if isinstance(plan, ConfirmCost):
        raise confirmation_required(plan)
    if not isinstance(plan, ReadyWorkflow):
        raise NotFoundError("the client went meanwhile")
    return plan
