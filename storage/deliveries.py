"""Queries about the messages that show runs, and the questions that wait for a tap."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.models import Client, Delivery, DetectionLabel, PendingRequest, Run
from storage.models.runs import TERMINAL, DeliveryState


@dataclass(frozen=True, slots=True)
class InLine:
    """A message whose run waits, with how many runs were there before it."""

    delivery: Delivery
    run: Run
    client: str | None
    ahead: int


class DeliveryRepository:
    """Which message shows which run."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, delivery: Delivery) -> None:
        """Keep where a run is shown."""
        self._session.add(delivery)
        await self._session.flush()

    async def working(self, run_id: UUID) -> Sequence[Delivery]:
        """Messages of a run that still wait for its end."""
        return (
            await self._session.scalars(
                select(Delivery).where(col(Delivery.run_id) == run_id, col(Delivery.state) == "working")
            )
        ).all()

    async def is_working(self, delivery_id: UUID) -> bool:
        """Whether this message still waits for the end of its run."""
        state = await self._session.scalar(select(col(Delivery.state)).where(col(Delivery.id) == delivery_id))
        return state == "working"

    async def of_run(self, run_id: UUID) -> Sequence[Delivery]:
        """Messages that show this run, whether it has ended or not."""
        return (
            await self._session.scalars(
                select(Delivery).where(col(Delivery.run_id) == run_id, col(Delivery.state) != "superseded")
            )
        ).all()

    async def of_message(self, channel: str, chat_id: str, message_id: int) -> Delivery | None:
        """The newest delivery shown by this message."""
        return await self._session.scalar(
            select(Delivery)
            .where(
                col(Delivery.channel) == channel,
                col(Delivery.chat_id) == chat_id,
                col(Delivery.message_id) == message_id,
            )
            .order_by(col(Delivery.id).desc())
            .limit(1)
        )

    async def newest_active_run(self, channel: str, chat_id: str) -> UUID | None:
        """The newest run of a chat that has not ended."""
        return await self._session.scalar(
            select(col(Run.id))
            .join(Delivery, col(Delivery.run_id) == Run.id)
            .where(
                col(Delivery.channel) == channel,
                col(Delivery.chat_id) == chat_id,
                col(Run.status).in_(("queued", "running")),
            )
            .order_by(col(Run.id).desc())
            .limit(1)
        )

    async def set_state(self, delivery_id: UUID, state: DeliveryState) -> None:
        """Note that a message shows its end, or shows another run now."""
        await self._session.execute(update(Delivery).where(col(Delivery.id) == delivery_id).values(state=state))

    async def supersede(self, run_id: UUID) -> None:
        """Let no message show this run any more."""
        await self._session.execute(
            update(Delivery).where(col(Delivery.run_id) == run_id).values(state="superseded")
        )

    async def move(self, delivery_id: UUID, chat_id: str, message_id: int) -> None:
        """Note that the run is shown by another message: the old one is gone, or its chat has a new id."""
        await self._session.execute(
            update(Delivery).where(col(Delivery.id) == delivery_id).values(chat_id=chat_id, message_id=message_id)
        )

    async def in_line(self, channel: str, *, waited: timedelta, limit: int = 50) -> Sequence[InLine]:
        """The messages of runs that have waited for a while, those next in line first."""
        ahead = func.row_number().over(order_by=col(Run.queued_at)) - 1
        line = select(col(Run.id), ahead.label("ahead")).where(col(Run.status) == "queued").subquery()
        rows = await self._session.execute(
            select(Delivery, Run, col(Client.name), line.c.ahead)
            .join(Run, col(Delivery.run_id) == Run.id)
            .join(line, line.c.id == Run.id)
            .outerjoin(Client, col(Client.id) == Run.client_id)
            .where(
                col(Delivery.channel) == channel,
                col(Delivery.state) == "working",
                col(Run.attempt) == 1,
                col(Run.queued_at) < func.now() - waited,
            )
            .order_by(line.c.ahead)
            .limit(limit)
        )
        return [InLine(delivery, run, client, place) for delivery, run, client, place in rows]

    async def unfinished(self, *, older_than: timedelta, limit: int = 100) -> Sequence[UUID]:
        """Runs that have ended while their message does not say so."""
        return (
            await self._session.scalars(
                select(col(Run.id))
                .join(Delivery, col(Delivery.run_id) == Run.id)
                .where(
                    col(Delivery.state) == "working",
                    col(Run.status).in_(TERMINAL),
                    col(Run.completed_at) < func.now() - older_than,
                )
                .distinct()
                .limit(limit)
            )
        ).all()


class PendingRepository:
    """Questions with buttons, and what people chose."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, pending: PendingRequest) -> None:
        """Keep a request while its question waits."""
        self._session.add(pending)
        await self._session.flush()

    async def get(self, pending_id: UUID) -> PendingRequest | None:
        """A request whose question can still be answered."""
        return await self._session.scalar(
            select(PendingRequest).where(
                col(PendingRequest.id) == pending_id,
                col(PendingRequest.used_at).is_(None),
                col(PendingRequest.expires_at) > func.now(),
            )
        )

    async def of_person(self, person: str, channel: str, chat_id: str, *, holding: str) -> Sequence[PendingRequest]:
        """What is open for a person in a chat and whose plan holds this key, the newest first."""
        return (
            await self._session.scalars(
                select(PendingRequest)
                .where(
                    col(PendingRequest.person) == person,
                    col(PendingRequest.channel) == channel,
                    col(PendingRequest.chat_id) == chat_id,
                    col(PendingRequest.plan).op("?")(holding),
                    col(PendingRequest.used_at).is_(None),
                    col(PendingRequest.expires_at) > func.now(),
                )
                .order_by(col(PendingRequest.id).desc())
            )
        ).all()

    async def change(self, pending_id: UUID, plan: dict[str, Any], *, expires_at: datetime) -> None:
        """Keep what has been settled since, for longer."""
        await self._session.execute(
            update(PendingRequest)
            .where(col(PendingRequest.id) == pending_id)
            .values(plan=plan, expires_at=expires_at)
            .execution_options(synchronize_session=False)
        )

    async def use_up(self, pending_id: UUID) -> bool:
        """Take a request for good: False if somebody did before."""
        taken = await self._session.scalar(
            update(PendingRequest)
            .where(col(PendingRequest.id) == pending_id, col(PendingRequest.used_at).is_(None))
            .values(used_at=func.now())
            .returning(col(PendingRequest.id))
        )
        return taken is not None

    async def label(self, label: DetectionLabel) -> None:
        """Keep a choice as a labelled case."""
        self._session.add(label)
        await self._session.flush()

    async def labels(self) -> Sequence[DetectionLabel]:
        """All labelled cases, oldest first."""
        return (await self._session.scalars(select(DetectionLabel).order_by(col(DetectionLabel.id)))).all()

    async def purge(self) -> None:
        """Drop what can't be answered any more."""
        await self._session.execute(delete(PendingRequest).where(col(PendingRequest.expires_at) < func.now()))
