"""The interview that makes a client, as people see it."""

from bot.keyboards import interview as keyboards
from bot.view import View
from bot.views import browse
from bot.words import say
from core.clients.drafts import Draft
from core.clients.interview import QUESTIONS
from core.clients.making import Made
from core.outputs.describe import shorten

_LONGEST_ECHO = 300


def question(draft: Draft) -> View:
    """The open question, with what was answered to it before."""
    interview = draft.interview
    name = interview.question or QUESTIONS[-1]
    lines = [say("interview-step", number=interview.step + 1, total=interview.LENGTH)]
    lines.append(say(f"interview-ask-{name}", name=interview.name))
    if name in interview.answers:
        lines.append(say("interview-so-far", answer=shorten(interview.answers[name], _LONGEST_ECHO)))
    return View("\n\n".join(lines), keyboards.question(draft))


def resume(draft: Draft) -> View:
    """What was answered before, and whether to go on."""
    interview = draft.interview
    number = min(interview.step + 1, interview.LENGTH)
    text = say("interview-resume", name=interview.name, number=number, total=interview.LENGTH)
    return View(text, keyboards.resume(draft))


def cancelled(draft: Draft) -> View:
    """Left; what was answered is kept."""
    return View(say("interview-cancelled", answered=len(draft.interview.answers)))


def made(result: Made) -> View:
    """The new client's card, and what to do first. A request that waited goes on by itself."""
    card = browse.client_card(result.client, result.paths, active=True)
    text = "\n\n".join((say("client-made", name=result.client.name), card.text))
    if result.request is not None:
        return View(f"{text}\n\n{say('client-made-goes-on')}")
    return View(f"{text}\n\n{say('client-made-first')}", keyboards.first_request(result.client.id))
