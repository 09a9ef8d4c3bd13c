"""/unlink and /link: no account is left that nobody can reach any more."""

from bot.words import say
from core.accounts.secrets import looks_right
from local.telegram.client import Person
from tests.bot.handlers.conftest import Member, Speaking


async def _key(bot: Speaking, member: Member) -> str:
    async with bot.runtime.unit(member.user_id) as unit:
        _, secret = await unit.keys.create(member.user_id, "a key", scopes=("read",))
    return secret


async def _way_back(person: Person) -> str:
    shown = await person.wait_for(lambda m: m.text.startswith("Nothing else leads to the account"))
    assert shown.labels == [say("button-have-key")]
    return next(word for word in shown.text.split() if looks_right(word))


async def _account_of(bot: Speaking, person: Person) -> object:
    await bot.handled()
    async with bot.runtime.system_unit() as unit:
        found = await unit.accounts.identify("telegram", str(person.id))
    return found and found.user_id


async def test_who_leaves_without_a_key_is_given_one_that_leads_back(bot: Speaking) -> None:
    member = await bot.member()
    await member.person.send("/unlink")
    key = await _way_back(member.person)
    assert await _account_of(bot, member.person) is None
    await member.person.send(f"/link {key}")
    await member.person.wait_for(lambda m: m.text.startswith("Linked."))
    assert await _account_of(bot, member.person) == member.user_id


async def test_who_has_a_key_is_given_none(bot: Speaking) -> None:
    member = await bot.member()
    await _key(bot, member)
    await member.person.send("/unlink")
    await member.person.wait_for(lambda m: "no longer linked" in m.text)
    await bot.handled()
    assert not [m for m in await member.person.messages() if "Nothing else leads" in m.text]


async def test_a_link_to_another_account_says_which_one_is_left_and_how_to_come_back(bot: Speaking) -> None:
    member, other = await bot.member(), await bot.member(name="Sam")
    await member.person.send(f"/link {await _key(bot, other)}")
    linked = await member.person.wait_for(lambda m: m.text.startswith("Linked."))
    assert say("link-left", name=member.account.name) in linked.text
    key = await _way_back(member.person)
    assert await _account_of(bot, member.person) == other.user_id
    await member.person.send(f"/link {key}")
    await member.person.wait_for(lambda m: m.text.startswith("Linked.") and m.id != linked.id)
    assert await _account_of(bot, member.person) == member.user_id


async def test_no_key_is_shown_where_others_read(bot: Speaking) -> None:
    member, sam = await bot.member(), await bot.member(name="Sam")
    chat = await bot.telegram.admin.add_group("Bakers", [member.person.key, sam.person.key])
    await member.person.within(chat).send("/unlink")
    await member.person.within(chat).wait_for(lambda m: "only for our private chat" in m.text)
    assert await _account_of(bot, member.person) == member.user_id
