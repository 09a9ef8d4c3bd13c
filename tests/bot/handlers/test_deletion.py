"""/deletedata: told first, done at a typed word, said when done."""

from core.accounts.deletion import delete_account
from core.runtime import Runtime
from local.telegram.client import Message
from tests.bot.handlers.conftest import Member, Speaking


async def _asked(member: Member) -> Message:
    await member.person.send("/deletedata")
    return await member.person.wait_for(lambda m: "deletes your account for good" in m.text)


async def test_the_word_deletes_and_the_end_is_told(bot: Speaking, runtime: Runtime) -> None:
    member = await bot.member("yaz-automate")
    person = member.person
    await person.send("Write homepage copy for Yaz Automate")
    working = await person.wait_for(lambda m: m.text.startswith("Working on"))
    question = await _asked(member)
    assert "• One client\n• 21 files of their profiles\n• One request" in question.text
    assert "One piece is under way; it is stopped first." in question.text
    assert question.labels == ["Cancel"]

    await person.send("DELETE")
    await person.wait_for(lambda m: "Your account is closed" in m.text)
    await bot.handled()
    assert await delete_account(runtime, {"telegram": bot.channel}, member.user_id)
    await person.wait_for(lambda m: m.id == working.id and m.text.startswith("Stopped"))
    await person.wait_for(lambda m: m.text.startswith("Done: your account"))
    assert [key async for key in runtime.redis.scan_iter(match=f"*{person.id}*")] == []

    await person.send("/clients")
    assert "I do not know you yet" in (await person.wait_for()).text


async def test_anything_else_deletes_nothing(bot: Speaking, runtime: Runtime) -> None:
    member = await bot.member()
    for word in ("delete", "DELETE it", "Write homepage copy"):
        await _asked(member)
        await member.person.send(word)
        assert "Nothing was deleted" in (await member.person.wait_for()).text
    question = await _asked(member)
    await member.person.tap(question, "Cancel")
    await member.person.wait_for(lambda m: m.id == question.id and "Nothing was deleted" in m.text)
    await member.person.send("DELETE")
    await member.person.wait_for()
    await bot.handled()
    async with runtime.system_unit() as unit:
        assert await unit.accounts.by_id(member.user_id) is not None


async def test_it_is_for_private_chats(bot: Speaking) -> None:
    member = await bot.member()
    group = await bot.telegram.admin.add_group("Leavers", [member.person.key])
    there = member.person.within(group)
    await there.send("/deletedata")
    assert "only for our private chat" in (await there.wait_for()).text
