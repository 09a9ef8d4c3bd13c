"""What a run's message says, from its first line to its end."""

from bot.keyboards import outputs as output_keyboards
from bot.keyboards import runs as run_keyboards
from bot.view import View
from bot.words import has_words, say
from core.channel import Failed, Finished, OutputCard, Progress, RunState, Stopped, Subject
from storage.outputs import Rated

_MOST_FLAGS = 4
FULL_LINE = 50


def run_view(state: RunState) -> View:
    """The message for any state of a run."""
    match state:
        case Progress():
            return progress(state)
        case Finished():
            return finished(state)
        case Failed():
            return failed(state)
        case Stopped():
            text = say("stopped", subject=described(state.subject))
            return View(text, run_keyboards.stopped(state.subject.run_id))


def progress(state: Progress) -> View:
    """The working message, with where the work is."""
    subject = state.subject
    lines = [working_line(subject.label, subject.client)]
    if subject.client_guessed and subject.client:
        lines.append(say("working-guessed", client=subject.client))
    phase = _phase(state)
    if phase:
        lines.append(f"\n{phase}")
    if state.tail:
        lines.append(f"\n{state.tail}")
    keyboard = run_keyboards.working(subject.run_id, client_guessed=subject.client_guessed)
    return View("\n".join(lines), keyboard)


def working_line(label: str, client: str | None) -> str:
    """`Working on your homepage copy for Yaz Automate… This may take 1-2 minutes.`"""
    if client is None:
        return say("working-no-client", label=label)
    return say("working", label=label, client=client)


def finished(state: Finished, *, score: int | None = None, group: Rated | None = None) -> View:
    """The result: headline, preview, the way to the file, the rating."""
    card = state.output
    lines = [headline(state.subject, card), "", card.preview, ""]
    if card.flags:
        lines += [_flags(card), ""]
    lines += [say("download-line", id=item.short_id) for item in (card, *state.others)]
    lines.append(say("rate-line"))
    return View("\n".join(lines), output_keyboards.result(card, score=score, group=group))


def headline(subject: Subject, card: OutputCard) -> str:
    """`✓ Homepage copy for Yaz Automate is ready!`"""
    label = subject.label[:1].upper() + subject.label[1:]
    name = "ready" if card.version == 1 else "ready-version"
    values = {"version": card.version} if card.version > 1 else {}
    if subject.client is None:
        return say(f"{name}-no-client", label=label, **values)
    return say(name, label=label, client=subject.client, **values)


def failed(state: Failed) -> View:
    """What went wrong in the person's words, what was kept, and Retry."""
    name = f"error-{state.code}"
    reason = (
        say(name, **state.params)
        if has_words(name) and state.code != "internal"
        else say("error-internal", reference=state.reference)
    )
    text = say(
        "failed",
        subject=described(state.subject),
        reason=reason,
        kept=say("failed-kept"),
        reference=state.reference,
    )
    return View(text, run_keyboards.failed(state.subject.run_id))


def described(subject: Subject) -> str:
    """`homepage copy for Yaz Automate`."""
    return f"{subject.label} for {subject.client}" if subject.client else subject.label


def _phase(state: Progress) -> str:
    match state.phase:
        case "queued":
            place = say("phase-queued", ahead=state.ahead) if state.ahead else ""
            return f"{say('phase-full')}\n{place}" if state.ahead >= FULL_LINE else place
        case "reading" if state.subject.client is None:
            return say("phase-reading-no-client")
        case "reading":
            return say("phase-reading", client=state.subject.client)
        case "searching" | "fetching" | "consulting" | "filing":
            return say(f"phase-{state.phase}", detail=state.detail)
        case _:
            return say(f"phase-{state.phase}")


def _flags(card: OutputCard) -> str:
    shown = [
        say(f"flag-{flag['kind']}", found=flag["found"])
        for flag in card.flags[:_MOST_FLAGS]
        if has_words(f"flag-{flag['kind']}")
    ]
    return say("flags", count=len(card.flags), list="; ".join(shown))
