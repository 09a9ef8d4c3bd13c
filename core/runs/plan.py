"""From a message to a plan: which skill, which client, or which question to ask first. Nothing is written here."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from core.accounts.service import Account
from core.channel import Place
from core.detection.detector import Detector
from core.detection.document import ClientName
from core.detection.result import Detection, OffTopicKind
from core.errors import NothingToRunError, TooLongError
from core.outputs.describe import without_controls
from core.skills.catalogue import Catalogue, LoadedSkill
from core.usage.budgets import require_budget
from core.usage.estimates import Estimator
from core.workflows.document import WorkflowDocument
from storage.accounts import BindingRepository
from storage.clients import ClientRepository
from storage.database import user_transaction
from storage.models import Client
from storage.usage import UsageRepository

MAX_REQUEST = 4096
BUTTONS = 4


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks for, and what is settled about it already.

    `origin_key` is unique to the asking, so that hearing it twice starts one run. `client` is a client's id, or
    `none` once the person chose to go without, or None while that is open. `material` is the key of the text of a
    file that was sent along. `workflow` is one that was asked for or offered; a `skill` goes before it.
    `cost_confirmed`: somebody has agreed to what it is expected to cost.
    """

    account: Account
    place: Place
    text: str
    origin_key: str
    skill: str | None = None
    client: UUID | Literal["none"] | None = None
    parent_output_id: UUID | None = None
    material: str | None = None
    workflow: str | None = None
    cost_confirmed: bool = False

    def settled(self) -> dict[str, Any]:
        """What is settled, as it is kept beside a question."""
        return {
            "skill": self.skill,
            "client": str(self.client) if self.client else None,
            "parent_output_id": str(self.parent_output_id) if self.parent_output_id else None,
            "material": self.material,
            "workflow": self.workflow,
        }


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything is known. `client_guessed`: nobody named it, so the message says which, and offers another."""

    request: Request
    skill: LoadedSkill
    client: Client | None
    client_guessed: bool
    output_type: str
    label: str


@dataclass(frozen=True, slots=True)
class ChooseSkill:
    """The request could mean several skills; up to four, the likeliest first."""

    request: Request
    skills: tuple[LoadedSkill, ...]


@dataclass(frozen=True, slots=True)
class ChooseClient:
    """It is open for whom; without any client on file only *without a client* remains."""

    request: Request
    clients: tuple[Client, ...]


@dataclass(frozen=True, slots=True)
class OffTopic:
    """Nothing to run; a short answer will do."""

    kind: OffTopicKind


@dataclass(frozen=True, slots=True)
class OfferWorkflow:
    """The request asks for a whole campaign: offer the workflow, or a single piece by one of these skills."""

    request: Request
    workflow: WorkflowDocument
    skills: tuple[LoadedSkill, ...]


@dataclass(frozen=True, slots=True)
class ReadyWorkflow:
    """A workflow, and for whom. `client_guessed`: nobody named the client."""

    request: Request
    workflow: WorkflowDocument
    client: Client | None
    client_guessed: bool


@dataclass(frozen=True, slots=True)
class ConfirmCost:
    """It is expected to cost more than is spent without asking; `request` is all of it, settled."""

    request: Request
    plan: Ready | ReadyWorkflow
    estimate_usd: Decimal


Plan = Ready | ChooseSkill | ChooseClient | OffTopic | OfferWorkflow | ReadyWorkflow | ConfirmCost


ReadyPlan = TypeVar("ReadyPlan", Ready, ReadyWorkflow)


class Planner:
    """Process-lived: reads catalogue and detector in memory, and a user's clients in a short transaction."""

    def __init__(
        self,
        engine: AsyncEngine,
        catalogue: Catalogue,
        detector: Detector,
        estimator: Estimator,
        *,
        confirm_above_usd: Decimal | None,
    ) -> None:
        self._engine = engine
        self._catalogue = catalogue
        self._detector = detector
        self._estimator = estimator
        self._confirm_above_usd = confirm_above_usd

    async def plan(self, request: Request) -> Plan:
        """What to do about a request. May ask the small model; no transaction is open meanwhile.

        Raises:
            NothingToRunError: there is no text.
            TooLongError: there is more than 4,096 characters of it.
            SkillUnknownError, WorkflowUnknownError: what was named is not to be had.
            BudgetReachedError: a monthly limit is reached.
        """
        if not without_controls(request.text).strip():
            raise NothingToRunError
        if len(request.text) > MAX_REQUEST:
            raise TooLongError(limit=MAX_REQUEST)
        clients, active = await self._clients(request)
        names = [ClientName(client.id, client.name, client.slug, tuple(client.aliases)) for client in clients]
        seen = await self._detect(request, names)
        if request.skill is None and request.workflow is not None:
            return await self._workflow(request, clients, active, seen)
        if seen.kind == "off_topic" and request.skill is None:
            return OffTopic(seen.off_topic_kind or "other")
        name = request.skill or seen.skill
        if name is None:
            candidates = tuple(self._catalogue.get(found.skill) for found in seen.alternatives[:BUTTONS])
            request = replace(request, client=request.client or _only(seen))
            if seen.kind == "workflow" and seen.workflow is not None and request.parent_output_id is None:
                workflow = self._catalogue.workflow(seen.workflow)
                return OfferWorkflow(replace(request, workflow=workflow.name), workflow, candidates)
            return ChooseSkill(request, candidates)
        skill = self._catalogue.get(name)
        return await self._with_client(request, skill, clients, active, seen)

    async def weigh(self, plan: ReadyPlan) -> ReadyPlan | ConfirmCost:
        """The plan itself, or the question whether it may cost what it is expected to.

        Raises:
            BudgetReachedError: a monthly limit is reached.
        """
        request, client, most = plan.request, plan.client, self._confirm_above_usd
        limit = request.account.monthly_budget_usd
        if limit is not None or (client is not None and client.monthly_budget_usd is not None):
            async with user_transaction(self._engine, request.account.user_id) as session:
                await require_budget(UsageRepository(session), request.account.user_id, limit, client)
        if most is None or request.cost_confirmed:
            return plan
        if isinstance(plan, Ready):
            expected = await self._estimator.of_skill(plan.skill)
        else:
            expected = await self._estimator.of_workflow(plan.workflow)
        if expected <= most:
            return plan
        settled = replace(request, client=client.id if client else "none")
        return ConfirmCost(settled, plan, expected)

    async def _clients(self, request: Request) -> tuple[Sequence[Client], UUID | None]:
        async with user_transaction(self._engine, request.account.user_id) as session:
            clients = await ClientRepository(session).of_user(request.account.user_id)
            place = request.place
            binding = await BindingRepository(session).get(place.channel, place.chat_id, place.thread_id)
        return clients, binding.client_id if binding else None

    async def _detect(self, request: Request, names: Sequence[ClientName]) -> Detection:
        if request.workflow is not None and request.skill is None:
            return self._detector.look(request.text, clients=names)
        if request.skill is not None:
            return self._detector.look(f"/{request.skill} {request.text}", clients=names)
        return await self._detector.detect(request.text, clients=names)

    async def _workflow(
        self, request: Request, clients: Sequence[Client], active: UUID | None, seen: Detection
    ) -> ReadyWorkflow | ChooseClient | ConfirmCost:
        workflow = self._catalogue.workflow(request.workflow or "")
        meant = _client_for(request, clients, active, seen)
        if isinstance(meant, ChooseClient):
            return meant
        return await self.weigh(ReadyWorkflow(request, workflow, meant.client, meant.guessed))

    async def _with_client(
        self,
        request: Request,
        skill: LoadedSkill,
        clients: Sequence[Client],
        active: UUID | None,
        seen: Detection,
    ) -> Ready | ChooseClient | ConfirmCost:
        request = replace(request, skill=skill.name)
        meant = _client_for(request, clients, active, seen)
        if isinstance(meant, ChooseClient):
            return meant
        label = seen.output_type.label if seen.output_type else skill.document.output_label
        output_type = seen.output_type.id if seen.output_type else skill.name
        return await self.weigh(Ready(request, skill, meant.client, meant.guessed, output_type, label))


@dataclass(frozen=True, slots=True)
class _Meant:
    client: Client | None
    guessed: bool = False


def _client_for(
    request: Request, clients: Sequence[Client], active: UUID | None, seen: Detection
) -> _Meant | ChooseClient:
    """The client that was chosen, or named; else that of the chat, else the only one, else a question.

    Who wants to confirm the client is asked in place of a guess; the likeliest comes first.
    """
    by_id = {client.id: client for client in clients}
    if isinstance(request.client, UUID) and request.client in by_id:
        return _Meant(by_id[request.client])
    if request.client == "none":
        return _Meant(None)
    named = [by_id[found] for found in seen.client_ids]
    if named:
        return _Meant(named[0]) if len(named) == 1 else ChooseClient(request, tuple(named))
    likely = by_id.get(active) if active else None
    guess = likely or (clients[0] if len(clients) == 1 else None)
    if guess is None or request.account.confirm_client:
        return ChooseClient(request, tuple(sorted(clients, key=lambda client: client.id != active)))
    return _Meant(guess, guessed=True)


def _only(seen: Detection) -> UUID | None:
    return seen.client_ids[0] if len(seen.client_ids) == 1 else None
