"""The test of a proposal: past requests, written again with the old rules and the new, and judged blind.

A test is worked on by one worker at a time, under a lease. What it has found is kept after each pair, so that a
crash pays for no finished pair again.
"""

import asyncio
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import structlog
import uuid_utils.compat as uuid
from sqlalchemy.exc import SQLAlchemyError

from core.agent.agents import Agents
from core.learning.evaluation import Ended, Evaluation, Failure, Planned
from core.learning.judging import PairJudge
from core.learning.ledger import accounted
from core.learning.planning import plan
from core.learning.proposals import show_bell
from core.learning.purse import Purse
from core.learning.rewriting import Rewriting, make_ready
from core.learning.trying import PairWriter
from core.logging import get_logger
from core.rules.document import RuleMissingError
from core.runtime import Runtime
from storage.models import RuleProposal
from storage.models.rules import ProposalStatus
from storage.replays import ReplayRepository

PAIRS_AT_ONCE = 3
log = get_logger(__name__)


class _LostError(Exception):
    """Another worker has the test, or it goes on no more: somebody decided."""


async def replay(runtime: Runtime, agents: Agents, proposal_id: UUID) -> None:
    """Test a proposal, or go on with its test, unless somebody does. It ends as `ready`, or as a `draft` again."""
    lease = timedelta(seconds=runtime.settings.run_lease_seconds)
    holder = uuid.uuid7().hex
    async with runtime.system_unit() as unit:
        proposal = await ReplayRepository(unit.session).take(proposal_id, holder, lease)
    if proposal is None:
        return
    with structlog.contextvars.bound_contextvars(proposal=str(proposal_id)):
        work = asyncio.create_task(_Test(runtime, agents, proposal, holder).run())
        lost = asyncio.create_task(_hold(runtime, proposal_id, holder, lease))
        try:
            await asyncio.wait({work, lost}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                await work
            else:
                log.info("rule_test_lost")
        except* _LostError:
            log.info("rule_test_lost")
        finally:
            work.cancel()
            lost.cancel()
            await asyncio.gather(work, lost, return_exceptions=True)


class _Test:
    """One worker's work on one test."""

    def __init__(self, runtime: Runtime, agents: Agents, proposal: RuleProposal, holder: str) -> None:
        self._runtime = runtime
        self._agents = agents
        self._proposal = proposal
        self._holder = holder
        self._found = Evaluation(cap_usd=runtime.settings.replay_max_usd)
        self._keeping = asyncio.Lock()

    async def run(self) -> None:
        """Work until every pair is judged, or the dollars would not last for the next, or the rules have moved.

        Raises:
            _LostError: the test goes on no more, or another worker has it (in a group, where pairs are at work).
        """
        await self._resume()
        ended = await self._write_pairs() if self._found.planned else "complete"
        if ended != "failed" and not self._found.judged:
            ended = self._without_verdict(ended)
        await self._end(ended)

    async def _resume(self) -> None:
        """Go on from where an earlier worker was cut off; what it had begun counts as paid."""
        kept = Evaluation.from_json(self._proposal.evaluation)
        if kept.planned and kept.ended is None:
            lost = sum(kept.begun.values(), kept.lost_usd)
            self._found = replace(kept, begun={}, lost_usd=lost)
        else:
            planned = await plan(self._runtime, self._proposal)
            self._found = replace(self._found, planned=tuple(planned))
        await self._keep(news=True)

    async def _write_pairs(self) -> Ended:
        """Write and judge the pairs that are not yet, some at once; how that ended."""
        if self._runtime.claude is None:
            return self._failed("not-judged")
        writer = PairWriter(self._agents, PairJudge(self._runtime.claude, self._runtime.settings.agent_model))
        purse = Purse(self._found.cap_usd - self._found.cost_usd)
        places = asyncio.Semaphore(PAIRS_AT_ONCE)
        done = {pair.run_id for pair in self._found.pairs}
        async with asyncio.TaskGroup() as pairs:
            for planned in self._found.planned:
                if planned.run_id in done:
                    continue
                await places.acquire()
                try:
                    rewriting = await make_ready(self._runtime, self._proposal, planned)
                except RuleMissingError:
                    return self._failed("rules-moved")
                if rewriting is None:
                    await self._skip(planned)
                    places.release()
                    continue
                if not await purse.set_aside(rewriting.price.ceiling_usd):
                    return "cap"
                work = pairs.create_task(self._write_pair(writer, rewriting, purse))
                work.add_done_callback(lambda _: places.release())
        return "complete"

    async def _write_pair(self, writer: PairWriter, rewriting: Rewriting, purse: Purse) -> None:
        run_id = rewriting.planned.run_id
        begun = {**self._found.begun, run_id: rewriting.price.expected_usd}
        self._found = replace(self._found, begun=begun)
        await self._keep(news=False)
        async with accounted(self._runtime):
            pair = await writer.write(rewriting, key=f"{self._proposal.id}:{run_id}")
        begun = {other: usd for other, usd in self._found.begun.items() if other != run_id}
        self._found = replace(self._found, pairs=(*self._found.pairs, pair), begun=begun)
        await self._keep(news=True)
        await purse.settle(rewriting.price.ceiling_usd, pair.cost_usd)
        log.info("rule_pair_judged", run=str(run_id), verdict=pair.verdict, cost_usd=str(pair.cost_usd))

    async def _skip(self, gone: Planned) -> None:
        """Leave out a run of which something was deleted."""
        left = tuple(planned for planned in self._found.planned if planned != gone)
        self._found = replace(self._found, planned=left)
        await self._keep(news=False)

    def _failed(self, why: Failure) -> Ended:
        self._found = replace(self._found, failure=why)
        return "failed"

    def _without_verdict(self, ended: Ended) -> Ended:
        """How a test ends that proves nothing. Nobody rated what the library changes, so there may be nothing."""
        if self._found.planned:
            return ended if ended == "cap" else self._failed("not-judged")
        return "complete" if self._proposal.origin == "library" else self._failed("nothing-to-replay")

    async def _keep(self, *, news: bool) -> None:
        async with self._keeping, self._runtime.system_unit() as unit:
            replays = ReplayRepository(unit.session)
            kept = await replays.keep(self._proposal.id, self._holder, self._found.to_json(), news=news)
            if kept is None:
                raise _LostError
            if news:
                await unit.tell(show_bell(kept))

    async def _end(self, ended: Ended) -> None:
        found = replace(self._found, ended=ended)
        proven = ended != "failed" and (found.judged or not found.planned)
        status: ProposalStatus = "ready" if proven else "draft"
        async with self._runtime.system_unit() as unit:
            replays = ReplayRepository(unit.session)
            kept = await replays.end(self._proposal.id, self._holder, found.to_json(), status)
            if kept is None:
                raise _LostError
            await unit.tell(show_bell(kept))
        log.info("rule_test_ended", ended=ended, failure=found.failure, cost_usd=str(found.cost_usd))


async def _hold(runtime: Runtime, proposal_id: UUID, holder: str, lease: timedelta) -> None:
    """Renew the lease; returns when the test is held no more. A database that is away is waited for."""
    held = True
    while held:
        await asyncio.sleep(runtime.settings.heartbeat_seconds)
        try:
            async with runtime.system_unit() as unit:
                held = await ReplayRepository(unit.session).renew(proposal_id, holder, lease)
        except (SQLAlchemyError, OSError) as error:
            log.warning("heartbeat_failed", error=str(error))
