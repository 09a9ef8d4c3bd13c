"""Queries about webhooks: what is to be sent where, how it went, and what was taken in."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from storage.models import Run, WebhookDelivery, WebhookEndpoint, WebhookReceipt
from storage.models.runs import TERMINAL
from storage.models.web import WebhookState


class WebhookRepository:
    """Addresses, and the messages to them."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, deliveries: Collection[WebhookDelivery]) -> None:
        """Keep what is to be sent."""
        self._session.add_all(deliveries)
        await self._session.flush()

    async def get(self, delivery_id: UUID) -> tuple[WebhookDelivery, Run] | None:
        """A message and the run it is about."""
        row = (
            await self._session.execute(
                select(WebhookDelivery, Run)
                .join(Run, col(Run.id) == WebhookDelivery.run_id)
                .where(col(WebhookDelivery.id) == delivery_id)
            )
        ).one_or_none()
        return (row[0], row[1]) if row else None

    async def take_due(self, *, hold: timedelta, run_id: UUID | None = None) -> Sequence[WebhookDelivery]:
        """Messages whose run has ended and whose time has come; nobody else gets them for `hold`."""
        due = (
            select(col(WebhookDelivery.id))
            .join(Run, col(Run.id) == WebhookDelivery.run_id)
            .where(
                col(WebhookDelivery.state) == "waiting",
                col(WebhookDelivery.next_at) <= func.now(),
                col(Run.status).in_(TERMINAL),
            )
            .order_by(col(WebhookDelivery.next_at))
            .limit(200)
            .with_for_update(of=WebhookDelivery, skip_locked=True)
        )
        if run_id is not None:
            due = due.where(col(WebhookDelivery.run_id) == run_id)
        rows = await self._session.scalars(
            update(WebhookDelivery)
            .where(col(WebhookDelivery.id).in_(due))
            .values(next_at=func.now() + hold)
            .returning(WebhookDelivery)
        )
        return rows.all()

    async def note(
        self, delivery_id: UUID, state: WebhookState, *, answer: str, next_at: datetime | None = None
    ) -> None:
        """Note how a try went, and when the next one is due."""
        await self._session.execute(
            update(WebhookDelivery)
            .where(col(WebhookDelivery.id) == delivery_id)
            .values(
                state=state,
                attempts=WebhookDelivery.attempts + 1,
                first_at=func.coalesce(WebhookDelivery.first_at, func.now()),
                next_at=next_at or WebhookDelivery.next_at,
                last_answer=answer,
            )
        )

    async def endpoint(self, user_id: UUID, url: str) -> WebhookEndpoint | None:
        """An address that a message was sent to before."""
        return await self._session.scalar(
            select(WebhookEndpoint).where(col(WebhookEndpoint.user_id) == user_id, col(WebhookEndpoint.url) == url)
        )

    async def count(self, user_id: UUID, url: str, *, failed: bool) -> WebhookEndpoint:
        """Count a failure in a row, or begin to count anew after a success."""
        row = WebhookEndpoint(user_id=user_id, url=url, failures=int(failed))
        counted = await self._session.scalar(
            insert(WebhookEndpoint)
            .values(row.model_dump())
            .on_conflict_do_update(
                index_elements=["user_id", "url"],
                set_={"failures": WebhookEndpoint.failures + 1 if failed else 0},
            )
            .returning(WebhookEndpoint)
            .execution_options(populate_existing=True)
        )
        if counted is None:
            raise RuntimeError("an upsert returned no row")
        return counted

    async def switch_on(self, user_id: UUID) -> None:
        """Let all addresses of a user hear again."""
        await self._session.execute(
            update(WebhookEndpoint)
            .where(col(WebhookEndpoint.user_id) == user_id)
            .values(failures=0, disabled_at=None)
        )

    async def has_seen(self, message_id: str) -> bool:
        """Whether a signed message of this id was taken."""
        found = await self._session.scalar(
            select(col(WebhookReceipt.id)).where(col(WebhookReceipt.message_id) == message_id)
        )
        return found is not None

    async def purge(self, *, older_than: timedelta) -> None:
        """Forget ids of messages that are too old to be believed again."""
        await self._session.execute(
            delete(WebhookReceipt).where(col(WebhookReceipt.created_at) < func.now() - older_than)
        )

    async def see(self, message_id: str) -> None:
        """Note that a signed message of this id was taken."""
        await self._session.execute(
            insert(WebhookReceipt)
            .values(WebhookReceipt(message_id=message_id).model_dump())
            .on_conflict_do_nothing(index_elements=["message_id"])
        )
