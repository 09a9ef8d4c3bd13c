"""Themes: what several people say of a skill's outputs, each with the words that it rests on."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any
from uuid import UUID

from anthropic import AsyncAnthropic

from core.detection.text import fold
from core.feedback.service import Severity
from core.learning.asking import Form, NonsenseError, ask, inert
from storage.learning import Judged
from storage.models import Client, Feedback
from storage.models.rules import RuleScope

ENOUGH_FEEDBACK = 3
MAX_THEMES = 6
_MAX_TITLE, _MAX_CHANGE, _MAX_QUOTE, _MAX_SAID = 120, 300, 300, 1_000
_SHORTEST_QUOTE = 2
_SEVERITIES: Sequence[Severity] = ("low", "medium", "high")
_TAGS = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A judgement that a theme rests on, and the words of it that say so."""

    judged: Judged
    quote: str


@dataclass(frozen=True, slots=True)
class Theme:
    """What would have to be done differently: `change` says it as the model put it, and is no rule yet."""

    title: str
    change: str
    scope: RuleScope
    severity: Severity
    evidence: tuple[Evidence, ...]

    @property
    def client(self) -> Client | None:
        """The client that all of it is about; None if there are several, or none."""
        return one_client([it.judged for it in self.evidence])


def said_in(feedback: Feedback) -> list[str]:
    """What somebody named to do better: issues with the fixes they suggest, and changes of rules."""
    issues = [_joined(issue.get("description"), issue.get("suggested_fix")) for issue in feedback.issues_json]
    changes = [_joined(change.get("suggested_change"), None) for change in feedback.suggested_rule_changes]
    return [said for said in (*issues, *changes) if said]


def severity_of(feedback: Feedback) -> Severity:
    """How bad the worst of its issues is."""
    named = [issue.get("severity") for issue in feedback.issues_json]
    return next((severity for severity in reversed(_SEVERITIES) if severity in named), "low")


def enough(judged: Iterable[Judged]) -> bool:
    """Whether a theme may rest on these: three judgements, or one of high severity."""
    found = {it.feedback.id: it for it in judged}.values()
    return len(found) >= ENOUGH_FEEDBACK or any(severity_of(it.feedback) == "high" for it in found)


def one_client(judged: Iterable[Judged]) -> Client | None:
    """The client that all of these are about."""
    clients = {it.client.id if it.client else None: it.client for it in judged}
    return next(iter(clients.values())) if len(clients) == 1 else None


async def find_themes(
    claude: AsyncAnthropic, model: str, candidates: Sequence[Judged], *, scopes: Sequence[RuleScope]
) -> list[Theme]:
    """What these judgements have in common, as far as it rests on enough of them; the best supported first.

    Raises:
        NonsenseError: the answer can't be used.
        AgentError: the model does not answer.
    """
    filled = await ask(claude, _form(scopes), model=model, system=_prompt(), user=_listed(candidates))
    return read_themes(filled.values, candidates, scopes=scopes)


def read_themes(
    values: Mapping[str, Any], candidates: Sequence[Judged], *, scopes: Sequence[RuleScope]
) -> list[Theme]:
    """Read an answer, trusting nothing of it: evidence must have been given, and say what it is quoted with.

    Raises:
        NonsenseError: it is no list of themes, or of all its themes none rests on anything that was given.
    """
    listed = values.get("themes")
    if not isinstance(listed, list):
        raise NonsenseError("themes are no list")
    by_name = dict(_named(candidates))
    read = [theme for item in listed[:MAX_THEMES] if (theme := _read(item, by_name, scopes)) is not None]
    if listed and not read:
        raise NonsenseError(f"none of {len(listed)} themes rests on what was given")
    themes: list[Theme] = []
    used: set[UUID] = set()
    for theme in sorted(read, key=lambda it: -len(it.evidence)):
        evidence = tuple(it for it in theme.evidence if it.judged.feedback.id not in used)
        if enough(it.judged for it in evidence):
            used |= {it.judged.feedback.id for it in evidence}
            themes.append(_settled(theme, evidence, scopes))
    return themes


def _read(item: Any, by_name: Mapping[str, Judged], scopes: Sequence[RuleScope]) -> Theme | None:
    if not isinstance(item, Mapping):
        return None
    title, change = _line(item.get("title"), _MAX_TITLE), _line(item.get("change"), _MAX_CHANGE)
    scope, listed = item.get("scope"), item.get("evidence")
    if not title or not change or not isinstance(listed, list):
        return None
    evidence: dict[UUID, Evidence] = {}
    for point in listed:
        found = _read_evidence(point, by_name)
        if found is not None:
            evidence.setdefault(found.judged.feedback.id, found)
    if not evidence:
        return None
    chosen = next((it for it in scopes if it == scope), scopes[0])
    return Theme(title, change, chosen, "low", tuple(evidence.values()))


def _read_evidence(point: Any, by_name: Mapping[str, Judged]) -> Evidence | None:
    if not isinstance(point, Mapping):
        return None
    name, quote = point.get("feedback"), _line(point.get("quote"), _MAX_QUOTE)
    judged = by_name.get(name) if isinstance(name, str) else None
    if judged is None or len(quote) < _SHORTEST_QUOTE:
        return None
    wanted = _plain(quote)
    stands = wanted and any(wanted in _plain(said) for said in said_in(judged.feedback))
    return Evidence(judged, quote) if stands else None


def _settled(theme: Theme, evidence: tuple[Evidence, ...], scopes: Sequence[RuleScope]) -> Theme:
    """With the severity that people named, and a scope that its evidence allows."""
    severities = [severity_of(it.judged.feedback) for it in evidence]
    scope = theme.scope
    if scope == "client" and one_client([it.judged for it in evidence]) is None:
        scope = next(it for it in scopes if it != "client")
    return Theme(theme.title, theme.change, scope, max(severities, key=_SEVERITIES.index), evidence)


def _form(scopes: Sequence[RuleScope]) -> Form:
    evidence = _object(
        feedback={"type": "string", "description": "The id of a feedback."},
        quote={"type": "string", "description": "Its words, letter for letter."},
    )
    theme = _object(
        title={"type": "string"},
        change={"type": "string"},
        scope={"type": "string", "enum": list(scopes)},
        evidence={"type": "array", "items": evidence},
    )
    return Form(
        "record_themes",
        "Record what people say in common.",
        _object(themes={"type": "array", "items": theme}),
    )


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _listed(candidates: Sequence[Judged]) -> str:
    clients: dict[UUID, str] = {}
    lines = []
    for name, it in _named(candidates):
        client = clients.setdefault(it.client.id, f"c{len(clients) + 1}") if it.client else "-"
        said = inert(" / ".join(said_in(it.feedback)))[:_MAX_SAID]
        marks = f'id="{name}" score="{it.feedback.overall_score}" severity="{severity_of(it.feedback)}"'
        lines.append(f'<feedback {marks} client="{client}" skill="{it.skill.name}">{said}</feedback>')
    return "\n".join(lines)


def _named(candidates: Sequence[Judged]) -> Iterable[tuple[str, Judged]]:
    """The candidates with the ids by which the model knows them."""
    return ((f"f{number}", it) for number, it in enumerate(candidates, 1))


def _plain(text: str) -> str:
    """What is compared: words alone, since quotation marks and dashes come back changed."""
    return _TAGS.sub(" ", fold(inert(text))).strip()


def _line(value: Any, limit: int) -> str:
    return inert(value)[:limit].strip() if isinstance(value, str) else ""


def _joined(one: Any, other: Any) -> str:
    return " / ".join(part.strip() for part in (one, other) if isinstance(part, str) and part.strip())


@cache
def _prompt() -> str:
    return resources.files("core.learning").joinpath("themes.md").read_text(encoding="utf-8")
