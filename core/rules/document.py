"""A RULES.md as a list of rules: read, changed one rule at a time, compared, and merged. Pure.

A rule is a point of a list that stands by itself (`- …`, with all that is indented under it). Its text is without
the marker and without empty lines, so that two spellings of one rule compare equal.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher, unified_diff

from markdown_it import MarkdownIt

LEARNED = "Learned from feedback"
_HEADING = f"## {LEARNED}"
_MARKERS = re.compile(r"(?:(?:[-*+]|\d{1,9}[.)])(?:[ \t]+|$))+")
_RULER = "-*_ \t"  # a first line of these alone would make a horizontal rule of the point
_DIFF_CONTEXT = 1
_ALIKE = 0.4
_markdown = MarkdownIt("commonmark")


class RuleMissingError(Exception):
    """The rule that was to be changed does not stand in the text."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A rule that both sides changed, each in its way. None: it is not there, or was removed."""

    base_rule: str
    learned_rule: str | None
    shipped_rule: str | None


@dataclass(frozen=True, slots=True)
class Merged:
    """What is shipped, with all that was learned in it; `conflicts` are where that left out what is shipped."""

    text: str
    conflicts: list[Conflict]


@dataclass(frozen=True, slots=True)
class _Rule:
    """Lines `start` to `end` (exclusive) of a text, under the heading `section`."""

    text: str
    section: str
    start: int
    end: int


def rules_in(text: str) -> list[str]:
    """The rules of a text, in their order."""
    return [rule.text for rule in _read(text.split("\n"))]


def apply_change(text: str, current: str | None, proposed: str | None) -> str:
    """`text` with one rule changed, removed (`proposed` is None) or added (`current` is None).

    What is added goes to the end of the section "Learned from feedback", which is made where there is none, and
    goes again with its last rule. Of two equal rules the first is meant.

    Raises:
        RuleMissingError: `current` does not stand in the text.
        ValueError: `proposed` holds no words.
    """
    lines = text.rstrip().split("\n") if text.strip() else []
    point = None if proposed is None else _point(proposed)
    if current is None:
        return text if point is None else _joined(_with_learned(lines, point))
    wanted = _plain(current)
    rule = next((it for it in _read(lines) if it.text == wanted), None)
    if rule is None:
        raise RuleMissingError(current)
    if point is None:
        return _joined(_without(lines, rule))
    return _joined([*lines[: rule.start], *point, *lines[rule.end :]])


def diff_of(before: str, after: str) -> str:
    """What changed, as a unified diff without the names of files; '' if nothing did."""
    lines = unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=_DIFF_CONTEXT)
    return "\n".join(list(lines)[2:])


def merge(base: str, learned: str, shipped: str) -> Merged:
    """Bring what was learned since `base` into `shipped`, rule by rule.

    The shipped text is what stands, its prose and order too; in it each learned change of a rule is made again.
    Where the shipped text changed or removed the same rule, the learned one stands, and a conflict says so.
    """
    text, conflicts = shipped, []
    shipped_for = {
        old: new for old, new in _changes(base, shipped) if old is not None and new is not None and _alike(old, new)
    }
    for old, new in _changes(base, learned):
        standing = set(rules_in(text))
        if old is None:
            if new not in standing:
                text = apply_change(text, None, new)
        elif old in standing:
            text = apply_change(text, old, new)
        elif (now := shipped_for.get(old)) != new and new not in standing:
            conflicts.append(Conflict(old, new, now))
            text = apply_change(text, now if now in standing else None, new)
    return Merged(text, conflicts)


def _read(lines: Sequence[str]) -> list[_Rule]:
    rules: list[_Rule] = []
    section = ""
    for token in _markdown.parse("\n".join(lines)):
        if token.map is None:
            continue
        start, end = token.map
        if token.type == "heading_open" and token.level == 0:
            section = lines[start].strip()
        elif token.type == "list_item_open" and token.level == 1:
            while end > start + 1 and not lines[end - 1].strip():
                end -= 1
            rules.append(_Rule(_plain("\n".join(lines[start:end])), section, start, end))
    return rules


def _plain(rule: str) -> str:
    """A rule however it was written down: without markers, empty lines, and what indents its further lines."""
    first, *rest = rule.strip().splitlines() or [""]
    marker = _MARKERS.match(first)
    width = marker.end() if marker else 0
    further = [line[min(width, len(line) - len(line.lstrip(" "))) :].rstrip() for line in rest]
    if rest and not first.strip(_RULER):
        return _plain("\n".join(further))
    return "\n".join(line for line in (first[width:].strip(), *further) if line)


def _point(rule: str) -> list[str]:
    first, *rest = _plain(rule).split("\n")
    if not first:
        raise ValueError("a rule needs words")
    return [f"- {first}", *(f"  {line}" for line in rest)]


def _with_learned(lines: list[str], point: Sequence[str]) -> list[str]:
    section = _learned_section(lines)
    if section is None:
        return [*lines, *([""] if lines else []), _HEADING, "", *point]
    _, end = section
    while not lines[end - 1].strip():
        end -= 1
    follows_a_rule = any(rule.end == end for rule in _read(lines))
    return [*lines[:end], *([] if follows_a_rule else [""]), *point, *lines[end:]]


def _without(lines: list[str], rule: _Rule) -> list[str]:
    left = [*lines[: rule.start], *lines[rule.end :]]
    _close_gap(left, rule.start)
    section = _learned_section(left)
    if section is not None and not any(line.strip() for line in left[section[0] + 1 : section[1]]):
        del left[section[0] : section[1]]
        _close_gap(left, section[0])
    return left


def _close_gap(lines: list[str], at: int) -> None:
    """Let no two empty lines meet where something was taken out."""
    while at < len(lines) and not lines[at].strip() and (at == 0 or not lines[at - 1].strip()):
        del lines[at]


def _learned_section(lines: Sequence[str]) -> tuple[int, int] | None:
    """The line of its heading, and the line before which it ends."""
    headings = [
        token.map[0]
        for token in _markdown.parse("\n".join(lines))
        if token.type == "heading_open" and token.level == 0 and token.map and token.tag in {"h1", "h2"}
    ]
    starts = [line for line in headings if lines[line].strip() == _HEADING]
    if not starts:
        return None
    return starts[0], next((line for line in headings if line > starts[0]), len(lines))


def _joined(lines: Sequence[str]) -> str:
    text = "\n".join(lines).rstrip()
    return f"{text}\n" if text else ""


def _changes(before: str, after: str) -> Iterator[tuple[str | None, str | None]]:
    """The rules that differ, as pairs of old and new. One that only moved is the same."""
    olds, news = _read(before.split("\n")), _read(after.split("\n"))
    old_texts, new_texts = [it.text for it in olds], [it.text for it in news]
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, old_texts, new_texts, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        gone = [it for it in olds[i1:i2] if it.text not in new_texts]
        fresh = [it for it in news[j1:j2] if it.text not in old_texts]
        for section in dict.fromkeys(it.section for it in (*gone, *fresh)):
            yield from _paired(
                [it.text for it in gone if it.section == section],
                [it.text for it in fresh if it.section == section],
            )


def _paired(gone: Sequence[str], fresh: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Rules of one place in two texts: as many as before were changed one by one, else those that are alike."""
    if len(gone) == len(fresh):
        yield from zip(gone, fresh, strict=True)
        return
    left = list(fresh)
    for old in gone:
        found = next((index for index, new in enumerate(left) if _alike(old, new)), None)
        if found is None:
            yield old, None
            continue
        yield from ((None, new) for new in left[:found])
        yield old, left[found]
        del left[: found + 1]
    yield from ((None, new) for new in left)


def _alike(one: str, other: str) -> bool:
    """Whether two rules are wordings of one: in their order, most words of the one stand in the other."""
    return SequenceMatcher(None, one.split(), other.split(), autojunk=False).ratio() >= _ALIKE
