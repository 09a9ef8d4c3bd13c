"""Lists and cards: skills, clients, pieces, what is under way."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from bot.keyboards import browse
from bot.view import View
from bot.views.usage import budget_line
from bot.words import say
from core.clients.profile import PROFILE_PATHS, missing
from core.skills.catalogue import LoadedSkill
from storage.models import Client, Output, Run
from storage.pages import Page

_MOST_NAMED = 3


def categories(shelves: dict[str, list[LoadedSkill]]) -> View:
    """All categories."""
    count = sum(len(shelf) for shelf in shelves.values())
    listed = [(name, len(shelf)) for name, shelf in shelves.items()]
    return View(say("skills-title", count=count), browse.categories(listed))


def category(name: str, shelf: Sequence[LoadedSkill], *, number: int, page: int) -> View:
    """One page of a category's skills."""
    pages = max((len(shelf) - 1) // browse.PAGE + 1, 1)
    page = min(max(page, 0), pages - 1)
    here = shelf[page * browse.PAGE : (page + 1) * browse.PAGE]
    listed = [(skill.id, f"{skill.document.title}: {skill.document.purpose}") for skill in here]
    return View(
        say("skills-category", category=name), browse.shelf(listed, category=number, page=page, pages=pages)
    )


def skill_card(skill: LoadedSkill, *, number: int, page: int) -> View:
    """What a skill does, an example, and Use."""
    document = skill.document
    lines = [say("skill-card", title=document.title, description=document.description)]
    if document.metadata.examples:
        lines.append(say("skill-card-example", example=document.metadata.examples[0]))
    lines.append(say("skill-card-command", command=document.command))
    return View("\n\n".join(lines), browse.skill_card(skill.id, category=number, page=page))


def clients(listed: Sequence[Client], active: UUID | None) -> View:
    """A person's clients; the active one is marked."""
    if not listed:
        return View(say("clients-none"), browse.clients([]))
    labels = [(client.id, f"● {client.name}" if client.id == active else client.name) for client in listed]
    return View(say("clients-title"), browse.clients(labels))


def client_card(client: Client, paths: Sequence[str], *, active: bool, spent: Decimal | None = None) -> View:
    """How much of a profile there is, and what to add next; for its owner what this month has `spent` on it."""
    lacks, total = missing(paths), len(PROFILE_PATHS)
    lines = [
        say("client-card", name=client.name, parts=total - len(lacks), total=total),
        say("client-missing", list=", ".join(_part(path) for path in lacks[:_MOST_NAMED]), client=client.name)
        if lacks
        else say("client-complete"),
    ]
    if spent is not None:
        lines.append(budget_line(client.monthly_budget_usd, spent))
    return View("\n\n".join(lines), browse.client_card(client.id, active=active, budget=spent is not None))


def status(under_way: Sequence[tuple[Run, Client | None, int]], now: datetime) -> View:
    """What is queued or running, with how many are ahead, and Stop."""
    if not under_way:
        return View(say("status-none"))
    lines = [say("status-title", count=len(under_way))]
    for run, client, ahead in under_way:
        subject = f"{run.output_label} for {client.name}" if client else run.output_label
        if run.status == "queued":
            lines.append(say("status-queued", subject=subject, ahead=ahead))
        else:
            seconds = int((now - (run.started_at or now)).total_seconds())
            lines.append(say("status-running", subject=subject, seconds=max(seconds, 0)))
    return View("\n".join(lines), browse.status([(run.id, run.output_label) for run, _, _ in under_way[:8]]))


def history(page: Page[Output], *, first: bool) -> View:
    """A page of pieces, each with its way to the file."""
    if not page.items:
        return View(say("history-none"))
    lines = [say("history-title"), ""]
    for output in page.items:
        date = output.created_at.strftime("%-d %b %Y")
        lines.append(say("history-line", title=output.title, date=date, id=output.short_id))
    keyboard = browse.history(first=first, after=page.next_after)
    return View("\n".join(lines), keyboard if keyboard.inline_keyboard else None)


def _part(path: str) -> str:
    return say(f"profile-part-{path.rsplit('/', 1)[-1].removesuffix('.md')}")
