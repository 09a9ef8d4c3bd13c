"""The whole loop: bad ratings, a proposal, its test, an approval, worse ratings, an alert, and the way back."""

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from local.claude.client import ClaudeStandIn
from local.harness import Stack, open_stack
from local.telegram.client import Message, Person, Telegram
from tests.conftest import Servers, run_module
from tests.forks import Fork

COMPLAINT = "Far too long and wordy, please cut it"
RULE = "Keep it short: cut every sentence that repeats another"
SETTLED = {"FEEDBACK_DELAY_SECONDS": "1"}


@pytest.fixture(scope="module")
async def stack(servers: Servers) -> AsyncIterator[Stack]:
    """A product of its own, which learns as soon as ratings pause for a moment."""
    folder = Path(tempfile.mkdtemp(prefix="marketing-agent-learning-"))
    environment = {**servers.environment(servers.fresh_database(), redis_number=9), **SETTLED}
    stack = await open_stack(environment, folder, start=Fork.start)
    try:
        await asyncio.gather(stack.start_web(), stack.start_worker())
        yield stack
    finally:
        await stack.close()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
async def admin(stack: Stack, telegram: Telegram) -> Person:
    """Somebody who runs the bot, let in as the operator lets them in."""
    person = await telegram.admin.add_person("noor", "Noor")
    made = await asyncio.to_thread(
        run_module, "core.accounts", "admin", "--name", "Noor", "--email", "noor@example.com",
        environment=stack.environment,
    )  # fmt: skip
    await person.send(f"/link {made.stdout.split()[0]}")
    await person.wait_for(lambda m: m.text.startswith("Linked."))
    return person


async def _write(person: Person, word: str, count: int) -> list[Message]:
    """Ask for several pages at once; the finished ones."""
    for number in range(count):
        await person.send(f"/copywriting a page about the {word} {number} for Yaz Automate")
    follow = person.events()
    ready = {message.id: message for message in await person.messages() if _is_done(message, word)}
    async with asyncio.timeout(90):
        async for event in follow:
            if len(ready) >= count:
                break
            if event["type"] == "edit":
                message = Message.of(event["message"])
                ready |= {message.id: message} if _is_done(message, word) else {}
    await follow.aclose()
    return list(ready.values())


def _is_done(message: Message, word: str) -> bool:
    return "is ready!" in message.text and word in message.text


async def _rate(person: Person, pieces: list[Message], score: int, comment: str = "") -> None:
    """Rate every piece, and say why."""
    for piece in pieces:
        await person.tap(piece, str(score))
        question = await person.wait_for(lambda m, piece=piece: m.reply_to == piece.id)  # type: ignore[misc]
        if comment:
            await person.reply(question, comment)
            await person.wait_for(lambda m: "How bad is it?" in m.text)


async def _prompt(person: Person, claude: ClaudeStandIn, word: str) -> str:
    """Everything that the model is given for a new page."""
    await person.send(f"/copywriting a page about the {word} for Yaz Automate")
    asked = await claude.wait_for_request(lambda r: word in r.call.user, timeout=30)
    await person.wait_for(lambda m: "is ready!" in m.text, timeout=30)
    return asked.call.everything


async def test_ratings_become_a_rule_that_is_tested_approved_watched_and_undone(
    person: Person, admin: Person, claude: ClaudeStandIn, telegram: Telegram
) -> None:
    await telegram.admin.limits(private_burst=500)  # sixteen pieces in a minute are more than one chat may see
    for word in ("alder", "birch"):
        text = f"<output>\n# About the {word}\n\nA page about the {word}.\n</output>"
        await claude.script(text, user=f"/{word} \\d+ for Yaz/")
    pieces = await _write(person, "alder", 6)
    await _rate(person, pieces, 2, COMPLAINT)

    card = await admin.wait_for(lambda m: "New rule · Copywriting" in m.text, timeout=30)
    assert f"+ {RULE}" in card.text
    assert f"★2 “{COMPLAINT}”" in card.text
    assert card.labels[0] == "Test it (at most $1.00)"
    assert RULE not in await _prompt(person, claude, "cedar")

    await admin.tap(card, "Test it")
    tested = await admin.wait_for(lambda m: "Tested blind on" in m.text, timeout=90)
    assert tested.id == card.id
    await admin.tap(tested, "✓ Approve")
    approved = await admin.wait_for(lambda m: "✓ Approved by Noor" in m.text)
    assert approved.id == card.id
    assert RULE in await _prompt(person, claude, "dogwood")

    worse = await _write(person, "birch", 10)
    await _rate(person, worse, 1)
    alert = await admin.wait_for(lambda m: "are rated worse since version" in m.text, timeout=30)
    assert alert.photo is not None
    assert "★ 1.0 on average of 10 ratings, where it was ★ 2.0 before." in alert.text
    await admin.tap(alert, "↩ Roll back")
    await admin.wait_for(lambda m: m.text.startswith("Rolled back."))
    await admin.wait_for(lambda m: m.id == card.id and "↩ Rolled back." in m.text)
    assert RULE not in await _prompt(person, claude, "elder")
