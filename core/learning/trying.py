"""Writing one pair and having it judged. Whatever fails on the way is told in the pair, with what it cost."""

import asyncio
from dataclasses import dataclass, replace
from decimal import Decimal

from core.agent.agents import Agents
from core.agent.failures import AgentError
from core.agent.parser import parse_output
from core.agent.retry import PATIENCE_SECONDS, backoff
from core.agent.task import AgentEvent, AgentTask
from core.learning.evaluation import REQUEST_CHARACTERS, Pair, Verdict
from core.learning.judging import Case, PairJudge
from core.learning.ledger import note
from core.learning.rewriting import Rewriting
from core.logging import get_logger

_TRIES = 2
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Written:
    """One side: its text, or None and the code of what went wrong."""

    text: str | None
    cost_usd: Decimal
    code: str = ""


class PairWriter:
    """Writes both sides at once, and asks the judge."""

    def __init__(self, agents: Agents, judge: PairJudge) -> None:
        self._agents = agents
        self._judge = judge

    async def write(self, rewriting: Rewriting, key: str) -> Pair:
        """The pair, judged; `key` decides which text the judge reads first."""
        old, new = await asyncio.gather(self._text(rewriting.old), self._text(rewriting.new))
        cost = old.cost_usd + new.cost_usd
        note("replay", cost)
        if old.text is None or new.text is None:
            return _pair(rewriting, "unjudged", old.code or new.code, cost)
        if old.text == new.text:
            return _pair(rewriting, "tie", "Both texts are the same.", cost)
        ruling = await self._judge.judge(
            Case(
                key=key,
                task=rewriting.label,
                request=rewriting.request,
                old=old.text,
                new=new.text,
                remark=rewriting.remark,
            )
        )
        return _pair(rewriting, ruling.verdict, ruling.reason, cost + ruling.cost_usd)

    async def _text(self, task: AgentTask) -> _Written:
        """Write one side; once more, for what is left of its money, if the model was only unwell."""
        spent, error = Decimal(0), AgentError()
        for tries in range(1, _TRIES + 1):
            try:
                result = await self._agents.run(replace(task, max_usd=task.max_usd - spent), _unheard)
                return _Written(parse_output(result.text), spent + result.cost_usd)
            except AgentError as failed:
                error = failed
                spent += failed.cost_usd
                log.warning("replay_failed", code=failed.code, detail=str(failed)[:200])
            if not error.retryable or tries == _TRIES:
                break
            await asyncio.sleep(min(error.retry_after or backoff(tries), PATIENCE_SECONDS))
        return _Written(None, spent, error.code)


def _pair(rewriting: Rewriting, verdict: Verdict, reason: str, cost: Decimal) -> Pair:
    return Pair(
        run_id=rewriting.planned.run_id,
        kind=rewriting.planned.kind,
        request=" ".join(rewriting.request.split())[:REQUEST_CHARACTERS],
        verdict=verdict,
        reason=reason,
        cost_usd=cost,
    )


async def _unheard(_: AgentEvent) -> None:
    """Nobody watches a test as it writes."""
