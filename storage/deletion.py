"""Queries that remove somebody: what is theirs, and their traces in what is others'.

The row of the user goes last. Until then it says that the account is deleted, who is to be told, and who is at it.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table, Text, delete, func, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import SQLModel, col

from storage.accounts import signature
from storage.models import (
    ApiKey,
    ChatBinding,
    Client,
    ClientFile,
    Delivery,
    DetectionLabel,
    Feedback,
    InboundUpdate,
    Invite,
    Output,
    PendingRequest,
    RuleProposal,
    RuleVersion,
    Run,
    User,
    UserChannel,
    WorkflowRun,
    WorkflowStep,
)
from storage.models.base import Timestamp
from storage.models.runs import TERMINAL
from storage.models.workflows import WORKFLOW_ENDED
from storage.rules import Scope

NOBODY = "deleted"
"""What stands where a person was named in what is somebody else's."""

_COUNTED: Mapping[str, Any] = {
    "clients": Client,
    "files": ClientFile,
    "pieces": Output,
    "requests": Run,
    "campaigns": WorkflowRun,
    "ratings": Feedback,
    "keys": ApiKey,
    "chats": ChatBinding,
}
_NAMES_A_PERSON: Sequence[Any] = (
    Run.requested_by,
    WorkflowRun.requested_by,
    WorkflowStep.decided_by,
    DetectionLabel.chosen_by,
    RuleProposal.decided_by,
    RuleVersion.made_by,
)
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Leaving:
    """An account that is being deleted since `since`; `identities` are its channels and ids there."""

    user_id: UUID
    since: datetime
    identities: tuple[tuple[str, str], ...]

    @property
    def persons(self) -> list[str]:
        """How rows name this person."""
        return [signature(self.user_id), *(f"{channel}:{name}" for channel, name in self.identities)]

    @property
    def chats(self) -> list[str]:
        """The keys under which the inbox keeps what they write in private."""
        return [f"{kind}:{name}" for _, name in self.identities for kind in ("chat", "person")]


def owned_tables() -> list[Table]:
    """Every table whose rows belong to a user, so that no row goes before those that refer to it."""
    return [table for table in reversed(SQLModel.metadata.sorted_tables) if "user_id" in table.columns]


class DeletionRepository:
    """Works in a system transaction, since it touches what is others' too."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def counts(self, user_id: UUID) -> dict[str, int]:
        """How much of each kind is theirs."""
        found = {}
        for name, model in _COUNTED.items():
            query = select(func.count()).select_from(model).where(col(model.user_id) == user_id)
            found[name] = await self._session.scalar(query) or 0
        return found

    async def mark(self, user_id: UUID) -> bool:
        """Let an account be one that is deleted, under no name and no address; False if it is already."""
        links = await self._session.execute(
            select(col(UserChannel.channel), col(UserChannel.channel_user_id)).where(
                col(UserChannel.user_id) == user_id
            )
        )
        marked = await self._session.scalar(
            update(User)
            .where(col(User.id) == user_id, col(User.deleted_at).is_(None))
            .values(
                deleted_at=func.now(),
                email=None,
                name="",
                settings={"identities": [list(link) for link in links]},
            )
            .returning(col(User.id))
        )
        return marked is not None

    async def claim(self, user_id: UUID, lease: timedelta) -> Leaving | None:
        """Take a deletion in hand for `lease`; None if there is none, or somebody has it."""
        until = col(User.settings)["until"].astext.cast(Timestamp)
        row = (
            await self._session.execute(
                update(User)
                .where(
                    col(User.id) == user_id,
                    col(User.deleted_at).is_not(None),
                    or_(until.is_(None), until < func.now()),
                )
                .values(settings=_with_until(func.now() + lease))
                .returning(col(User.deleted_at), col(User.settings))
                .execution_options(synchronize_session=False)
            )
        ).one_or_none()
        if row is None or row.deleted_at is None:
            return None
        links = row.settings.get("identities", [])
        identities = tuple((channel, name) for channel, name in links)
        return Leaving(user_id, row.deleted_at, identities)

    async def release(self, user_id: UUID) -> None:
        """Let somebody else take it in hand."""
        await self._session.execute(
            update(User)
            .where(col(User.id) == user_id)
            .values(settings=col(User.settings).op("-")(literal("until", Text)))
            .execution_options(synchronize_session=False)
        )

    async def left(self, *, older_than: timedelta, limit: int = 20) -> Sequence[UUID]:
        """Accounts whose deletion began a while ago and has not ended."""
        query = select(col(User.id)).where(col(User.deleted_at) < func.now() - older_than).limit(limit)
        return (await self._session.scalars(query)).all()

    async def active_runs(self, user_id: UUID) -> Sequence[UUID]:
        """What is queued or running."""
        query = select(col(Run.id)).where(col(Run.user_id) == user_id, col(Run.status).not_in(TERMINAL))
        return (await self._session.scalars(query)).all()

    async def active_walks(self, user_id: UUID) -> Sequence[UUID]:
        """Workflows that have not ended."""
        query = select(col(WorkflowRun.id)).where(
            col(WorkflowRun.user_id) == user_id, col(WorkflowRun.status).not_in(WORKFLOW_ENDED)
        )
        return (await self._session.scalars(query)).all()

    async def unheard(self, leaving: Leaving) -> int:
        """How many of the messages from before the deletion are still being handled."""
        count = await self._session.scalar(
            select(func.count())
            .select_from(InboundUpdate)
            .where(
                col(InboundUpdate.handled_at).is_(None),
                col(InboundUpdate.chat_key).in_(leaving.chats),
                col(InboundUpdate.received_at) <= leaving.since,
            )
        )
        return count or 0

    async def unshown(self, user_id: UUID) -> tuple[Sequence[Run], Sequence[UUID]]:
        """Runs and workflows whose message still says that they are under way."""
        working = (col(Delivery.user_id) == user_id, col(Delivery.state) == "working")
        runs = await self._session.scalars(
            select(Run).where(col(Run.id).in_(select(col(Delivery.run_id)).where(*working)))
        )
        walks = await self._session.scalars(select(col(Delivery.workflow_run_id)).where(*working))
        return runs.all(), [walk for walk in walks if walk]

    async def erase_some(self, table: Table, user_id: UUID) -> int:
        """Delete up to 200 of a user's rows; how many went."""
        some = select(table.c.id).where(table.c.user_id == user_id).limit(_AT_ONCE)
        gone = await self._session.execute(delete(table).where(table.c.id.in_(some)).returning(table.c.id))
        return len(gone.all())

    async def judged_elsewhere(self, persons: Collection[str]) -> Sequence[str]:
        """Keys of the judgements that a person wrote of others' outputs."""
        rows = await self._session.scalars(select(col(Feedback.s3_key)).where(col(Feedback.rater).in_(persons)))
        return [key for key in rows if key]

    async def erase_traces(self, leaving: Leaving) -> None:
        """Delete what a person said about others' outputs and in their inbox, and name them nowhere else."""
        persons = leaving.persons
        for column in (Feedback.rater, PendingRequest.person):
            await self._session.execute(delete(_model(column)).where(col(column).in_(persons)))
        for column in _NAMES_A_PERSON:
            await self._session.execute(
                update(_model(column))
                .where(col(column).in_(persons))
                .values({column.key: NOBODY})
                .execution_options(synchronize_session=False)
            )
        await self._session.execute(
            delete(Invite).where(
                or_(col(Invite.created_by) == leaving.user_id, col(Invite.used_by) == leaving.user_id)
            )
        )
        await self._session.execute(
            delete(InboundUpdate).where(
                col(InboundUpdate.chat_key).in_(leaving.chats), col(InboundUpdate.handled_at).is_not(None)
            )
        )

    async def rules_of_nobody(self) -> Sequence[Scope]:
        """Whose rules have a version that somebody made who is gone: their lists of changes may still name them."""
        rows = await self._session.scalars(select(RuleVersion).where(col(RuleVersion.made_by) == NOBODY))
        return list(dict.fromkeys(Scope.of(row) for row in rows))

    async def forget(self, user_id: UUID) -> None:
        """Delete the user's row, and with it whatever came in meanwhile."""
        await self._session.execute(delete(User).where(col(User.id) == user_id, col(User.deleted_at).is_not(None)))


def _model(column: Any) -> Any:
    return column.class_


def _with_until(moment: ColumnElement[Any]) -> ColumnElement[Any]:
    return col(User.settings).op("||")(func.jsonb_build_object(text("'until'"), moment, type_=JSONB))
