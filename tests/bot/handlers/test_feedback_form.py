"""/feedback: the long form, answered, skipped, walked back, left, and kept."""

import pytest

from local.telegram.client import Message, Person
from storage.models import Feedback
from storage.outputs import FeedbackRepository
from tests.bot.handlers.conftest import Member, Speaking
from tests.bot.handlers.pieces import Piece, piece


async def _kept(bot: Speaking, made: Piece, rater: str) -> Feedback | None:
    await bot.handled()
    async with bot.runtime.system_unit() as unit:
        return await FeedbackRepository(unit.session).get(made.output.id, rater)


async def _asks(person: Person, words: str) -> Message:
    return await person.wait_for(lambda m: words in m.text)


async def _tap(person: Person, message: Message, label: str, words: str) -> Message:
    await person.tap(message, label)
    return await _asks(person, words)


@pytest.fixture
async def maya(bot: Speaking) -> Member:
    return await bot.member()


async def _begin(person: Person, made: Piece) -> Message:
    await person.send(f"/feedback {made.output.short_id}")
    return await _asks(person, "Accuracy:")


async def test_every_question_is_answered_and_kept(bot: Speaking, maya: Member) -> None:
    person, made = maya.person, await piece(bot, maya)
    asked = await _begin(person, made)
    assert asked.text.startswith("“A page about harbors” · 1 of 6")
    assert asked.labels == ["1", "2", "3", "4", "5", "Skip", "Cancel"]
    asked = await _tap(person, asked, "5", "Quality:")
    asked = await _tap(person, asked, "2", "Usefulness:")
    asked = await _tap(person, asked, "3", "Rules:")
    asked = await _tap(person, asked, "4", "What is wrong with it?")
    assert asked.labels == ["‹ Back", "Done", "Cancel"]
    await person.send("The opening is vague")
    asked = await _asks(person, "How bad is this? “The opening is vague”")
    asked = await _tap(person, asked, "High", "One issue noted.")
    assert "• The opening is vague (high)" in asked.text
    await person.send("It forgets the pilot")
    asked = await _asks(person, "How bad is this? “It forgets the pilot”")
    asked = await _tap(person, asked, "Low", "2 issues noted.")
    asked = await _tap(person, asked, "Done", "Should anything become a rule")
    await person.send("Name the pilot in the first line")
    thanks = await _asks(person, "Kept your judgement of “A page about harbors”: ★ 4 overall.")
    assert "2 issues noted." in thanks.text
    assert "One rule suggested" in thanks.text
    assert thanks.labels == []
    kept = await _kept(bot, made, maya.account.person)
    assert kept is not None
    scores = (kept.accuracy_score, kept.quality_score, kept.usefulness_score, kept.rule_compliance_score)
    assert (scores, kept.overall_score, kept.source) == ((5, 2, 3, 4), 4, "telegram")
    assert [(it["description"], it["severity"]) for it in kept.issues_json] == [
        ("The opening is vague", "high"),
        ("It forgets the pilot", "low"),
    ]
    assert kept.suggested_rule_changes[0]["suggested_change"] == "Name the pilot in the first line"


async def test_back_shows_what_was_chosen_and_lets_it_be_changed(bot: Speaking, maya: Member) -> None:
    person, made = maya.person, await piece(bot, maya)
    asked = await _begin(person, made)
    asked = await _tap(person, asked, "2", "Quality:")
    asked = await _tap(person, asked, "‹ Back", "Accuracy:")
    assert "✓ 2" in asked.labels
    asked = await _tap(person, asked, "4", "Quality:")
    for words in ("Usefulness:", "Rules:", "What is wrong"):
        asked = await _tap(person, asked, "Skip", words)
    asked = await _tap(person, asked, "Done", "Should anything become")
    await _tap(person, asked, "Skip", "★ 4 overall")
    kept = await _kept(bot, made, maya.account.person)
    assert kept is not None
    assert (kept.accuracy_score, kept.quality_score) == (4, None)


async def test_what_was_rated_before_is_there_and_stays_where_it_is_skipped(bot: Speaking, maya: Member) -> None:
    person, made = maya.person, await piece(bot, maya)
    tap = await person.tap(made.shown, "2")
    await person.answer_to(tap)
    await person.reply(made.shown, "/feedback")
    asked = await _asks(person, "Accuracy:")
    assert "✓ 2" in asked.labels
    asked = await _tap(person, asked, "5", "Quality:")
    asked = await _tap(person, asked, "Cancel", "Shall I keep your answers?")
    await _tap(person, asked, "Keep", "★ 3 overall")
    kept = await _kept(bot, made, maya.account.person)
    assert kept is not None
    assert (kept.accuracy_score, kept.quality_score, kept.usefulness_score) == (5, 2, 2)


async def test_cancel_can_discard_or_go_on(bot: Speaking, maya: Member) -> None:
    person, made = maya.person, await piece(bot, maya)
    asked = await _begin(person, made)
    asked = await _tap(person, asked, "1", "Quality:")
    await person.send("/cancel")
    asked = await _asks(person, "Shall I keep your answers?")
    assert asked.labels == ["Keep", "Discard", "Go on"]
    asked = await _tap(person, asked, "Go on", "Quality:")
    asked = await _tap(person, asked, "Cancel", "Shall I keep")
    await _tap(person, asked, "Discard", "Left. Nothing was changed.")
    assert await _kept(bot, made, maya.account.person) is None


async def test_nothing_answered_is_left_without_a_question(bot: Speaking, maya: Member) -> None:
    asked = await _begin(maya.person, await piece(bot, maya))
    left = await _tap(maya.person, asked, "Cancel", "Left. Nothing was changed.")
    tap = await maya.person.tap(asked, 0) if left.labels else None
    assert tap is None


async def test_issues_alone_ask_how_good_it_is(bot: Speaking, maya: Member) -> None:
    person, made = maya.person, await piece(bot, maya)
    asked = await _begin(person, made)
    for words in ("Quality:", "Usefulness:", "Rules:", "What is wrong"):
        asked = await _tap(person, asked, "Skip", words)
    await person.send("Too long")
    asked = await _asks(person, "How bad is this?")
    asked = await _tap(person, asked, "Medium", "One issue noted.")
    asked = await _tap(person, asked, "Done", "Should anything")
    asked = await _tap(person, asked, "Skip", "how good is it overall?")
    assert "Skip" not in asked.labels
    await _tap(person, asked, "2", "★ 2 overall")
    kept = await _kept(bot, made, maya.account.person)
    assert kept is not None
    assert (kept.overall_score, kept.accuracy_score) == (2, None)


async def test_buttons_of_a_form_that_was_begun_anew_are_stale(bot: Speaking, maya: Member) -> None:
    person, made = maya.person, await piece(bot, maya)
    old = await _begin(person, made)
    await _begin(person, made)
    for label in ("3", "Skip"):
        tap = await person.tap(old, label)
        assert "older message" in (await person.answer_to(tap)).text


@pytest.mark.parametrize(
    ("said", "answer"),
    [("/feedback", "Send /feedback and the code of a piece"), ("/feedback zzzzzzzz", "I can't find that.")],
)
async def test_without_a_piece_it_says_how(maya: Member, said: str, answer: str) -> None:
    await maya.person.send(said)
    assert (await maya.person.wait_for()).text.startswith(answer)


async def test_another_one_s_piece_is_not_found(bot: Speaking, maya: Member) -> None:
    sam = await bot.member(name="Sam")
    made = await piece(bot, sam)
    await maya.person.send(f"/feedback {made.output.short_id}")
    assert (await maya.person.wait_for()).text.startswith("I can't find that.")
