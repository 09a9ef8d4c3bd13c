"""Questions before a run, and short answers when there is nothing to run."""

from uuid import UUID

from bot.keyboards import choices
from bot.view import View
from bot.words import say
from core.runs.plan import ChooseClient, ChooseSkill, OffTopic


def choose_skill(question: ChooseSkill, pending: UUID) -> View:
    """Up to four skills, each with its purpose."""
    labels = [f"{skill.document.title}: {skill.document.purpose}" for skill in question.skills]
    return View(say("choose-skill"), choices.skills(pending, labels))


def choose_client(question: ChooseClient, pending: UUID) -> View:
    """The clients, or none."""
    names = [client.name for client in question.clients]
    return View(say("choose-client", count=len(names)), choices.clients(pending, names))


def off_topic(answer: OffTopic) -> View:
    """A short, useful answer."""
    return View(say(f"off-topic-{answer.kind.replace('_', '-')}"))
