"""From a theme to the change of one rule, as a model words it. What it answers is checked, and asked for twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any, get_args

from anthropic import AsyncAnthropic

from core.learning.asking import Form, NonsenseError, ask, inert
from core.learning.guards import fault_of, link_in, tidy
from core.learning.leaks import Private
from core.learning.standing import Standing, leaks_in
from core.learning.themes import Theme
from core.outputs.describe import shorten
from storage.models.rules import ChangeType, RuleScope

_TRIES = 2
_MAX_RATIONALE = 500
_QUOTES = 8
_NONE = "none"
_CHANGING: frozenset[ChangeType] = frozenset({"clarify", "strengthen", "remove"})
_READERS: Mapping[RuleScope, str] = {
    "client": "one client: how texts for this client are to sound",
    "skill": "one skill: all texts of this kind, for all clients",
    "global": "everybody: all texts of every kind, for all clients",
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A change of one rule. `leaked`: what it tells of a client all the same, after it was asked for twice."""

    change_type: ChangeType
    current: str | None
    rule: str | None
    rationale: str
    leaked: tuple[str, ...] = ()


async def propose(
    claude: AsyncAnthropic,
    model: str,
    theme: Theme,
    standing: Standing,
    *,
    about: str,
    private: Private,
    craft: frozenset[str],
) -> Draft:
    """Word a rule for a theme. An answer that can't be used, or tells too much, is asked for once more.

    Args:
        claude: the client of the Messages API.
        model: the model's name.
        theme: what people complain of.
        standing: the rules of the theme's scope.
        about: a line about whose rules these are, and how their texts are rated.
        private: what the rule may not tell.
        craft: the stems that it may use all the same.

    Raises:
        NonsenseError: no answer could be used.
        AgentError: the model does not answer.
    """
    form, prompt = _form(standing), _prompt_for(theme, standing, about)
    objection, draft = "", None
    for _ in range(_TRIES):
        user = f"{prompt}{objection}"
        filled = await ask(claude, form, model=model, system=_system(), user=user)
        try:
            draft = read_draft(filled.values, standing)
        except NonsenseError as error:
            objection = f"\n\nYour last answer can't be used: {error.detail}. Answer again."
            continue
        told = f"{draft.rule or ''} {draft.rationale}" if theme.scope != "client" else draft.rule or ""
        leaked = await leaks_in(told, private, craft)
        if not leaked:
            return draft
        in_rule = await leaks_in(draft.rule or "", private, craft)
        neutral = f"{len(theme.evidence)} judgements say so."
        draft = replace(draft, leaked=tuple(in_rule), rationale=neutral)
        objection = (
            "\n\nYour last answer can't be used: these words belong to one client and may stand neither in the "
            f"rule nor in the rationale: {inert(', '.join(leaked))}. Say it in the general words of the craft."
        )
    if draft is None:
        raise NonsenseError(objection.strip())
    return draft


def read_draft(values: Mapping[str, Any], standing: Standing) -> Draft:
    """Read an answer, trusting nothing of it.

    Raises:
        NonsenseError: its `detail` says to the model what is wrong.
    """
    change_type: ChangeType | None = next(
        (it for it in get_args(ChangeType) if it == values.get("change_type")), None
    )
    if change_type is None:
        raise NonsenseError("there is no such change_type")
    rationale = shorten(inert(_text(values, "rationale")), _MAX_RATIONALE)
    if not rationale:
        raise NonsenseError("the rationale is missing")
    current = _named(values.get("changes"), standing.rules)
    if change_type in _CHANGING and current is None:
        raise NonsenseError(f"to {change_type} needs the number of a rule that stands, in `changes`")
    if change_type == "remove":
        return Draft(change_type, current, None, rationale)
    if change_type == "add":
        current = None
    rule = tidy(_text(values, "rule"))
    fault = fault_of(rule) or ("it holds a link" if link_in(rule) else None)
    if fault is None and current is not None and tidy(current) == rule:
        fault = "it changes nothing"
    if fault is not None:
        raise NonsenseError(f"the rule is unfit: {fault}")
    return Draft(change_type, current, rule, rationale)


def _named(value: Any, rules: Sequence[str]) -> str | None:
    """The rule that a number such as `r3` means."""
    return next((rule for number, rule in enumerate(rules, 1) if value == f"r{number}"), None)


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _form(standing: Standing) -> Form:
    numbers = [f"r{number}" for number in range(1, len(standing.rules) + 1)]
    properties = {
        "change_type": {"type": "string", "enum": list(get_args(ChangeType))},
        "changes": {"type": "string", "enum": [_NONE, *numbers]},
        "rule": {"type": "string"},
        "rationale": {"type": "string"},
    }
    return Form(
        "propose_rule",
        "Record the change of one rule.",
        {
            "type": "object",
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        },
    )


def _prompt_for(theme: Theme, standing: Standing, about: str) -> str:
    numbered = [f"r{number}: {inert(rule)}" for number, rule in enumerate(standing.rules, 1)]
    beside = [f"- {inert(rule)}" for rule in standing.beside]
    quotes = [f"<quote>{inert(it.quote)}</quote>" for it in theme.evidence[:_QUOTES]]
    parts = [
        f"The rule is for {_READERS[theme.scope]}. {about}",
        "Rules of this scope:\n" + ("\n".join(numbered) or "There are none yet."),
    ]
    if beside:
        parts.append("Rules beside them:\n" + "\n".join(beside))
    said = [f"Said by {len(theme.evidence)}, severity {theme.severity}:", *quotes]
    parts.append("\n".join([f"<theme>{theme.title}. {theme.change}</theme>", *said]))
    return "\n\n".join(parts)


@cache
def _system() -> str:
    return resources.files("core.learning").joinpath("proposing.md").read_text(encoding="utf-8")
