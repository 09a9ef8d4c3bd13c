"""The files of a client's profile: which there are, and how complete a profile is. Pure."""

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


def completeness(paths: Iterable[str]) -> int:
    """How much of a profile is on file, in percent."""
    present = set(paths) & set(PROFILE_PATHS)
    return round(100 * len(present) / len(PROFILE_PATHS))
