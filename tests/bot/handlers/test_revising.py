"""A tap on Revise: what should change is asked once, however often it is tapped."""

from bot.words import say
from tests.bot.handlers.conftest import Speaking
from tests.bot.handlers.pieces import piece


async def test_a_second_tap_only_reminds_of_the_question(bot: Speaking) -> None:
    member = await bot.member()
    person = member.person
    made = await piece(bot, member)
    taps = [await person.tap(made.shown, say("button-revise")) for _ in range(2)]
    answers = [(await person.answer_to(tap)).text for tap in taps]
    assert answers == ["", say("revise-ask")]
    await bot.handled()
    assert len([m for m in await person.messages() if m.text == say("revise-ask")]) == 1

    await person.send("/cancel")
    await person.wait_for(lambda m: m.text == say("cancelled-conversation"))
    await person.answer_to(await person.tap(made.shown, say("button-revise")))
    await bot.handled()
    assert len([m for m in await person.messages() if m.text == say("revise-ask")]) == 2
