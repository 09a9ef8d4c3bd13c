"""The model stage: one short call that picks among the best candidates, or none of them."""

import asyncio
import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import anthropic
import structlog

OFF_TOPIC = "off_topic"
NONE_OF_THESE = "none_of_these"

_CONFIDENCE = {"certain": 0.95, "likely": 0.85, "guess": 0.5}
_SECONDS = 3.0
_PROMPT = Path(__file__).with_name("judge.md")
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Option:
    """A candidate as the judge sees it."""

    name: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the judge chose: an option's name, `off_topic` or `none_of_these`; and how sure it is (0 to 1)."""

    choice: str
    confidence: float


class Judge(Protocol):
    """Decides between candidates when words do not."""

    async def choose(self, message: str, options: Sequence[Option]) -> Verdict | None:
        """Pick one. None when there is no answer in time; never raises for what the service does."""


class VerdictCache(Protocol):
    """Where verdicts outlive a process, shared between processes. Its failures are not the judge's."""

    async def get(self, key: str) -> str | None:
        """The value kept under a key."""

    async def set(self, key: str, value: str) -> None:
        """Keep a value for a while."""


class ClaudeJudge:
    """Asks a small Claude model, which is forced to answer through a tool's schema."""

    def __init__(
        self,
        *,
        client: anthropic.AsyncAnthropic,
        model: str,
        cache: VerdictCache | None = None,
        remembered: int = 2_000,
    ) -> None:
        """Ask `model`; remember the last `remembered` answers here, and all in `cache` where one is given."""
        self._client = client.with_options(max_retries=0, timeout=_SECONDS)
        self._model = model
        self._cache = cache
        self._remembered = remembered
        self._answers: OrderedDict[str, Verdict] = OrderedDict()
        self._prompt = _PROMPT.read_text(encoding="utf-8")

    async def choose(self, message: str, options: Sequence[Option]) -> Verdict | None:
        """Pick one of the options within three seconds, or answer None and log why."""
        key = _key(self._model, message, options)
        known = self._answers.get(key)
        if known:
            self._answers.move_to_end(key)
            return known
        allowed = {option.name for option in options} | {OFF_TOPIC, NONE_OF_THESE}
        try:
            async with asyncio.timeout(_SECONDS):
                kept = await self._cache.get(key) if self._cache else None
                verdict = _verdict(json.loads(kept), allowed) if kept else None
                if verdict is None:
                    answer = await self._ask(message, options)
                    verdict = _verdict(answer, allowed)
                    if verdict and self._cache:
                        await self._cache.set(key, json.dumps(answer))
        except Exception as error:  # noqa: BLE001 - whatever fails here, the person can still choose
            _log.warning("detection.judge_failed", error=type(error).__name__, detail=str(error)[:200])
            return None
        if verdict:
            self._answers[key] = verdict
            if len(self._answers) > self._remembered:
                self._answers.popitem(last=False)
        return verdict

    async def _ask(self, message: str, options: Sequence[Option]) -> Mapping[str, Any]:
        names = [*(option.name for option in options), NONE_OF_THESE, OFF_TOPIC]
        listed = "\n".join(f"- {option.name}: {option.purpose}" for option in options)
        # A fence that the message could close would not be one.
        fenced = message.replace("<", "‹").replace(">", "›")
        response = await self._client.messages.create(
            model=self._model,
            max_tokens=200,
            system=self._prompt,
            messages=[{"role": "user", "content": f"Skills:\n{listed}\n\n<message>\n{fenced}\n</message>"}],
            tools=[
                {
                    "name": "choose",
                    "description": "Record which skill the message asks for.",
                    "input_schema": {
                        "type": "object",
                        "properties": {
                            "skill": {"type": "string", "enum": names},
                            "sure": {"type": "string", "enum": list(_CONFIDENCE)},
                        },
                        "required": ["skill", "sure"],
                        "additionalProperties": False,
                    },
                }
            ],
            tool_choice={"type": "tool", "name": "choose"},
        )
        for block in response.content:
            if block.type == "tool_use":
                return block.input
        return {}


def _verdict(answer: Any, allowed: set[str]) -> Verdict | None:
    """Read an answer, trusting nothing of it."""
    if not isinstance(answer, Mapping):
        return None
    choice, sure = answer.get("skill"), answer.get("sure")
    if not isinstance(choice, str) or choice not in allowed or not isinstance(sure, str) or sure not in _CONFIDENCE:
        return None
    return Verdict(choice, _CONFIDENCE[sure])


def _key(model: str, message: str, options: Sequence[Option]) -> str:
    said = json.dumps([model, message, [[option.name, option.purpose] for option in options]])
    return hashlib.sha256(said.encode()).hexdigest()
