"""Questions that wait for a tap: the request is kept here, the button carries only an id and a number."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.service import Account
from core.channel import Place
from core.errors import StaleButtonError
from core.runs.plan import ChooseClient, ChooseSkill, ConfirmCost, OfferWorkflow, Request
from storage.deliveries import PendingRepository
from storage.models import DetectionLabel, PendingRequest
from storage.models.base import utc_now

LIFE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request whose question was put, and what its buttons stand for."""

    id: UUID
    request: Request
    skills: tuple[str, ...]
    clients: tuple[UUID, ...]


class PendingService:
    """Works in the transaction of the person who is asked."""

    def __init__(self, session: AsyncSession) -> None:
        self._pending = PendingRepository(session)

    async def keep(self, question: ChooseSkill | ChooseClient | OfferWorkflow | ConfirmCost) -> UUID:
        """Keep the request of a question; the id that its buttons carry."""
        request = question.request
        options: dict[str, object] = {"skills": [], "clients": []}
        if isinstance(question, ChooseClient):
            options["clients"] = [str(client.id) for client in question.clients]
        elif not isinstance(question, ConfirmCost):
            options["skills"] = [skill.name for skill in question.skills]
        pending = PendingRequest(
            user_id=request.account.user_id,
            channel=request.place.channel,
            chat_id=request.place.chat_id,
            person=request.account.person,
            origin_key=request.origin_key,
            text=request.text,
            plan={**request.settled(), **options},
            expires_at=utc_now() + LIFE,
        )
        await self._pending.add(pending)
        return pending.id

    async def open(self, pending_id: UUID, account: Account, place: Place) -> Asked:
        """A question that can still be answered by this person, here.

        Raises:
            StaleButtonError: it was answered, has run out, or was put to somebody else.
        """
        pending = await self._pending.get(pending_id)
        here = (place.channel, place.chat_id)
        if pending is None or pending.person != account.person or (pending.channel, pending.chat_id) != here:
            raise StaleButtonError
        plan = pending.plan
        request = Request(
            account=account,
            place=place,
            text=pending.text,
            origin_key=pending.origin_key,
            skill=plan["skill"],
            client=_client(plan["client"]),
            parent_output_id=UUID(plan["parent_output_id"]) if plan["parent_output_id"] else None,
            material=plan.get("material"),
            workflow=plan.get("workflow"),
        )
        return Asked(pending.id, request, tuple(plan["skills"]), tuple(UUID(it) for it in plan["clients"]))

    async def choose_skill(self, asked: Asked, skill: str) -> Request:
        """Settle the skill, and keep the choice as a labelled case.

        Raises:
            StaleButtonError: the question was answered meanwhile.
        """
        await self._use_up(asked)
        account = asked.request.account
        await self._pending.label(
            DetectionLabel(
                user_id=account.user_id, message=asked.request.text, skill=skill, chosen_by=account.person
            )
        )
        return replace(asked.request, skill=skill)

    async def choose_workflow(self, asked: Asked) -> Request:
        """Settle that the workflow is wanted that was offered.

        Raises:
            StaleButtonError: the question was answered meanwhile, or offered none.
        """
        if asked.request.workflow is None:
            raise StaleButtonError
        await self._use_up(asked)
        return asked.request

    async def choose_client(self, asked: Asked, client: UUID | Literal["none"]) -> Request:
        """Settle the client, or that there is none.

        Raises:
            StaleButtonError: the question was answered meanwhile.
        """
        await self._use_up(asked)
        return replace(asked.request, client=client)

    async def confirm_cost(self, asked: Asked) -> Request:
        """Settle that it may cost what it is expected to.

        Raises:
            StaleButtonError: the question was answered meanwhile.
        """
        await self._use_up(asked)
        return replace(asked.request, cost_confirmed=True)

    async def drop(self, asked: Asked) -> None:
        """Settle that nothing is to be done.

        Raises:
            StaleButtonError: the question was answered meanwhile.
        """
        await self._use_up(asked)

    async def _use_up(self, asked: Asked) -> None:
        if not await self._pending.use_up(asked.id):
            raise StaleButtonError


def _client(kept: str | None) -> UUID | Literal["none"] | None:
    if kept is None:
        return None
    return "none" if kept == "none" else UUID(kept)
