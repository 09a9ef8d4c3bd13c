"""Looking a library over before it ships: what a reader or the detector would stumble on, each with its file."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from core.clients.profile import PROFILE_PATHS
from core.library.folder import Library, SkillFolder
from core.skills.document import CATEGORIES

FEWEST_LINES, MOST_LINES = 60, 300
LONGEST_PURPOSE = 40
FEWEST_TRIGGERS = 5
_SHINGLE = 5
_ALIKE = 0.6
_SHORTEST_PARAGRAPH = 25
_LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)\s]+)\)")
_CONTEXT = {path.removesuffix(".md") for path in PROFILE_PATHS}


def check_library(library: Library) -> list[str]:
    """Every complaint, in words, beginning with the file that it is about."""
    complaints = [*library.problems]
    for skill in library.skills:
        complaints += _check_form(skill)
        complaints += _check_references(skill)
    complaints += _shared_triggers(library.skills)
    complaints += _alike_paragraphs(library.skills)
    return complaints


def _check_form(skill: SkillFolder) -> Iterator[str]:
    document, metadata = skill.document, skill.document.metadata
    where = f"{document.name}/SKILL.md"
    lines = document.body.count("\n") + 1
    if not FEWEST_LINES <= lines <= MOST_LINES:
        yield f"{where}: has {lines} lines; {FEWEST_LINES} to {MOST_LINES} are wanted"
    if metadata.category not in CATEGORIES:
        yield f"{where}: category {metadata.category!r} is none of ours"
    if not 0 < len(metadata.purpose) <= LONGEST_PURPOSE:
        yield f"{where}: purpose has {len(metadata.purpose)} characters; 1 to {LONGEST_PURPOSE} fit on a button"
    if len(metadata.triggers) < FEWEST_TRIGGERS or not metadata.examples:
        yield f"{where}: needs at least {FEWEST_TRIGGERS} triggers and an example"
    own = [trigger.lower() for trigger in metadata.triggers]
    for trigger in {it for it in own if own.count(it) > 1}:
        yield f"{where}: trigger {trigger!r} stands twice"


def _check_references(skill: SkillFolder) -> Iterator[str]:
    document = skill.document
    for name in document.metadata.context:
        if name not in _CONTEXT:
            yield f"{document.name}/SKILL.md: context {name!r} is no file of a client's profile"
    for path, data in skill.files.items():
        for target in _LINK.findall(data.decode("utf-8", "replace")):
            if not _exists(skill, path, target):
                yield f"{document.name}/{path}: links to {target}, which is not there"


def _exists(skill: SkillFolder, path: str, target: str) -> bool:
    folder = path.rsplit("/", 1)[0] + "/" if "/" in path else ""
    plain = target.split("#", maxsplit=1)[0]
    return plain in skill.files or f"{folder}{plain}" in skill.files


def _shared_triggers(skills: Sequence[SkillFolder]) -> Iterator[str]:
    owners: defaultdict[str, list[str]] = defaultdict(list)
    for skill in skills:
        for trigger in {trigger.lower() for trigger in skill.document.metadata.triggers}:
            owners[trigger].append(skill.document.name)
    for trigger, names in sorted(owners.items()):
        if len(names) > 1:
            yield f"{names[0]}/SKILL.md: trigger {trigger!r} belongs to {', '.join(names[1:])} too"


def _alike_paragraphs(skills: Sequence[SkillFolder]) -> Iterator[str]:
    """Paragraphs of two skills of which most runs of five words are the same: one was written for both."""
    seen: list[tuple[str, str, frozenset[tuple[str, ...]]]] = []
    by_shingle: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for skill in skills:
        for paragraph in skill.document.body.split("\n\n"):
            words = re.findall(r"\w+", paragraph.lower())
            if len(words) < _SHORTEST_PARAGRAPH:
                continue
            shingles = frozenset(tuple(words[n : n + _SHINGLE]) for n in range(len(words) - _SHINGLE + 1))
            rivals = {rival for shingle in shingles for rival in by_shingle[shingle]}
            for rival in sorted(rivals):
                name, text, others = seen[rival]
                alike = len(shingles & others) / min(len(shingles), len(others))
                if name != skill.document.name and alike >= _ALIKE:
                    yield f"{skill.document.name}/SKILL.md: a paragraph is much like one of {name}: {text}"
            for shingle in shingles:
                by_shingle[shingle].append(len(seen))
            seen.append((skill.document.name, paragraph.strip()[:60].replace("\n", " ") + "…", shingles))
