"""The warnings of a proposed rule: what a person has to see before deciding about it. Pure."""

from collections.abc import Iterable, Sequence
from typing import Any, get_args

from core.learning.agreement import contradicted, disagreement, repeated
from core.learning.guards import WarningCode, link_in, orders_in, warning
from core.learning.standing import Standing


def warnings_of_rule(rule: str, current: str | None, standing: Standing) -> list[dict[str, Any]]:
    """What is to be said of a wording: orders, links, and the standing rules that it contradicts or repeats.

    `current` is the rule that it changes, and so may contradict.
    """
    found = []
    if orders := orders_in(rule):
        found.append(warning("orders", orders))
    if link := link_in(rule):
        found.append(warning("link", link))
    others = [other for other in (*standing.rules, *standing.beside) if other != current]
    if other := contradicted(rule, others):
        found.append(warning("contradicts", other))
    if other := repeated(rule, others):
        found.append(warning("repeats", other))
    return found


def warnings_of_evidence(
    said: Sequence[str], *, all_said: Sequence[str], worded: Sequence[str] = ()
) -> list[dict[str, Any]]:
    """What is to be said of what a rule rests on: orders to the model in it, and people who want the opposite.

    Args:
        said: all that was said in the judgements that it rests on.
        all_said: that, and what others said of the same.
        worded: what a model wrote about them.
    """
    found = []
    if orders := next(filter(None, map(orders_in, (*said, *worded))), None):
        found.append(warning("orders", orders))
    if matter := disagreement(said, all_said):
        found.append(warning("contradictory-feedback", matter))
    return found


def warnings_of_leaks(leaked: Sequence[str]) -> list[dict[str, Any]]:
    """What is to be said of a rule for many that tells what belongs to one client."""
    return [warning("client-facts", ", ".join(dict.fromkeys(leaked)))] if leaked else []


def merged(warnings: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same, each once, the gravest first."""
    each = {(it["code"], it["detail"]): it for it in warnings}.values()
    return sorted(each, key=lambda it: get_args(WarningCode).index(it["code"]))
