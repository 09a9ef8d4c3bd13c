"""Starting, stopping and retrying runs: each one transaction, with the bell rung after its commit."""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import uuid_utils.compat as uuid
from sqlalchemy.ext.asyncio import AsyncSession

from core.channel import Place, Subject
from core.errors import NotFoundError, StaleButtonError
from core.queue import Job
from core.runs.plan import Ready
from core.usage.budgets import require_budget
from core.webhooks.expecting import expect_webhooks
from storage.deliveries import DeliveryRepository
from storage.line import LineRepository
from storage.models import Client, Delivery, Run, Skill
from storage.models.runs import RunSource, RunStatus
from storage.runs import RunRepository
from storage.usage import UsageRepository
from storage.webhooks import WebhookRepository

Tell = Callable[[Job], Awaitable[None]]
_SHORT_ID_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Shown:
    """The message that shows a run."""

    place: Place
    message_id: int


@dataclass(frozen=True, slots=True)
class Started:
    """A run that is in line."""

    run: Run
    subject: Subject
    fresh: bool


class RunService:
    """Works in the transaction of the run's owner."""

    def __init__(self, session: AsyncSession, tell: Tell) -> None:
        self._runs = RunRepository(session)
        self._line = LineRepository(session)
        self._deliveries = DeliveryRepository(session)
        self._usage = UsageRepository(session)
        self._webhooks = WebhookRepository(session)
        self._tell = tell

    async def start(
        self,
        plan: Ready,
        shown: Shown | None,
        *,
        run_id: UUID | None = None,
        source: RunSource = "telegram",
        callback_url: str | None = None,
    ) -> Started:
        """Put a run in line: the run, its message, its first event and its bell, all or nothing.

        `run_id` is the id that the message's buttons carry already; one is made if there is none.

        A request that has started a run already gets that run, and nothing new happens.

        Raises:
            BudgetReachedError: a monthly limit is reached.
        """
        request = plan.request
        run = Run(
            id=run_id or uuid.uuid7(),
            user_id=request.account.user_id,
            requested_by=request.account.person,
            origin_key=request.origin_key,
            skill_id=plan.skill.id,
            client_id=plan.client.id if plan.client else None,
            parent_output_id=request.parent_output_id,
            source=source,
            user_message=request.text,
            material_key=request.material,
            output_type=plan.output_type,
            output_label=plan.label,
            callback_url=callback_url,
            notify=request.account.notify,
        )
        client = plan.client.name if plan.client else None
        subject = Subject(run.id, plan.label, client, plan.client_guessed)
        if not await self._runs.add(run):
            known = await self._runs.by_origin(request.origin_key)
            if known is None:
                raise NotFoundError("the origin's run belongs to somebody else")
            return Started(known, replace(subject, run_id=known.id), fresh=False)
        await require_budget(self._usage, run.user_id, request.account.monthly_budget_usd, plan.client)
        if shown is not None:
            await self._deliveries.add(_delivery(run, shown))
        await expect_webhooks(self._webhooks, run, request.account.settings.get("webhook_url"))
        await self._runs.add_event(run, "queued")
        await self._tell(bell(run))
        return Started(run, subject, fresh=True)

    async def cancel(self, run_id: UUID) -> RunStatus:
        """Ask a run to stop; the state after that. Repeating it changes nothing.

        Raises:
            NotFoundError: this user has no such run.
        """
        status = await self._runs.request_cancel(run_id)
        run = await self._runs.get(run_id)
        if run is None:
            raise NotFoundError
        if status == "cancelled":
            await self._runs.add_event(run, "cancelled")
        return status or run.status

    async def again(self, run_id: UUID, shown: Shown | None, *, origin_key: str) -> Started:
        """Start a failed or stopped run anew, on the same message; for None, on those that show it.

        Raises:
            NotFoundError: this user has no such run.
            StaleButtonError: it has not ended, or it has its output.
            BudgetReachedError: a monthly limit is reached.
        """
        old = await self._runs.get(run_id)
        if old is None:
            raise NotFoundError
        if old.status not in {"failed", "cancelled"}:
            raise StaleButtonError
        return await self._copy(old, shown, origin_key=origin_key, client_id=old.client_id)

    async def change_client(self, run_id: UUID, client_id: UUID, shown: Shown, *, origin_key: str) -> Started:
        """Cancel a run and start it for another client, on the same message.

        Raises:
            NotFoundError: this user has no such run or client.
            StaleButtonError: the run has its output.
            BudgetReachedError: a monthly limit is reached; the run goes on as it was.
        """
        old = await self._runs.get(run_id)
        if old is None:
            raise NotFoundError
        if old.status == "completed":
            raise StaleButtonError
        await self._runs.request_cancel(run_id)
        return await self._copy(old, shown, origin_key=origin_key, client_id=client_id)

    async def _copy(self, old: Run, shown: Shown | None, *, origin_key: str, client_id: UUID | None) -> Started:
        payers = await self._usage.payers(old.user_id, client_id)
        if payers is None or (client_id is not None and payers[1] is None):
            raise NotFoundError
        user, client = payers
        run = Run(
            user_id=old.user_id,
            requested_by=old.requested_by,
            origin_key=origin_key,
            skill_id=old.skill_id,
            client_id=client_id,
            parent_output_id=old.parent_output_id,
            source=old.source,
            user_message=old.user_message,
            material_key=old.material_key,
            output_type=old.output_type,
            output_label=old.output_label,
            callback_url=old.callback_url,
            notify=old.notify,
        )
        subject = Subject(run.id, run.output_label, client.name if client else None)
        if not await self._runs.add(run):
            known = await self._runs.by_origin(origin_key)
            if known is None:
                raise NotFoundError
            return Started(known, replace(subject, run_id=known.id), fresh=False)
        await require_budget(self._usage, user.id, user.monthly_budget_usd, client)
        messages = [shown] if shown else [_shown(it) for it in await self._deliveries.of_run(old.id)]
        await self._deliveries.supersede(old.id)
        for message in messages:
            await self._deliveries.add(_delivery(run, message))
        await expect_webhooks(self._webhooks, run)
        await self._runs.add_event(run, "queued", {"after": str(old.id)})
        await self._tell(bell(run))
        return Started(run, subject, fresh=True)

    async def active(self, user_id: UUID) -> Sequence[tuple[Run, Skill, Client | None]]:
        """What is queued or running, newest first."""
        return await self._line.active(user_id)

    async def queue_length(self) -> int:
        """How many runs wait in line. Counts everybody's in a system unit."""
        return await self._line.queue_length()

    async def ahead_of(self, run: Run) -> int:
        """How many runs in line were there before this one. Counts everybody's in a system unit."""
        return await self._line.ahead_of(run)

    async def newest_in(self, place: Place) -> UUID | None:
        """The newest run of a chat that has not ended."""
        return await self._deliveries.newest_active_run(place.channel, place.chat_id)

    async def get(self, run_id: UUID) -> Run:
        """A run.

        Raises:
            NotFoundError: this user has no such run.
        """
        run = await self._runs.get(run_id)
        if run is None:
            raise NotFoundError
        return run

    async def shown_by(self, shown: Shown) -> Delivery | None:
        """What a message shows."""
        place = shown.place
        return await self._deliveries.of_message(place.channel, place.chat_id, shown.message_id)


def bell(run: Run, again: str = "") -> Job:
    """The job that runs `run`. `again` tells a second bell from a first that may be lost."""
    return Job("run_skill", (str(run.id), run.attempt), f"run:{run.id}:{run.attempt}{again}")


def delivery_bell(run_id: UUID, again: str = "") -> Job:
    """The job that shows the end of a run whose message does not say so."""
    return Job("deliver", (str(run_id),), f"deliver:{run_id}{again}")


def short_id() -> str:
    """Eight letters and digits that can't be misread, for `/download_<short id>`: 31^8, and unique by index."""
    return "".join(secrets.choice(_SHORT_ID_LETTERS) for _ in range(8))


def _shown(delivery: Delivery) -> Shown:
    place = Place(delivery.channel, delivery.chat_id, delivery.thread_id)
    return Shown(place, delivery.message_id)


def _delivery(run: Run, shown: Shown) -> Delivery:
    return Delivery(
        user_id=run.user_id,
        run_id=run.id,
        channel=shown.place.channel,
        chat_id=shown.place.chat_id,
        thread_id=shown.place.thread_id,
        message_id=shown.message_id,
    )
