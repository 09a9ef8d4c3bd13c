"""Changes of rules that wait for a person. Each step is one compare-and-set, so that of two admins one decides.

What has to read or write texts stands in `core.learning.deciding`: no transaction is open while the store is asked.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import (
    NotFoundError,
    ProposalBusyError,
    ProposalDecidedError,
    ProposalMovedError,
    ProposalUntestedError,
)
from core.logging import get_logger
from core.queue import Job
from core.rules.document import diff_of
from storage.models import RuleProposal
from storage.models.base import utc_now
from storage.models.rules import OPEN, ChangeType, ProposalStatus
from storage.pages import Page
from storage.rules import ProposalRepository, RuleVersionRepository, Scope

Tell = Callable[[Job], Awaitable[None]]
log = get_logger(__name__)


class ProposalService:
    """Works in a transaction of the system: proposals belong to those who run the bot, and edges check that."""

    def __init__(self, session: AsyncSession, tell: Tell) -> None:
        self._proposals = ProposalRepository(session)
        self._versions = RuleVersionRepository(session)
        self._tell = tell

    async def page(
        self, *, after: UUID | None, limit: int, status: ProposalStatus | None = None
    ) -> Page[RuleProposal]:
        """Proposals, newest first, of one status if named."""
        return await self._proposals.page(after=after, limit=limit, status=status)

    async def count_open(self) -> int:
        """How many nobody has decided yet."""
        return await self._proposals.count_open()

    async def get(self, proposal_id: UUID) -> RuleProposal:
        """A proposal as it stands now.

        Raises:
            NotFoundError: there is none of this id.
        """
        found = await self._proposals.get(proposal_id)
        if found is None:
            raise NotFoundError
        return found

    async def add(self, proposal: RuleProposal) -> None:
        """Keep a new proposal, and have it shown to those who decide."""
        await self._proposals.add(proposal)
        await self._tell(show_bell(proposal))

    async def begin_test(self, proposal_id: UUID, by: str) -> RuleProposal:
        """Start the test, on the newest rules; a change that was tested may be tested again.

        Raises:
            NotFoundError: there is no such proposal.
            ProposalBusyError: it is being tested already.
            ProposalDecidedError: it was decided before.
        """
        base = await self._newest_version(await self.get(proposal_id))
        started = await self.change(
            proposal_id, ("draft", "ready"), status="testing", base_version=base, evaluation={}
        )
        log.info("rule_test_started", proposal=str(proposal_id), by=by)
        await self._tell(trial_bell(started))
        return started

    async def reword(
        self, proposal_id: UUID, *, current: str | None, rule: str, diff: str, warnings: list[dict[str, Any]]
    ) -> RuleProposal:
        """Keep another wording, which has to be tested anew. `core.learning.deciding.edit` checks it before.

        Raises:
            NotFoundError: there is no such proposal.
            ProposalBusyError: it is being tested.
            ProposalDecidedError: it was decided before.
        """
        known = await self.get(proposal_id)
        base = await self._newest_version(known)
        change_type = _fitting(known.change_type, current)
        return await self.change(
            proposal_id,
            ("draft", "ready"),
            status="draft",
            base_version=base,
            change_type=change_type,
            current_rule=current,
            proposed_rule=rule,
            diff=diff,
            warnings=warnings,
            evaluation={},
        )

    async def reject(self, proposal_id: UUID, by: str) -> RuleProposal:
        """Decide that nothing changes, also while a test goes on.

        Raises:
            NotFoundError: there is no such proposal.
            ProposalDecidedError: it was decided before.
        """
        return await self.change(proposal_id, tuple(OPEN), status="rejected", decided_by=by, decided_at=utc_now())

    async def approvable(self, proposal_id: UUID) -> RuleProposal:
        """A proposal that can be approved as it stands now.

        Raises:
            NotFoundError: there is no such proposal.
            ProposalUntestedError: its test has not ended.
            ProposalDecidedError: it was decided before.
        """
        proposal = await self.get(proposal_id)
        if proposal.status in OPEN - {"ready"}:
            raise ProposalUntestedError
        if proposal.status != "ready":
            raise ProposalDecidedError
        return proposal

    async def settle(self, proposal_id: UUID, by: str, revision: int) -> RuleProposal:
        """Note that a tested change was approved, in the transaction that adds the version of the rules.

        Raises:
            NotFoundError, ProposalUntestedError, ProposalDecidedError: as `approvable`.
            ProposalMovedError: it is no longer what it was at `revision`.
        """
        settled = await self._proposals.change(
            proposal_id, ("ready",), status="approved", decided_by=by, decided_at=utc_now()
        )
        if settled is None:
            await self.approvable(proposal_id)
        if settled is None or settled.revision != revision + 1:
            raise ProposalMovedError
        await self._tell(show_bell(settled))
        return settled

    async def change(self, proposal_id: UUID, leaves: Sequence[ProposalStatus], **values: Any) -> RuleProposal:
        """Change a proposal that is in one of the states `leaves`, and have the change shown.

        Raises:
            NotFoundError: there is no such proposal.
            ProposalBusyError: it is open, but in another state.
            ProposalDecidedError: it was decided before.
        """
        changed = await self._proposals.change(proposal_id, leaves, **values)
        if changed is None:
            raise ProposalBusyError if (await self.get(proposal_id)).status in OPEN else ProposalDecidedError
        await self._tell(show_bell(changed))
        return changed

    async def _newest_version(self, proposal: RuleProposal) -> int:
        newest = await self._versions.newest(Scope.of(proposal))
        return newest.version if newest else 0


def _fitting(known: ChangeType, current: str | None) -> ChangeType:
    """What kind of change a new wording is."""
    if current is None:
        return "anti-pattern" if known == "anti-pattern" else "add"
    return "clarify" if known in {"add", "remove"} else known


def change_of(current: str | None, proposed: str | None) -> str:
    """The change of one rule as a unified diff, without what stands around it."""
    before, after = ("- " + rule.replace("\n", "\n  ") if rule else "" for rule in (current, proposed))
    return diff_of(before, after)


def show_bell(proposal: RuleProposal, suffix: str = "") -> Job:
    """What brings a proposal's messages up to date, once for each revision; `suffix` rings for it again."""
    return Job("show_proposal", (str(proposal.id),), f"proposal:{proposal.id}:{proposal.revision}{suffix}")


def trial_bell(proposal: RuleProposal, suffix: str = "") -> Job:
    """What starts the test of a proposal, once for each revision; `suffix` rings for it again."""
    return Job("try_proposal", (str(proposal.id),), f"test:{proposal.id}:{proposal.revision}{suffix}")
