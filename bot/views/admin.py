"""What /admin says: its rooms, the skills with their ratings, who uses the bot, whether all is well. Pure."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from aiogram.utils.formatting import Bold, Text, as_list

from bot.keyboards import admin as keyboards
from bot.keyboards.admin import AdminPage
from bot.view import View
from bot.views.proposals import label
from bot.words import dollars, say
from core.administration import People, RuleHistory, SkillState, Spending
from core.channel import ProposalCard
from core.health import Health
from core.outputs.describe import shorten
from core.skills.catalogue import LoadedSkill
from storage.models import RuleVersion, User
from storage.overview import SkillScore
from storage.scores import VersionScore
from storage.usage import Sum

PAGE = 8
_NOTABLE = 0.2
"""A change of the mean below this is none that anybody would feel."""
_BAR = 10
_MOST_VERSIONS = 10
_MOST_SKILLS = 8
_CHANGELOG_CHARACTERS = 120


def home(name: str, open_proposals: int) -> View:
    """All rooms."""
    return View(say("admin-home", name=name, count=open_proposals), keyboards.home(open_proposals))


def proposals(cards: Sequence[ProposalCard], *, first: bool, after: UUID | None) -> View:
    """A page of proposals, newest first."""
    listed = [(card.proposal_id, card.revision, label(card)) for card in cards]
    return View(
        say("admin-proposals" if cards else "admin-no-proposals"),
        keyboards.proposals(listed, first=first, after=after),
    )


def skills(shelf: Sequence[LoadedSkill], scores: Mapping[UUID, SkillScore], number: int) -> View:
    """A page of skills: those that are rated worst first, then the others by name."""
    ordered = sorted(
        shelf, key=lambda it: (it.id not in scores, scores[it.id].mean if it.id in scores else 0, it.name)
    )
    pages = max((len(ordered) - 1) // PAGE + 1, 1)
    number = min(max(number, 0), pages - 1)
    here = ordered[number * PAGE : (number + 1) * PAGE]
    listed = [(skill.id, _skill_label(skill, scores.get(skill.id))) for skill in here]
    text = say("admin-skills", rated=sum(skill.id in scores for skill in shelf), count=len(shelf))
    return View(text, keyboards.skills(listed, number=number, pages=pages))


def skill(loaded: LoadedSkill, state: SkillState, number: int) -> View:
    """How a skill is rated, and which rules it has."""
    score = state.score
    parts: list[Text] = [Bold(loaded.document.title)]
    if score is None:
        parts.append(Text(say("admin-not-rated")))
    else:
        head = say("admin-score", mean=f"{score.mean:.1f}", count=score.count)
        parts.append(as_list(head, *_distribution(score)))
        if score.trend is not None:
            parts.append(Text(_trend(score.trend)))
    rules = say("admin-rules", line=_version(state.newest, state.names)) if state.newest else say("admin-no-rules")
    parts.append(Text(rules))
    keyboard = keyboards.skill(loaded.id, number=number, has_scores=score is not None)
    return View.of(as_list(*parts, sep="\n\n"), keyboard)


def versions(loaded: LoadedSkill, history: RuleHistory, number: int) -> View:
    """The versions of a skill's rules, the newest first, with who made each, and how its texts are rated."""
    rated = {score.version: score for score in history.scores}
    shown, older = history.versions[:_MOST_VERSIONS], len(history.versions) - _MOST_VERSIONS
    parts = [_version_part(version, history.names, rated.get(version.version)) for version in shown]
    if older > 0:
        parts.append(Text(say("admin-older-versions", count=older)))
    head = Text(say("admin-versions" if shown else "admin-no-rules", title=loaded.document.title))
    newest = shown[0] if shown else None
    undoable = newest is not None and (newest.origin != "shipped" or len(shown) > 1)
    keyboard = keyboards.versions(loaded.id, number=number, newest=newest.id if newest and undoable else None)
    return View.of(as_list(head, *parts, sep="\n\n"), keyboard)


def users(people: People, *, first: bool) -> View:
    """A page of those who use the bot, with what each has cost this month."""
    lines = [
        _user(user, people.sums.get(user.id, Sum()), is_linked=user.id in people.linked)
        for user in people.page.items
    ]
    text = "\n".join([say("admin-users", month=f"{people.month.first:%B %Y}"), "", *lines])
    return View(text, keyboards.users(first=first, after=people.page.next_after))


def usage(spent: Spending, shelf: Sequence[LoadedSkill]) -> View:
    """What everybody's runs of the month come to, which skills are the dearest, and what learning took beside."""
    total, month = sum(spent.by_user.values(), Sum()), spent.month
    dearest = sorted(
        ((skill.document.title, spent.by_skill[skill.id]) for skill in shelf if skill.id in spent.by_skill),
        key=lambda it: it[1].cost_usd,
        reverse=True,
    )
    lines = [
        say("admin-usage", month=f"{month.first:%B %Y}"),
        say("usage-sum", runs=total.runs, tokens=f"{total.tokens:,}", dollars=dollars(total.cost_usd)),
        say("admin-usage-users", count=len(spent.by_user)),
        "",
        *(
            say("admin-usage-skill", title=title, runs=amount.runs, dollars=dollars(amount.cost_usd))
            for title, amount in dearest[:_MOST_SKILLS]
        ),
        "",
        say("admin-usage-learning", dollars=dollars(spent.learning_usd)),
        say("admin-usage-before", month=f"{month.before.first:%B %Y}", dollars=dollars(spent.before.cost_usd)),
    ]
    return View("\n".join(lines), keyboards.room(AdminPage.USAGE))


def health(seen: Health) -> View:
    """The same facts as `/readyz`."""
    stores = (("database", seen.database), ("redis", seen.redis), ("object-store", seen.object_store))
    lines = [say("health-ready" if seen.ready else "health-not-ready"), ""]
    lines += [f"{'✓' if works else '✗'} {say(f'health-{name}')}" for name, works in stores]
    lines.append("")
    if seen.queued is not None:
        lines.append(say("health-queue", count=seen.queued, seconds=int(seen.oldest_queued_seconds or 0)))
    if seen.workers is not None:
        lines.append(("" if seen.workers else "⚠ ") + say("health-workers", count=seen.workers))
    return View("\n".join(lines), keyboards.room(AdminPage.HEALTH))


def _skill_label(loaded: LoadedSkill, score: SkillScore | None) -> str:
    if score is None:
        return loaded.document.title
    return f"★ {score.mean:.1f} · {score.count} {_arrow(score.trend)} {loaded.document.title}".replace("  ", " ")


def _arrow(trend: float | None) -> str:
    if trend is None:
        return ""
    return "↗" if trend >= _NOTABLE else "↘" if trend <= -_NOTABLE else "→"


def _trend(trend: float) -> str:
    name = "better" if trend >= _NOTABLE else "worse" if trend <= -_NOTABLE else "same"
    return f"{_arrow(trend)} {say(f'admin-trend-{name}', points=f'{abs(trend):.1f}')}"


def _distribution(score: SkillScore) -> list[str]:
    """A bar for each score, the highest first."""
    most = max(score.counts.values())
    return [
        f"{value} ★ {'▰' * round(_BAR * count / most)} {count}".replace("  ", " ")
        for value, count in sorted(score.counts.items(), reverse=True)
    ]


def _version_part(version: RuleVersion, names: Mapping[str, str], score: VersionScore | None) -> Text:
    line = _version(version, names)
    if score is not None:
        line = say("admin-version-score", line=line, mean=f"{score.mean:.1f}", count=score.count)
    return as_list(Bold(line), shorten(version.changelog, _CHANGELOG_CHARACTERS))


def _version(version: RuleVersion, names: Mapping[str, str]) -> str:
    name = f"version-{version.origin}"
    by = names.get(version.made_by or "") or say("proposal-somebody")
    return say(name, version=version.version, by=by, date=f"{version.created_at:%-d %b %Y}")


def _user(user: User, amount: Sum, *, is_linked: bool) -> str:
    role = say(f"user-{user.role}") if is_linked else say("user-not-linked")
    return say("admin-user", name=user.name, role=role, runs=amount.runs, dollars=dollars(amount.cost_usd))
