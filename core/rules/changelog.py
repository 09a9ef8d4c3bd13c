"""CHANGELOG.md: every version of a scope's rules, the newest first, for whoever looks into the bucket."""

from collections.abc import Mapping, Sequence

from core.rules.shelf import Shelf
from core.runtime import Runtime
from storage.models import RuleVersion
from storage.models.rules import RuleOrigin
from storage.rules import RuleVersionRepository

_CAME: Mapping[RuleOrigin, str] = {
    "shipped": "Shipped with the library",
    "proposal": "Learned from feedback",
    "edit": "Edited",
    "rollback": "Rolled back",
    "merge": "What was learned, brought into what is shipped",
}


def render_changelog(owner: str, history: Sequence[RuleVersion], names: Mapping[str, str]) -> str:
    """The file for the rules of `owner`, from their versions, the newest first; `names` by signature."""
    entries = [_entry(version, names) for version in history]
    return "\n\n".join([f"# Changes of the rules for {_line(owner)}", *entries]) + "\n"


async def write_changelog(runtime: Runtime, shelf: Shelf) -> None:
    """Write the file anew from the rows; again if one came meanwhile, so that the last writer tells of all."""
    told: Sequence[RuleVersion] = ()
    history, names = await _history(runtime, shelf)
    while history and history[0].id not in {it.id for it in told[:1]}:
        await runtime.objects.put(shelf.changelog, render_changelog(shelf.owner, history, names).encode())
        told = history
        history, names = await _history(runtime, shelf)
    if not history:  # the client was deleted meanwhile
        await runtime.objects.delete(shelf.changelog)


async def _history(runtime: Runtime, shelf: Shelf) -> tuple[Sequence[RuleVersion], Mapping[str, str]]:
    """The versions, and what those who made them are called now."""
    async with runtime.system_unit() as unit:
        history = await RuleVersionRepository(unit.session).history(shelf.scope)
        return history, await unit.accounts.names_of(version.made_by for version in history)


def _entry(version: RuleVersion, names: Mapping[str, str]) -> str:
    by = f", by {_line(names.get(version.made_by) or 'somebody who has left')}" if version.made_by else ""
    return (
        f"## Version {version.version}, {version.created_at:%Y-%m-%d}\n\n"
        f"{_line(version.changelog)}\n\n{_CAME[version.origin]}{by}."
    )


def _line(text: str) -> str:
    """One line, whatever somebody wrote."""
    return " ".join(text.split())
