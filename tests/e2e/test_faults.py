"""Telegram and Claude at their worst: the end is shown all the same, once, or the person hears why not."""

import asyncio

import pytest

from local.claude.client import ClaudeStandIn
from local.telegram.client import Person, Telegram

PIECE = "<output>\n# A page\n\nThe words of the page.\n</output>"


async def _working(person: Person, claude: ClaudeStandIn, word: str) -> None:
    await claude.script({"delay": 1.0}, PIECE, user=word)
    await person.send(f"Write homepage copy for Yaz Automate, {word}")
    await claude.wait_for_request(lambda r: word in str(r.body))


async def test_the_end_waits_when_telegram_says_so(
    person: Person, claude: ClaudeStandIn, telegram: Telegram
) -> None:
    await _working(person, claude, "the flooded field")
    await telegram.admin.fault("flood", "editMessageText", times=1, retry_after=1, chat_id=person.id)
    ready = await person.wait_for(lambda m: "is ready!" in m.text, timeout=20)
    assert sum("is ready!" in state.text for state in await person.history(ready)) == 1


async def test_an_answer_that_never_came_is_not_taken_for_a_failure(
    person: Person, claude: ClaudeStandIn, telegram: Telegram
) -> None:
    await _working(person, claude, "the lost letter")
    await telegram.admin.fault("lost", "editMessageText", times=1, chat_id=person.id)
    ready = await person.wait_for(lambda m: "is ready!" in m.text, timeout=20)
    await person.send("/status")
    await person.wait_for(lambda m: "Nothing is queued" in m.text, timeout=20)
    assert sum("is ready!" in state.text for state in await person.history(ready)) == 1


@pytest.mark.long
async def test_telegram_down_for_a_moment(person: Person, claude: ClaudeStandIn, telegram: Telegram) -> None:
    await _working(person, claude, "the fallen mast")
    await telegram.admin.fault("error", "editMessageText", times=2, code=502, chat_id=person.id)
    await person.wait_for(lambda m: "is ready!" in m.text, timeout=30)


async def test_a_message_that_was_deleted_is_sent_anew(person: Person, claude: ClaudeStandIn) -> None:
    await claude.script({"delay": 1.5}, PIECE, user="the empty chair")
    await person.send("Write homepage copy for Yaz Automate, the empty chair")
    working = await person.wait_for(lambda m: m.labels == ["Stop"])
    await person.delete(working)
    ready = await person.wait_for(lambda m: "is ready!" in m.text, timeout=20)
    assert ready.id != working.id
    await person.tap(ready, "5")
    await person.wait_for(lambda m: "What worked well?" in m.text)


async def test_somebody_who_blocked_the_bot_is_left_alone_until_they_write(
    person: Person, claude: ClaudeStandIn, telegram: Telegram
) -> None:
    await _working(person, claude, "the locked gate")
    await person.block()
    blocked = await telegram.admin.wait_for_call(
        "editMessageText", lambda call: call.params.get("chat_id") in {person.id, str(person.id)}, timeout=20
    )
    assert blocked.status == 403
    await person.unblock()
    await person.send("/history")
    history = await person.wait_for(lambda m: "newest first" in m.text, timeout=20)
    assert "A page" in history.text


async def test_a_key_that_is_refused_is_told_in_words(person: Person, claude: ClaudeStandIn) -> None:
    await claude.script({"error": 401}, user="the wrong key", times=1)
    await person.send("Write homepage copy for Yaz Automate, the wrong key")
    failed = await person.wait_for(lambda m: "could not finish" in m.text, timeout=20)
    assert "The model's key was refused. Whoever runs this bot has to check it." in failed.text
    assert "sk-ant" not in failed.text


async def test_a_stream_that_is_cut_is_tried_again(person: Person, claude: ClaudeStandIn) -> None:
    await claude.script({"text": PIECE, "cut_after": 20}, user="the cut rope", times=1)
    await claude.script(PIECE, user="the cut rope")
    await person.send("Write homepage copy for Yaz Automate, the cut rope")
    await person.wait_for(lambda m: "is ready!" in m.text, timeout=40)


async def test_many_people_at_once_each_get_their_own(telegram: Telegram, claude: ClaudeStandIn) -> None:
    people = [await telegram.admin.add_person(f"crowd{number}", f"Crowd{number}") for number in range(8)]
    for number in range(8):
        text = f"<output>\n# For number {number}\n\nonly {number}\n</output>"
        await claude.script({"delay": 0.5}, text, user=f"the crowd of number {number} only")

    async def one(person: Person, number: int) -> str:
        await person.start()
        await person.wait_for(lambda m: "Welcome" in m.text, timeout=30)
        await person.send(f"Write homepage copy for Yaz Automate, the crowd of number {number} only")
        return (await person.wait_for(lambda m: "is ready!" in m.text, timeout=40)).text

    texts = await asyncio.gather(*(one(person, number) for number, person in enumerate(people)))
    assert [f"only {number}" in text for number, text in enumerate(texts)] == [True] * 8
