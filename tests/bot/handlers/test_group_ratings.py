"""A piece in a group: each member rates once, linked or not, and everybody sees how the group rates it."""

import pytest
from aiogram.types import Message as TelegramMessage

from bot.group_scores import GroupScores
from local.telegram.client import Message, Person
from storage.models import Feedback
from storage.outputs import FeedbackRepository
from tests.bot.handlers.conftest import Member, Speaking
from tests.bot.handlers.pieces import Piece, piece


class Group:
    """A chat of three: the owner of the piece, a member, and somebody without an account."""

    def __init__(self, bot: Speaking, maya: Member, people: list[Person], made: Piece) -> None:
        self.bot = bot
        self.owner = maya
        self.maya, self.sam, self.noor = people
        self.made = made

    async def rate(self, person: Person, score: int) -> None:
        """Tap a score."""
        tap = await person.tap(self.made.shown, str(score))
        assert (await person.answer_to(tap)).text == f"Thanks! Rated {score} of 5."

    async def asked(self, person: Person, score: int) -> Message:
        """Tap a score; the question that it leads to."""
        await self.rate(person, score)
        return await person.wait_for(lambda m: "(Reply or tap Skip)" in m.text)

    async def feedback(self, person: Person) -> Feedback | None:
        """What somebody said of the piece."""
        await self.bot.handled()
        async with self.bot.runtime.system_unit() as unit:
            return await FeedbackRepository(unit.session).get(self.made.output.id, f"telegram:{person.id}")


@pytest.fixture
async def group(bot: Speaking) -> Group:
    maya, sam, noor = await bot.member(), await bot.member(name="Sam"), await bot.stranger("Noor")
    chat = await bot.telegram.admin.add_group("Bakers", [maya.person.key, sam.person.key, noor.key])
    people = [person.within(chat) for person in (maya.person, sam.person, noor)]
    return Group(bot, maya, people, await piece(bot, maya, people[0]))


async def test_a_member_and_a_stranger_rate_once_and_the_card_shows_the_mean(group: Group) -> None:
    await group.rate(group.sam, 4)
    shown = await group.sam.wait_for(lambda m: "★ 4.0 · one rating" in m.labels)
    assert not [label for label in shown.labels if label.startswith("✓")]
    await group.rate(group.noor, 3)
    await group.rate(group.noor, 2)
    tap = await group.maya.tap(shown, "★ 4.0")
    assert (await group.maya.answer_to(tap)).text.startswith("2 people gave it 3.0 on average.")
    noor = await group.feedback(group.noor)
    assert noor is not None
    assert (noor.overall_score, noor.user_id) == (2, group.owner.user_id)


async def test_edits_of_the_buttons_keep_to_the_pace_and_end_with_the_truth(group: Group) -> None:
    """Each score is shown in a process of its own."""
    telegram = group.made.shown.raw
    message = TelegramMessage.model_validate({**telegram, "reply_markup": None})
    for score in (5, 1, 2, 3, 4):
        async with group.bot.runtime.unit(group.owner.user_id) as unit:
            await unit.feedback.rate(group.made.output.id, "telegram:1", score, source="telegram")
        scores = GroupScores(group.bot.channel._bot, group.bot.runtime, pace=0.4)
        scores.show(message, group.made.output, whole=False)
    await group.bot.runtime.settle()
    first, *edits = await group.maya.history(group.made.shown)
    assert len(edits) == 2
    assert edits[1].at - edits[0].at >= 0.35
    assert "★ 4.0 · one rating" in [button.label for row in edits[-1].buttons for button in row]
    assert first.buttons[0] == edits[0].buttons[0]


async def test_each_is_asked_by_name_and_only_they_can_answer(group: Group) -> None:
    for_sam = await group.asked(group.sam, 2)
    assert for_sam.text == "Sam: What should be better? (Reply or tap Skip)"
    assert for_sam.reply_to == group.made.shown.id
    for_noor = await group.asked(group.noor, 5)
    assert for_noor.text == "Noor: Thanks for the feedback! What worked well? (Reply or tap Skip)"
    await group.noor.reply(for_sam, "I liked it")
    refused = await group.noor.wait_for(lambda m: "is for the person who rated" in m.text)
    assert refused
    tap = await group.noor.tap(for_sam, "Skip")
    assert "is for the person who rated" in (await group.noor.answer_to(tap)).text

    await group.sam.reply(for_sam, "The opening is vague")
    asked = await group.sam.wait_for(lambda m: m.text == "Noted, thank you. How bad is it?")
    tap = await group.noor.tap(asked, "High")
    assert "is for the person who rated" in (await group.noor.answer_to(tap)).text
    await group.sam.tap(asked, "High")
    await group.sam.wait_for(lambda m: m.text.startswith("Thank you. I will take it"))
    said = await group.feedback(group.sam)
    assert said is not None
    assert [(it["description"], it["severity"]) for it in said.issues_json] == [("The opening is vague", "high")]
    await group.noor.reply(for_noor, "The last line")
    await group.noor.wait_for(lambda m: m.text == "Thank you, noted.")


async def test_showing_all_of_it_keeps_the_group_s_score(group: Group) -> None:
    async with group.bot.runtime.unit(group.owner.user_id) as unit:
        await unit.feedback.rate(group.made.output.id, "telegram:1", 4, source="telegram")
    await group.maya.tap(group.made.shown, "Show all")
    whole = await group.maya.wait_for(lambda m: m.is_rich)
    assert "★ 4.0 · one rating" in whole.labels
    await group.rate(group.noor, 2)
    shown = await group.noor.wait_for(lambda m: "★ 3.0 · 2 ratings" in m.labels)
    assert shown.is_rich
    assert "Show less" in shown.labels


async def test_the_long_form_is_for_everybody_and_hears_replies(group: Group) -> None:
    await group.noor.reply(group.made.shown, "/feedback")
    asked = await group.noor.wait_for(lambda m: "Accuracy:" in m.text)
    tap = await group.sam.tap(asked, "5")
    assert "older message" in (await group.sam.answer_to(tap)).text
    for label, words in (("3", "Quality:"), ("Skip", "Usefulness:"), ("Skip", "Rules:"), ("Skip", "What is wrong")):
        await group.noor.tap(asked, label)
        asked = await group.noor.wait_for(lambda m, words=words: words in m.text)  # type: ignore[misc]
    assert "In a group I only hear answers that reply to this message." in asked.text
    await group.noor.reply(asked, "Too long")
    asked = await group.noor.wait_for(lambda m: "How bad is this?" in m.text)
    await group.noor.tap(asked, "Low")
    asked = await group.noor.wait_for(lambda m: "One issue noted." in m.text)
    await group.noor.tap(asked, "Done")
    asked = await group.noor.wait_for(lambda m: "Should anything" in m.text)
    await group.noor.tap(asked, "Skip")
    await group.noor.wait_for(lambda m: "★ 3 overall" in m.text)
    said = await group.feedback(group.noor)
    assert said is not None
    assert (said.user_id, said.issues_json[0]["description"]) == (group.owner.user_id, "Too long")
