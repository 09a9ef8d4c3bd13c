"""/settings: switches that do what they say, and API keys that are shown once, all in one message."""

from datetime import timedelta

import pytest
from aiogram.types import InlineKeyboardMarkup

from bot.keyboards import settings as keyboards
from core.accounts.authentication import Authenticator
from core.accounts.secrets import looks_right
from core.errors import KeyInvalidError
from core.runtime import Runtime
from local.telegram.client import Message, Person
from tests.bot.handlers.conftest import Member, Speaking
from tests.conftest import PEPPER

BOTH = ("yaz-automate", "pellow-and-daughters")


async def _settings(member: Member) -> Message:
    await member.person.send("/settings")
    return await member.person.wait_for(lambda m: m.text.startswith("Settings"))


async def _works(runtime: Runtime, key: str) -> bool:
    try:
        await Authenticator(runtime.engine, pepper=PEPPER).caller(key)
    except KeyInvalidError:
        return False
    return True


async def _shown_key(person: Person) -> tuple[Message, str]:
    message = await person.wait_for(lambda m: "shown this once" in m.text)
    return message, next(word for word in message.text.split() if looks_right(word))


async def test_switches_are_kept_and_shown_in_the_same_message(bot: Speaking, runtime: Runtime) -> None:
    member = await bot.member()
    shown = await _settings(member)
    assert shown.labels == ["Notify when done: on", "Confirm the client: off", "API keys"]
    await member.person.tap(shown, "Notify when done")
    after = await member.person.wait_for(lambda m: "Notify when done: off" in m.labels)
    assert after.id == shown.id
    async with runtime.system_unit() as unit:
        account = await unit.accounts.by_id(member.user_id)
    assert account is not None
    assert (account.notify, account.confirm_client) == (False, False)


async def test_a_guess_is_asked_for_when_the_client_is_to_be_confirmed(bot: Speaking) -> None:
    member = await bot.member(*BOTH)
    person = member.person
    await person.tap(await _settings(member), "Confirm the client")
    await person.wait_for(lambda m: "Confirm the client: on" in m.labels)
    await person.send("/client pellow")
    await person.wait_for(lambda m: "now works for" in m.text)
    await person.send("Write homepage copy")
    question = await person.wait_for(lambda m: m.text == "For which client?")
    assert question.labels == ["Pellow & Daughters", "Yaz Automate", "New client", "Without a client"]
    await person.tap(question, "Pellow")
    working = await person.wait_for(lambda m: m.text.startswith("Working on your homepage copy for Pellow"))
    assert "You named no client" not in working.text
    await person.send("Write homepage copy for Yaz Automate")
    await person.wait_for(lambda m: m.text.startswith("Working on your homepage copy for Yaz Automate"))


async def test_a_bound_group_says_for_whom_so_that_nobody_is_asked(bot: Speaking) -> None:
    member = await bot.member(*BOTH)
    await member.person.tap(await _settings(member), "Confirm the client")
    await member.person.wait_for(lambda m: "Confirm the client: on" in m.labels)
    group = await bot.telegram.admin.add_group("Pellow's", [member.person.key])
    there = member.person.within(group)
    await there.send("/client pellow")
    await there.wait_for(lambda m: "now works for" in m.text)
    await there.send("@marketing_agent_bot Write homepage copy")
    await there.wait_for(lambda m: m.text.startswith("Working on your homepage copy for Pellow"))


async def test_a_key_is_shown_once_and_its_message_goes(bot: Speaking, runtime: Runtime) -> None:
    member = await bot.member()
    person = member.person
    shown = await _settings(member)
    await person.tap(shown, "API keys")
    keys = await person.wait_for(lambda m: "no API key that works" in m.text)
    assert keys.labels == ["New key", "‹ Back"]
    await person.tap(keys, "New key")
    message, key = await _shown_key(person)
    assert await _works(runtime, key)
    listed = await person.wait_for(lambda m: m.id == shown.id and len(m.labels) == 3)
    assert listed.labels[0] == f"{key[:14]}… · never used"
    await person.tap(message, "I have it")
    await person.wait_until_deleted(message)
    assert all(key not in m.text for m in await person.messages())


async def test_a_key_is_replaced_with_grace_and_revoked_when_confirmed(bot: Speaking, runtime: Runtime) -> None:
    member = await bot.member()
    person = member.person
    async with runtime.unit(member.user_id) as unit:
        key, secret = await unit.keys.create(member.user_id, "site", ["read"])
    shown = await _settings(member)
    await person.tap(shown, "API keys")
    await person.tap(await person.wait_for(lambda m: "newest first" in m.text), secret[:14])
    card = await person.wait_for(lambda m: "site" in m.text)
    assert "May: read" in card.text
    await person.tap(card, "Replace")
    _, fresh = await _shown_key(person)
    assert await _works(runtime, fresh)
    assert await _works(runtime, secret)
    async with runtime.unit(member.user_id) as unit:
        old = await unit.keys.get(member.user_id, key.id)
    assert old.expires_at is not None
    assert old.expires_at - old.created_at < timedelta(hours=24, minutes=1)

    listed = await person.wait_for(lambda m: m.id == shown.id and len(m.labels) == 4)
    await person.tap(listed, fresh[:14])
    await person.tap(await person.wait_for(lambda m: "Replace" in m.labels), "Revoke")
    asked = await person.wait_for(lambda m: "stops working at once" in m.text)
    assert await _works(runtime, fresh)
    await person.tap(asked, "Yes, revoke it")
    await person.wait_for(lambda m: m.id == shown.id and len(m.labels) == 3)
    assert not await _works(runtime, fresh)
    assert await _works(runtime, secret)


async def test_nobody_touches_the_key_of_another(bot: Speaking, runtime: Runtime) -> None:
    member, other = await bot.member(), await bot.member(name="Sam")
    async with runtime.unit(member.user_id) as unit:
        key, secret = await unit.keys.create(member.user_id, "site", ["read"])
    async with runtime.unit(other.user_id) as unit:
        assert await unit.keys.working(other.user_id) == []
    assert key.prefix == secret[:14]
    group = await bot.telegram.admin.add_group("Keys", [member.person.key])
    there = member.person.within(group)
    await there.send("/settings")
    assert "only for our private chat" in (await there.wait_for()).text


@pytest.mark.parametrize(("languages", "rows"), [(("en",), 3), (("en", "xx"), 4)])
async def test_the_language_is_a_choice_where_there_is_one(
    bot: Speaking, languages: tuple[str, ...], rows: int
) -> None:
    member = await bot.member()
    keyboard: InlineKeyboardMarkup = keyboards.settings(member.account, languages)
    assert len(keyboard.inline_keyboard) == rows
