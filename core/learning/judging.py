"""A judge that compares two texts blind, in both orders: what it only prefers by its place is a tie."""

import asyncio
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any, Literal

from anthropic import AsyncAnthropic

from core.agent.failures import AgentError
from core.agent.pricing import price
from core.agent.task import TokenUsage
from core.agent.usage import BYTES_PER_TOKEN, estimated_tokens
from core.learning.asking import Form, NonsenseError, ask
from core.learning.evaluation import Verdict
from core.logging import get_logger
from core.prompts.build import fenced

_TRIES = 2
_MAX_TOKENS = 400
_REASON_CHARACTERS = 400
_TEXT_BYTES = 60_000
_REMARK_BYTES = 4_000
_FORM = Form(
    "judge_pair",
    "Record which of the two texts is better, and what decides it.",
    {
        "type": "object",
        "properties": {
            "reason": {"type": "string", "description": "What decides it, in one or two sentences."},
            "better": {"type": "string", "enum": ["A", "B", "equal"]},
        },
        "required": ["reason", "better"],
        "additionalProperties": False,
    },
)
_Side = Literal["old", "new", "equal"]
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Case:
    """Two texts for one request of one client.

    `task` says what kind of text was asked for, `remark` what a reader said of an earlier text for this request
    (empty if nothing); `key` decides which text comes first, always the same way.
    """

    key: str
    task: str
    request: str
    old: str
    new: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the judge found, and what that cost in US dollars.

    `unjudged`: it gave no answer that can be used; `reason` is the code of the error.
    """

    verdict: Verdict
    reason: str
    cost_usd: Decimal


class PairJudge:
    """Asks one model, which is forced to answer in a form."""

    def __init__(self, client: AsyncAnthropic, model: str) -> None:
        self._client = client
        self._model = model

    async def judge(self, case: Case) -> Ruling:
        """Compare in both orders at once. Two answers that agree decide; never raises for what the model does."""
        first = _new_comes_first(case.key)
        answers = await asyncio.gather(self._ask(case, new_first=first), self._ask(case, new_first=not first))
        cost = sum((answer.cost_usd for answer in answers), Decimal(0))
        failed = next((answer for answer in answers if answer.side is None), None)
        if failed is not None:
            return Ruling("unjudged", failed.reason, cost)
        sides = {answer.side for answer in answers}
        reasons = " · ".join(dict.fromkeys(answer.reason for answer in answers))
        if len(sides) > 1:
            return Ruling("tie", reasons, cost)
        return Ruling(_VERDICTS[sides.pop()], answers[0].reason, cost)

    async def _ask(self, case: Case, *, new_first: bool) -> "_Answer":
        """One order; asked once more if the answer makes no sense or does not come."""
        spent, prompt, code = Decimal(0), _prompt(case, new_first=new_first), NonsenseError.code
        for _ in range(_TRIES):
            try:
                filled = await ask(
                    self._client,
                    _FORM,
                    model=self._model,
                    system=_criteria(),
                    user=prompt,
                    max_tokens=_MAX_TOKENS,
                )
            except AgentError as error:
                spent, code = spent + error.cost_usd, error.code
                log.warning("judge_failed", code=error.code, detail=str(error)[:200])
                continue
            spent += filled.cost_usd
            found = _read(filled.values, new_first=new_first)
            if found is not None:
                return _Answer(*found, spent)
            code = NonsenseError.code
            log.warning("judge_not_understood")
        return _Answer(None, code, spent)


def judging_cost(model: str, request: str, text_tokens: int) -> Decimal:
    """What a ruling costs at most, in US dollars, if nothing has to be asked twice.

    Args:
        model: the judge's.
        request: what was asked for.
        text_tokens: the tokens of one of the two texts.
    """
    fixed = estimated_tokens(f"{_criteria()}{_FORM}{request}") + _REMARK_BYTES // BYTES_PER_TOKEN
    texts = 2 * min(text_tokens, _TEXT_BYTES // BYTES_PER_TOKEN)
    return 2 * price(model, TokenUsage(input=fixed + texts, output=_MAX_TOKENS))


_VERDICTS: Mapping[_Side | None, Verdict] = {"new": "win", "equal": "tie", "old": "loss"}


@dataclass(frozen=True, slots=True)
class _Answer:
    """What the judge said in one order; without a side, `reason` is the code of an error."""

    side: _Side | None
    reason: str
    cost_usd: Decimal


def _new_comes_first(key: str) -> bool:
    return hashlib.sha256(key.encode()).digest()[0] % 2 == 0


def _prompt(case: Case, *, new_first: bool) -> str:
    first, second = (case.new, case.old) if new_first else (case.old, case.new)
    parts = [f"Asked for: {case.task}.", fenced("request", case.request)]
    if case.remark:
        parts.append("What a reader said of an earlier text for this request:")
        parts.append(fenced("material", _cut(case.remark, _REMARK_BYTES), name="Remark"))
    parts.append(fenced("material", _cut(first, _TEXT_BYTES), name="Text A"))
    parts.append(fenced("material", _cut(second, _TEXT_BYTES), name="Text B"))
    return "\n\n".join(parts)


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode("utf-8", "ignore")


def _read(values: Mapping[str, Any], *, new_first: bool) -> tuple[_Side, str] | None:
    """The side and the reason of an answer, trusting nothing of it; None if it makes no sense."""
    better, reason = values.get("better"), values.get("reason")
    if better not in ("A", "B", "equal") or not isinstance(reason, str) or not reason.strip():
        return None
    names: dict[str, _Side] = {"A": "new", "B": "old"} if new_first else {"A": "old", "B": "new"}
    said = re.sub(r"\b([Tt]he )?[Tt]ext ([AB])\b", lambda it: f"the {names[it[2]]} text", reason.strip())
    return names.get(better, "equal"), (said[:1].upper() + said[1:])[:_REASON_CHARACTERS]


@cache
def _criteria() -> str:
    return resources.files("core.learning").joinpath("judge.md").read_text(encoding="utf-8")
