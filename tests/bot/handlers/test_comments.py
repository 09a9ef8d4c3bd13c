"""After a rating: what counts as a comment, and what as the next request."""

from sqlalchemy import text

from bot.words import say
from local.telegram.client import Message
from storage.models import Feedback
from storage.outputs import FeedbackRepository
from tests.bot.handlers.conftest import Member, Speaking
from tests.bot.handlers.pieces import Piece, piece


async def _asked(member: Member, made: Piece, score: int) -> Message:
    await member.person.tap(made.shown, str(score))
    return await member.person.wait_for(lambda m: "(Reply or tap Skip)" in m.text)


async def _kept(bot: Speaking, member: Member, made: Piece) -> Feedback:
    await bot.handled()
    async with bot.runtime.system_unit() as unit:
        found = await FeedbackRepository(unit.session).get(made.output.id, member.account.person)
    assert found is not None
    return found


async def _requests(bot: Speaking, member: Member) -> list[str]:
    await bot.handled()
    async with bot.runtime.unit(member.user_id) as unit:
        rows = await unit.session.scalars(text("SELECT user_message FROM runs WHERE status = 'queued'"))
        return list(rows)


async def test_praise_that_names_a_skill_is_praise(bot: Speaking) -> None:
    member = await bot.member()
    made = await piece(bot, member)
    await _asked(member, made, 5)
    await member.person.send("The structure is clear")
    answer = await member.person.wait_for(lambda m: m.text == say("comment-perhaps-request"))
    assert answer.labels == [say("button-was-request")]
    assert (await _kept(bot, member, made)).what_worked_well == "The structure is clear"
    assert await _requests(bot, member) == []


async def test_an_order_is_a_request_and_no_comment(bot: Speaking) -> None:
    member = await bot.member()
    made = await piece(bot, member)
    await _asked(member, made, 5)
    await member.person.send("Now write five subject lines about harbors")
    await member.person.wait_for(lambda m: say("button-without-client") in m.labels)
    assert (await _kept(bot, member, made)).what_worked_well is None


async def test_a_comment_that_was_a_request_is_done_and_forgotten(bot: Speaking) -> None:
    member = await bot.member()
    made = await piece(bot, member)
    await _asked(member, made, 2)
    await member.person.send("subject lines for the spring sale")
    question = await member.person.wait_for(lambda m: m.text == say("ask-severity"))
    assert (await _kept(bot, member, made)).issues_json[0]["description"] == "subject lines for the spring sale"
    await member.person.tap(question, say("button-was-request"))
    await member.person.wait_for(lambda m: m.id == question.id and say("button-without-client") in m.labels)
    assert (await _kept(bot, member, made)).issues_json == []
