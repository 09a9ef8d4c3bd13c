"""One look at some feedback: its themes, a worded rule for each, and the proposals that come of them."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from core import metrics
from core.agent.failures import AgentCredentialsError, AgentError
from core.learning.agreement import repeated
from core.learning.checking import merged, warnings_of_evidence, warnings_of_rule
from core.learning.leaks import Private, stems_of
from core.learning.ledger import accounted
from core.learning.proposals import change_of
from core.learning.proposing import Draft, propose
from core.learning.standing import Standing, craft_of, leaks_in, names_of, private_of, standing_in, words_of
from core.learning.themes import Theme, enough, find_themes, said_in
from core.logging import get_logger
from core.outputs.describe import shorten
from core.runtime import Runtime, Unit
from storage.learning import Judged, LearningRepository
from storage.models import RuleProposal
from storage.models.rules import RuleScope
from storage.rules import ProposalRepository, Scope

CANDIDATE_FOR = timedelta(days=90)
_MANY = 10_000
_MAX_THEME = 120
log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Found:
    """A proposal to be, with the rules that stand in its scope."""

    theme: Theme
    scope: Scope
    standing: Standing
    draft: Draft
    warnings: list[dict[str, Any]]


class Look:
    """One look at some candidates. `failure` is the last of what kept it from finding all."""

    def __init__(self, runtime: Runtime, candidates: Sequence[Judged], about: str) -> None:
        self._runtime = runtime
        self._candidates = candidates
        self._about = about
        self._found: list[_Found] = []
        self._unfinished: set[UUID] = set()
        self.failure: AgentError | None = None

    async def find(self, scopes: Sequence[RuleScope]) -> None:
        """Ask for themes, and for the wording of each."""
        if not enough(self._candidates):
            return
        claude, settings = self._runtime.claude, self._runtime.settings
        try:
            if claude is None:
                raise AgentCredentialsError("ANTHROPIC_API_KEY is not set")
            async with accounted(self._runtime):
                themes = await find_themes(claude, settings.detect_model, self._candidates, scopes=scopes)
        except AgentError as error:
            self._note(error, self._candidates)
            return
        for theme in themes:
            if theme.scope == "global" and not several_skills([it.judged for it in theme.evidence]):
                metrics.THEMES.labels("one-skill").inc()
                continue
            try:
                async with accounted(self._runtime):
                    found = await self._word(theme)
            except AgentError as error:
                self._note(error, [it.judged for it in theme.evidence])
                continue
            if found is not None:
                self._found.append(found)

    async def keep(self, skill_id: UUID | None, fresh: Sequence[Judged]) -> list[UUID]:
        """Add the proposals and count the feedback, all or nothing; without what somebody else used meanwhile."""
        made = []
        async with self._runtime.system_unit() as unit:
            learning = LearningRepository(unit.session)
            await learning.alone()
            free = await learning.candidates(skill_id, younger_than=CANDIDATE_FOR, limit=_MANY)
            unused = {it.feedback.id for it in free}
            for found in self._found:
                proposal = _proposal(found)
                if not unused.issuperset(proposal.evidence):
                    _drop(found.theme, "taken")
                elif await _is_open(unit, found):
                    _drop(found.theme, "repeats")
                else:
                    await unit.proposals.add(proposal)
                    made.append(proposal.id)
                    metrics.THEMES.labels("proposed").inc()
            await learning.count([it.feedback for it in fresh if it.feedback.id not in self._unfinished])
        return made

    async def _word(self, theme: Theme) -> _Found | None:
        """A proposal for a theme. What tells of a client becomes this client's own rule, or is dropped."""
        assert self._runtime.claude is not None  # noqa: S101 - themes came from it
        scope, standing = await self._stands(theme)
        private, craft = await self._private(theme)
        draft = await propose(
            self._runtime.claude,
            self._runtime.settings.agent_model,
            theme,
            standing,
            about=self._about,
            private=private,
            craft=craft,
        )
        if draft.leaked and theme.scope != "client" and theme.client is not None:
            log.info("rule_became_a_clients", evidence=len(theme.evidence))
            theme = replace(theme, scope="client")
            scope, standing = await self._stands(theme)
            private, craft = await self._private(theme)
            leaked = await leaks_in(draft.rule or "", private, craft)
            draft = replace(draft, change_type="add", current=None, leaked=tuple(leaked))
        if draft.leaked:
            _drop(theme, "leak")
            return None
        others = [rule for rule in (*standing.rules, *standing.beside) if rule != draft.current]
        if draft.rule is not None and repeated(draft.rule, others):
            _drop(theme, "repeats")
            return None
        if theme.scope != "client" and await leaks_in(theme.title, private, craft):
            theme = replace(theme, title=shorten(draft.rule or draft.current or "", _MAX_THEME))
        return _Found(theme, scope, standing, draft, self._warnings(theme, draft, standing))

    async def _stands(self, theme: Theme) -> tuple[Scope, Standing]:
        client, skill = theme.client, theme.evidence[0].judged.skill
        if theme.scope == "client" and client is not None:
            scope = Scope("client", client_id=client.id, user_id=client.user_id)
        else:
            scope = Scope("skill", skill_id=skill.id) if theme.scope == "skill" else Scope("global")
        return scope, await standing_in(self._runtime, scope)

    async def _private(self, theme: Theme) -> tuple[Private, frozenset[str]]:
        """What a rule for this theme may not tell, and the stems that it may use all the same."""
        craft = await asyncio.to_thread(craft_of, self._runtime)
        its = await private_of(self._runtime, [it.judged for it in theme.evidence])
        if theme.scope != "client":
            return its + _said_by(self._candidates), craft
        others = [it for it in self._candidates if not _is_of(theme, it)]
        return _said_by(others), craft | stems_of((*its.names, *its.said, *its.files))

    def _warnings(self, theme: Theme, draft: Draft, standing: Standing) -> list[dict[str, Any]]:
        about = [it for it in self._candidates if theme.scope != "client" or _is_of(theme, it)]
        rests_on = {it.judged.feedback.id for it in theme.evidence}
        said = [text for it in about if it.feedback.id in rests_on for text in said_in(it.feedback)]
        found = warnings_of_rule(draft.rule, draft.current, standing) if draft.rule else []
        found += warnings_of_evidence(
            said,
            all_said=[text for it in about for text in said_in(it.feedback)],
            worded=[theme.title, draft.rationale],
        )
        return merged(found)

    def _note(self, error: AgentError, left: Sequence[Judged]) -> None:
        self.failure = error
        self._unfinished |= {it.feedback.id for it in left}
        metrics.THEMES.labels("failed").inc()
        log.warning("learning_failed", code=error.code, error=str(error), feedback=len(left))


def _proposal(found: _Found) -> RuleProposal:
    theme, draft, scope = found.theme, found.draft, found.scope
    return RuleProposal(
        scope=scope.kind,
        skill_id=scope.skill_id,
        client_id=scope.client_id,
        user_id=scope.user_id,
        base_version=found.standing.version,
        change_type=draft.change_type,
        theme=theme.title,
        current_rule=draft.current,
        proposed_rule=draft.rule,
        diff=change_of(draft.current, draft.rule),
        rationale=draft.rationale,
        evidence=[it.judged.feedback.id for it in theme.evidence],
        warnings=found.warnings,
    )


async def _is_open(unit: Unit, found: _Found) -> bool:
    """Whether a proposal waits that changes the same rule, or says the same."""
    waiting = await ProposalRepository(unit.session).open_in(found.scope)
    draft = found.draft
    if draft.current is not None and any(it.current_rule == draft.current for it in waiting):
        return True
    return draft.rule is not None and bool(
        repeated(draft.rule, [it.proposed_rule for it in waiting if it.proposed_rule])
    )


def _drop(theme: Theme, why: str) -> None:
    metrics.THEMES.labels(why).inc()
    log.info("theme_dropped", why=why, scope=theme.scope, evidence=len(theme.evidence))


def _is_of(theme: Theme, judged: Judged) -> bool:
    """Whether a judgement is about the client that a theme is about."""
    return theme.client is not None and judged.client is not None and judged.client.id == theme.client.id


def several_skills(judged: Sequence[Judged]) -> bool:
    """Whether judgements are about outputs of more than one skill."""
    return len({it.skill.id for it in judged}) > 1


def _said_by(judged: Sequence[Judged]) -> Private:
    """What a model that found the themes has seen of these, and who they are."""
    clients = [it.client for it in judged if it.client is not None]
    return Private(names_of(clients), tuple(text for it in judged for text in (it.request, *words_of(it))))
