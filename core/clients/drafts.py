"""Interviews that are under way: kept for a week beside the other open questions, whatever becomes of a process."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.accounts.service import Account
from core.channel import Place
from core.clients.interview import QUESTIONS, Interview
from core.errors import StaleButtonError
from storage.deliveries import PendingRepository
from storage.models import PendingRequest
from storage.models.base import utc_now

LIFE = timedelta(days=7)
_KEY = "interview"


@dataclass(frozen=True, slots=True)
class Draft:
    """An interview of one person in one chat. `request` is the question *for which client?* that waits for it."""

    id: UUID
    interview: Interview
    request: UUID | None = None


class DraftService:
    """Works in the transaction of the person who is asked."""

    def __init__(self, session: AsyncSession) -> None:
        self._pending = PendingRepository(session)

    async def unfinished(self, account: Account, place: Place) -> Draft | None:
        """The interview of this person here that can go on."""
        rows = await self._pending.of_person(account.person, place.channel, place.chat_id, holding=_KEY)
        return _draft(rows[0]) if rows else None

    async def begin(self, account: Account, place: Place, *, origin: str, request: UUID | None = None) -> Draft:
        """A new interview; one that was under way gives way."""
        for old in await self._pending.of_person(account.person, place.channel, place.chat_id, holding=_KEY):
            await self._pending.use_up(old.id)
        row = PendingRequest(
            user_id=account.user_id,
            channel=place.channel,
            chat_id=place.chat_id,
            person=account.person,
            origin_key=origin,
            text="",
            plan=_plan(Interview(), request),
            expires_at=utc_now() + LIFE,
        )
        await self._pending.add(row)
        return _draft(row)

    async def open(self, draft_id: UUID, account: Account, place: Place, *, step: int | None = None) -> Draft:
        """An interview that can go on; `step` is the question that the person saw, where that is known.

        At the end every step will do: what was answered last is kept, and the client may still have to be made.

        Raises:
            StaleButtonError: it ended, has run out, is somebody else's, or is at another question.
        """
        row = await self._pending.get(draft_id)
        here = (account.person, place.channel, place.chat_id)
        if row is None or (row.person, row.channel, row.chat_id) != here or _KEY not in row.plan:
            raise StaleButtonError
        draft = _draft(row)
        if step not in {None, draft.interview.step} and draft.interview.question is not None:
            raise StaleButtonError
        return draft

    async def answer(self, draft: Draft, text: str, *, known: Iterable[str]) -> Draft:
        """Keep the answer to the open question, if one is. `known` are the names of the clients that there are.

        Raises:
            MarketingAgentError: it is none, as in `Interview.answered`.
        """
        if draft.interview.question is None:
            return draft
        return await self._keep(replace(draft, interview=draft.interview.answered(text, known=known)))

    async def skip(self, draft: Draft) -> Draft:
        """Go on without an answer, if a question is open.

        Raises:
            StaleButtonError: the question can't be skipped.
        """
        if draft.interview.question is None:
            return draft
        return await self._keep(replace(draft, interview=draft.interview.skipped()))

    async def back(self, draft: Draft) -> Draft:
        """Open the question before."""
        return await self._keep(replace(draft, interview=draft.interview.back()))

    async def attach(self, draft: Draft, request: UUID) -> Draft:
        """Let a request wait for the client of this interview."""
        return await self._keep(replace(draft, request=request))

    async def end(self, draft: Draft) -> None:
        """Use an interview up.

        Raises:
            StaleButtonError: it was before.
        """
        if not await self._pending.use_up(draft.id):
            raise StaleButtonError

    async def _keep(self, draft: Draft) -> Draft:
        await self._pending.change(draft.id, _plan(draft.interview, draft.request), expires_at=utc_now() + LIFE)
        return draft


def _plan(interview: Interview, request: UUID | None) -> dict[str, Any]:
    return {
        _KEY: {
            "answers": dict(interview.answers),
            "step": interview.step,
            "request": str(request) if request else None,
        }
    }


def _draft(row: PendingRequest) -> Draft:
    kept = row.plan[_KEY]
    answers = {question: kept["answers"][question] for question in QUESTIONS if question in kept["answers"]}
    request = UUID(kept["request"]) if kept["request"] else None
    return Draft(row.id, Interview(answers, kept["step"]), request)
