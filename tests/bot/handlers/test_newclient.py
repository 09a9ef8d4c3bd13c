"""/newclient: six questions, every way through them, and a request that waits for its client."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from core.channel import Place
from core.errors import ServiceAwayError, StaleButtonError
from core.runtime import Runtime
from local.telegram.client import Message, Person
from storage import keys
from storage.models import Client, Run
from tests.bot.handlers.conftest import Member, Speaking

ANSWERS = (
    "Sourdough bread, to cafés within ten miles",
    "warm, plain and dry",
    "We bake at night and deliver before six",
    "31 cafés since 2019",
    "artisan, seamless, delight",
)


async def _asked(person: Person, number: int) -> Message:
    return await person.wait_for(lambda m: m.text.startswith(f"Question {number} of 6"))


async def _answer_all(person: Person, name: str, answers: tuple[str, ...] = ANSWERS) -> Message:
    await person.send("/newclient")
    for number, text in enumerate((name, *answers), 1):
        await _asked(person, number)
        await person.send(text)
    return await person.wait_for(lambda m: "is on file" in m.text)


async def _clients(runtime: Runtime, member: Member) -> dict[str, Client]:
    async with runtime.unit(member.user_id) as unit:
        return {client.name: client for client in await unit.clients.all(member.user_id)}


async def _runs(bot: Speaking, member: Member) -> list[Run]:
    await bot.handled()
    async with bot.runtime.unit(member.user_id) as unit:
        return [run for run, _, _ in await unit.runs.active(member.user_id)]


async def test_six_answers_make_a_client_that_the_chat_works_for(bot: Speaking, runtime: Runtime) -> None:
    member = await bot.member()
    card = await _answer_all(member.person, "Harbor Lane Bakery")
    assert "The profile has 7 of 21 parts." in card.text
    assert "Worth adding next: pricing, competitors, objections." in card.text
    assert card.labels == ["Write homepage copy"]
    client = (await _clients(runtime, member))["Harbor Lane Bakery"]
    assert (client.slug, client.completeness) == ("harbor-lane-bakery", 33)
    voice = await runtime.objects.get(keys.client_file(member.user_id, client.slug, "brand/voice.md"))
    assert "**Warm. Plain. Dry.**" in voice.decode()
    assert f"interview of {datetime.now(UTC).date()}" in voice.decode()

    await member.person.tap(card, "Write homepage copy")
    working = await member.person.wait_for(lambda m: m.text.startswith("Working on your homepage copy"))
    assert "Harbor Lane Bakery" in working.text
    assert [run.client_id for run in await _runs(bot, member)] == [client.id]
    await member.person.send("Write homepage copy")
    await member.person.wait_for(lambda m: "You named no client, so I took Harbor Lane Bakery." in m.text)


async def test_every_question_but_the_name_can_be_skipped(bot: Speaking, runtime: Runtime) -> None:
    member = await bot.member()
    person = member.person
    await person.send("/newclient")
    asked = await _asked(person, 1)
    assert asked.labels == ["Cancel"]
    await person.send("Bare Bones")
    for number in range(2, 7):
        asked = await _asked(person, number)
        assert asked.labels == ["Skip", "‹ Back", "Cancel"]
        await person.tap(asked, "Skip")
    await person.wait_for(lambda m: "Bare Bones is on file" in m.text)
    client = (await _clients(runtime, member))["Bare Bones"]
    prefix = keys.client_prefix(member.user_id, client.slug)
    assert [key async for key in runtime.objects.list(prefix)] == [f"{prefix}profile.md"]


async def test_back_shows_what_was_answered_and_keeps_or_changes_it(bot: Speaking, runtime: Runtime) -> None:
    member = await bot.member()
    person = member.person
    await person.send("/newclient")
    await _asked(person, 1)
    await person.send("First Name")
    second = await _asked(person, 2)
    await person.tap(second, "Back")
    first = await _asked(person, 1)
    assert "So far: First Name" in first.text
    assert first.labels == ["Keep it", "Cancel"]
    await person.tap(first, "Keep it")
    second = await _asked(person, 2)
    assert "What does First Name sell" in second.text
    await person.tap(second, "Back")
    await _asked(person, 1)
    await person.send("Second Name")
    assert "What does Second Name sell" in (await _asked(person, 2)).text
    assert await _clients(runtime, member) == {}


async def test_what_was_answered_outlives_cancel_and_the_conversation(bot: Speaking, runtime: Runtime) -> None:
    member = await bot.member()
    person = member.person
    await person.send("/newclient")
    await _asked(person, 1)
    await person.send("Long Haul")
    await person.tap(await _asked(person, 2), "Cancel")
    assert "kept for a week" in (await person.wait_for(lambda m: m.text.startswith("Left."))).text
    await person.send("/newclient")
    again = await person.wait_for(lambda m: "You began a profile for Long Haul" in m.text)
    await person.tap(again, "Go on")
    await _asked(person, 2)
    await person.send("Parcels, to shops")
    question = await _asked(person, 3)

    await runtime.redis.delete(*await runtime.redis.keys(f"*:{person.id}:{person.id}:*"))  # an hour goes by
    await person.reply(question, "brisk")
    await _asked(person, 4)
    await person.send("/cancel")
    assert "kept for a week" in (await person.wait_for()).text
    await person.send("/newclient")
    again = await person.wait_for(lambda m: "at question 4 of 6" in m.text)
    await person.tap(again, "Begin anew")
    assert "So far" not in (await _asked(person, 1)).text


async def test_a_name_that_will_not_do_is_told_in_clear_words(bot: Speaking, runtime: Runtime) -> None:
    member = await bot.member("yaz-automate")
    person = member.person
    await person.send("/newclient")
    await _asked(person, 1)
    for name, words in (
        ("x" * 300, "This name has 300 characters"),
        ("🍞🥐✨", "at least one letter or digit"),
        ("yaz  AUTOMATE", "You have a client Yaz Automate already"),
        ("\u200b\u202e", "I see no text"),
    ):
        await person.send(name)
        assert words in (await person.wait_for()).text
    await person.send("<b>Bold & Co</b> 🍞")
    assert "What does <b>Bold & Co</b> 🍞 sell" in (await _asked(person, 2)).text
    assert list(await _clients(runtime, member)) == ["Yaz Automate"]


async def test_names_without_latin_letters_have_folders_of_their_own(bot: Speaking, runtime: Runtime) -> None:
    member, names = await bot.member(), ("مخبز الميناء", "مقهى الميناء")
    for name in names:
        card = await _answer_all(member.person, name)
        assert name in card.text
    clients = await _clients(runtime, member)
    assert [clients[name].slug for name in names] == ["client", "client-2"]


async def test_a_request_waits_for_the_client_that_it_lacked(bot: Speaking, runtime: Runtime) -> None:
    member = await bot.member()
    person = member.person
    await person.send("Write homepage copy")
    question = await person.wait_for(lambda m: "no client on file" in m.text)
    assert question.labels == ["New client", "Without a client"]
    await person.tap(question, "New client")
    await _asked(person, 1)
    await person.send("Tidewater Tiles")
    for number in range(2, 7):
        await person.tap(await _asked(person, number), "Skip")
    made = await person.wait_for(lambda m: "Tidewater Tiles is on file" in m.text)
    assert "Now for your request" in made.text
    await person.wait_for(lambda m: m.text.startswith("Working on your homepage copy for Tidewater Tiles"))
    client = (await _clients(runtime, member))["Tidewater Tiles"]
    assert [(run.user_message, run.client_id) for run in await _runs(bot, member)] == [
        ("Write homepage copy", client.id)
    ]
    tap = await person.tap(question, "Without a client")
    assert "older message" in (await person.answer_to(tap)).text


async def test_a_button_of_an_older_question_does_nothing(bot: Speaking) -> None:
    person = (await bot.member()).person
    await person.send("/clients")
    listed = await person.wait_for(lambda m: "no client on file" in m.text)
    await person.tap(listed, "New client")
    await _asked(person, 1)
    await person.send("Old Buttons")
    second = await _asked(person, 2)
    await person.tap(second, "Skip")
    await _asked(person, 3)
    await person.send("plain")
    fourth = await _asked(person, 4)
    assert [m.labels for m in await person.messages() if m.id == second.id] == [[]]
    assert fourth.labels == ["Skip", "‹ Back", "Cancel"]


async def test_a_store_that_was_away_for_a_moment_costs_no_answer(
    bot: Speaking, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = await bot.member()
    person = member.person
    put, away = runtime.objects.put, [ServiceAwayError("away"), ConnectionError("away")]

    async def put_unless_away(key: str, data: bytes) -> None:
        if away:
            raise away.pop(0)
        await put(key, data)

    await person.send("/newclient")
    await _asked(person, 1)
    await person.send("Rough Seas")
    for number in range(2, 6):
        await person.tap(await _asked(person, number), "Skip")
    last = await _asked(person, 6)
    monkeypatch.setattr(runtime.objects, "put", put_unless_away)
    tap = await person.tap(last, "Skip")
    assert "Nothing was lost; please try again" in (await person.answer_to(tap)).text
    await person.tap(last, "Skip")  # fails otherwise, and is handled again by itself
    await person.wait_for(lambda m: "Rough Seas is on file" in m.text)
    assert list(await _clients(runtime, member)) == ["Rough Seas"]


async def test_it_is_for_private_chats(bot: Speaking) -> None:
    member = await bot.member()
    group = await bot.telegram.admin.add_group("Bakers", [member.person.key])
    there = member.person.within(group)
    await there.send("/newclient")
    assert "only for our private chat" in (await there.wait_for()).text


async def test_nobody_goes_on_with_the_interview_of_another(bot: Speaking, runtime: Runtime) -> None:
    member, other = await bot.member(), await bot.member(name="Sam")
    place = Place("telegram", str(member.person.id))
    async with runtime.unit(member.user_id) as unit:
        draft = await unit.drafts.begin(member.account, place, origin="test")
    for account in (other.account, replace(member.account, person=other.account.person)):
        async with runtime.unit(account.user_id) as unit:
            assert await unit.drafts.unfinished(account, place) is None
            with pytest.raises(StaleButtonError):
                await unit.drafts.open(draft.id, account, place)
