"""The files of a client's profile: which there are, and how complete a profile is. Pure."""

import re
from collections.abc import Iterable, Mapping

SECTIONS: Mapping[str, tuple[str, ...]] = {
    "": ("profile",),
    "brand": ("voice", "messaging", "assets"),
    "audience": ("primary-icp", "secondary-icp", "anti-personas", "customer-journey"),
    "product": ("overview", "pricing", "differentiators", "objections"),
    "market": ("competitors", "industry", "proof"),
    "operations": ("contacts", "process", "tools"),
    "projects": ("active", "history"),
    "research": ("notes",),
}

PROFILE_PATHS: tuple[str, ...] = tuple(
    f"{section}/{name}.md" if section else f"{name}.md" for section, names in SECTIONS.items() for name in names
)

_MOST_USEFUL = tuple(
    f"{name}.md"
    for name in (
        *("profile", "product/overview", "audience/primary-icp", "brand/voice", "product/differentiators"),
        *("product/pricing", "market/competitors", "product/objections", "market/proof"),
    )
)

_RESEARCH = re.compile(r"research/[A-Za-z0-9](?:[ ._-]?[A-Za-z0-9])*\.(?:md|txt)")
_LONGEST_PATH = 100


def accepts(path: str) -> bool:
    """Whether a file may lie there: one of the profile's, or any further text in `research/`."""
    return path in PROFILE_PATHS or (len(path) <= _LONGEST_PATH and _RESEARCH.fullmatch(path) is not None)


def missing(paths: Iterable[str]) -> list[str]:
    """The files that a profile lacks, those first without which most texts stay vague."""
    present = set(paths)
    ordered = dict.fromkeys((*_MOST_USEFUL, *PROFILE_PATHS))
    return [path for path in ordered if path not in present]


def completeness(paths: Iterable[str]) -> int:
    """How much of a profile is on file, in percent."""
    present = set(paths) & set(PROFILE_PATHS)
    return round(100 * len(present) / len(PROFILE_PATHS))
