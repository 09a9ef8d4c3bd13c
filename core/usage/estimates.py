"""What a run is expected to cost: what such runs did cost lately, else what its prompt and turns come to."""

import time
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncEngine

from core.agent.pricing import price
from core.agent.task import TokenUsage
from core.agent.usage import estimated_tokens
from core.settings import Settings
from core.skills.catalogue import Catalogue, LoadedSkill
from core.workflows.document import WorkflowDocument
from storage.estimates import typical_cost

FEWEST = 5
LATEST = 20
REMEMBERED_SECONDS = 60.0
_FILE_TOKENS = 1_100
"""A file of a client's profile: those that are read by default have 800 to 1,300 in the example clients."""
_ANSWER_TOKENS = 4_000
"""A long piece, of some 2,500 words."""
_CALL_TOKENS, _RESULT_TOKENS = 200, 3_000
"""A call of a tool, and the page or the search results that it brings."""


class Estimator:
    """One for each process. An estimate is remembered for a minute, for each skill and its newest text."""

    def __init__(self, engine: AsyncEngine, catalogue: Catalogue, settings: Settings) -> None:
        self._engine = engine
        self._catalogue = catalogue
        self._settings = settings
        self._known: dict[tuple[UUID, str], tuple[float, Decimal]] = {}

    async def of_skill(self, skill: LoadedSkill) -> Decimal:
        """US dollars that a run of a skill will hardly exceed: three of four stay below."""
        key = (skill.id, skill.content_hash)
        until, known = self._known.get(key, (0.0, Decimal(0)))
        if time.monotonic() < until:
            return known
        model = skill.document.metadata.model or self._settings.agent_model
        seen = await typical_cost(self._engine, skill.id, model, latest=LATEST, fewest=FEWEST)
        expected = seen if seen is not None else self._computed(skill, model)
        self._known[key] = (time.monotonic() + REMEMBERED_SECONDS, expected)
        return expected

    async def of_workflow(self, workflow: WorkflowDocument) -> Decimal:
        """US dollars for one run of each of its steps."""
        return sum([await self.of_skill(self._catalogue.get(step.skill)) for step in workflow.steps], Decimal(0))

    def _computed(self, skill: LoadedSkill, model: str) -> Decimal:
        """By the price list, for half of the turns that the skill may take, and no more than a run may cost."""
        metadata = skill.document.metadata
        text = skill.document.body + skill.rules + self._catalogue.house_rules
        prompt = estimated_tokens(text) + len(metadata.context) * _FILE_TOKENS
        calls = metadata.turns // 2 if metadata.tools else 0
        grown = calls * (_RESULT_TOKENS + _CALL_TOKENS)
        usage = TokenUsage(
            cache_write=prompt + grown,
            cache_read=calls * prompt + grown * max(calls - 1, 0) // 2,
            output=_ANSWER_TOKENS + calls * _CALL_TOKENS,
            searches=calls // 2 if "WebSearch" in metadata.tools else 0,
        )
        return min(price(model, usage), self._settings.run_max_usd)
