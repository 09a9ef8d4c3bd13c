"""Deciding about a proposed rule in the chat: who may, what each tap does, and which taps come too late."""

import asyncio

import pytest

from core.learning.deciding import approve
from core.rules.keeping import roll_back
from local.telegram.client import Message, Person
from storage.models import RuleProposal
from storage.rules import ProposalRepository, RuleVersionRepository, Scope
from tests.bot.handlers.conftest import Speaking
from tests.bot.handlers.desk import Admin, admin, announce, let_pass, proposed, set_role


async def _status(bot: Speaking, proposal: RuleProposal) -> str:
    await bot.handled()
    async with bot.runtime.system_unit() as unit:
        return (await unit.proposals.get(proposal.id)).status


async def _rules(bot: Speaking, proposal: RuleProposal) -> list[str]:
    async with bot.runtime.system_unit() as unit:
        history = await RuleVersionRepository(unit.session).history(Scope.of(proposal))
    return [version.origin for version in history]


async def _heard(bot: Speaking, who: Admin, proposal: RuleProposal) -> Message:
    """The card that somebody was sent."""
    await announce(bot, proposal)
    return await _card(who.person, proposal)


async def _card(person: Person, proposal: RuleProposal) -> Message:
    ids = f":{proposal.id.hex}:"
    messages = await person.messages()
    return next(m for m in messages if any(ids in (b.data or "") for row in m.buttons for b in row))


@pytest.fixture
async def maya(bot: Speaking) -> Admin:
    return await admin(bot)


async def test_every_admin_hears_once_and_nobody_else(bot: Speaking, maya: Admin) -> None:
    sam, reader = await admin(bot, "Sam"), await bot.member(name="Reader")
    proposal = await proposed(bot)
    await asyncio.gather(*(announce(bot, proposal) for _ in range(3)))
    for who in (maya, sam):
        texts = [m.text for m in await who.person.messages() if "Vague openings" in m.text]
        assert len(texts) == 1
        assert "+ Open with a number that the reader can check." in texts[0]
    assert not [m for m in await reader.person.messages() if "Vague openings" in m.text]


async def test_an_admin_who_comes_later_hears_too_and_one_who_blocked_is_passed_over(
    bot: Speaking, maya: Admin
) -> None:
    proposal = await proposed(bot)
    await maya.person.block()
    await announce(bot, proposal)
    late = await admin(bot, "Late")
    await announce(bot, proposal)
    await announce(bot, proposal)
    card = await _card(late.person, proposal)
    assert card.labels[0].startswith("Test it (at most $")
    assert not [m for m in await maya.person.messages() if "Vague openings" in m.text]


async def test_a_tap_on_test_starts_it_and_shows_that(bot: Speaking, maya: Admin) -> None:
    proposal = await proposed(bot)
    card = await _heard(bot, maya, proposal)
    assert "never more than $1.00." in card.text
    tap = await maya.person.tap(card, "Test it")
    assert (await maya.person.answer_to(tap)).text.startswith("The test has begun")
    shown = await maya.person.wait_for(lambda m: m.id == card.id)
    assert "⏳ The test is starting." in shown.text
    assert shown.labels == ["Reject", "Evidence (3)"]
    again = await maya.person.tap(card, "Reject")
    await maya.person.answer_to(again)
    assert await _status(bot, proposal) == "rejected"


async def test_approve_writes_a_version_and_roll_back_another(bot: Speaking, maya: Admin) -> None:
    proposal = await proposed(bot)
    await let_pass(bot, proposal)
    before = await _rules(bot, proposal)
    card = await _heard(bot, maya, proposal)
    assert "1 better · 0 the same · 0 worse" in card.text
    await maya.person.tap(card, "✓ Approve")
    approved = await maya.person.wait_for(lambda m: m.id == card.id and "✓ Approved by Maya" in m.text)
    assert await _rules(bot, proposal) == ["proposal", *before]
    await maya.person.tap(approved, "↩ Roll back")
    undone = await maya.person.wait_for(lambda m: m.id == card.id and "↩ Rolled back." in m.text)
    assert undone.labels == ["Evidence (3)", "The test, pair by pair"]
    assert await _rules(bot, proposal) == ["rollback", "proposal", *before]


async def test_a_roll_back_from_elsewhere_changes_the_cards_of_all(bot: Speaking, maya: Admin) -> None:
    sam = await admin(bot, "Sam")
    proposal = await proposed(bot, proposed_rule="End on the one thing that the reader shall do.")
    await let_pass(bot, proposal)
    cards = [(who.person, (await _heard(bot, who, proposal)).id) for who in (maya, sam)]
    version = await approve(bot.runtime, proposal.id, maya.account.signature)
    await announce(bot, proposal)
    await roll_back(bot.runtime, version.id, sam.account.signature)
    await announce(bot, proposal)
    for person, card in cards:
        shown = await person.wait_for(lambda m, card=card: m.id == card and "↩ Rolled back." in m.text)  # type: ignore[misc]
        assert "↩ Roll back" not in shown.labels


async def test_of_two_admins_the_second_is_told_who_decided(bot: Speaking, maya: Admin) -> None:
    sam = await admin(bot, "Sam")
    proposal = await proposed(bot, proposed_rule="Close with the street and the opening hours.")
    await let_pass(bot, proposal)
    hers, his = await _heard(bot, maya, proposal), await _card(sam.person, proposal)
    await maya.person.tap(hers, "✓ Approve")
    await maya.person.wait_for(lambda m: m.id == hers.id and "✓ Approved by Maya" in m.text)
    late = await sam.person.tap(his, "Reject")
    answer = await sam.person.answer_to(late)
    assert answer.text == "Maya decided this before you. The message shows how it stands now."
    assert "✓ Approved by Maya" in (await _card(sam.person, proposal)).text


async def test_two_who_approve_at_once_make_one_version(bot: Speaking, maya: Admin) -> None:
    sam = await admin(bot, "Sam")
    proposal = await proposed(bot, proposed_rule="Keep each heading below nine syllables.")
    await let_pass(bot, proposal)
    before = await _rules(bot, proposal)
    hers, his = await _heard(bot, maya, proposal), await _card(sam.person, proposal)
    taps = await asyncio.gather(maya.person.tap(hers, "✓ Approve"), sam.person.tap(his, "✓ Approve"))
    answers = [(await who.person.answer_to(tap)).text for who, tap in zip((maya, sam), taps, strict=True)]
    assert sum("decided this before you" in answer for answer in answers) == 1
    assert await _rules(bot, proposal) == ["proposal", *before]


async def test_an_approval_of_what_was_reworded_since_is_stale(bot: Speaking, maya: Admin) -> None:
    proposal = await proposed(bot)
    await let_pass(bot, proposal)
    card = await _heard(bot, maya, proposal)
    await maya.person.tap(card, "Edit")
    question = await maya.person.wait_for(lambda m: "Send the new wording" in m.text)
    await maya.person.reply(question, "Open with a figure of the client's own that readers can check.")
    await maya.person.wait_for(lambda m: m.text.startswith("Reworded."))
    late = await maya.person.tap(card, "✓ Approve")
    assert "This button is from an older message" in (await maya.person.answer_to(late)).text
    assert await _status(bot, proposal) == "draft"
    shown = await _card(maya.person, proposal)
    assert "+ Open with a figure of the client's own that readers can check." in shown.text
    assert shown.labels[0].startswith("Test it")


async def test_a_wording_that_cannot_be_a_rule_is_refused_and_may_be_sent_again(bot: Speaking, maya: Admin) -> None:
    proposal = await proposed(bot)
    card = await _heard(bot, maya, proposal)
    await maya.person.tap(card, "Edit")
    question = await maya.person.wait_for(lambda m: "Send the new wording" in m.text)
    await maya.person.reply(question, "word " * 400)
    refused = await maya.person.wait_for()
    assert "300" in refused.text
    await maya.person.reply(question, "Open with a figure.")
    await maya.person.wait_for(lambda m: m.text.startswith("Reworded."))


@pytest.mark.parametrize(
    ("meanwhile", "told"),
    [
        ("rejected", "This change was decided before"),
        ("testing", "This change is being tested just now."),
        ("gone", "I can't find that."),
    ],
)
async def test_after_a_wording_that_comes_too_late_the_next_message_is_none(
    bot: Speaking, maya: Admin, meanwhile: str, told: str
) -> None:
    proposal = await proposed(bot)
    card = await _heard(bot, maya, proposal)
    await maya.person.tap(card, "Edit")
    question = await maya.person.wait_for(lambda m: "Send the new wording" in m.text)
    async with bot.runtime.system_unit() as unit:
        if meanwhile == "gone":
            await unit.session.delete(await unit.proposals.get(proposal.id))
        else:
            await unit.proposals.change(proposal.id, ["draft"], status=meanwhile)
    await maya.person.reply(question, "Open with a figure.")
    refused = await maya.person.wait_for()
    assert refused.text.startswith(told)
    await maya.person.send("hello")
    answer = await maya.person.wait_for()
    assert not answer.text.startswith(told)


async def test_a_rule_that_stands_by_now_is_shown_as_such_before_it_is_approved(bot: Speaking, maya: Admin) -> None:
    rule = "Call the reader by what they do all day."
    first, second = await proposed(bot, proposed_rule=rule), await proposed(bot, proposed_rule=rule)
    for proposal in (first, second):
        await let_pass(bot, proposal)
    card, same = await _heard(bot, maya, first), await _heard(bot, maya, second)
    await maya.person.tap(card, "✓ Approve")
    await maya.person.wait_for(lambda m: m.id == card.id and "✓ Approved by Maya" in m.text)
    late = await maya.person.tap(same, "✓ Approve")
    assert (await maya.person.answer_to(late)).text.startswith("The rules have changed since")
    shown = await maya.person.wait_for(lambda m: m.id == same.id)
    assert "⚠ It says what a rule that stands says already" in shown.text
    assert await _status(bot, second) == "ready"


async def test_evidence_is_listed_and_opens_the_piece(bot: Speaking, maya: Admin) -> None:
    proposal = await proposed(bot)
    card = await _heard(bot, maya, proposal)
    await maya.person.tap(card, "Evidence (3)")
    listed = await maya.person.wait_for(lambda m: m.id == card.id and "What 3 ratings say" in m.text)
    assert "1. ★1 “the opening is vague”" in listed.text
    assert listed.labels == ["1", "2", "3", "‹ Back"]
    await maya.person.tap(listed, 0)
    piece = await maya.person.wait_for(lambda m: m.is_rich)
    assert "A vague opening." in piece.text
    assert piece.labels == []
    await maya.person.tap(listed, "‹ Back")
    await maya.person.wait_for(lambda m: m.id == card.id and "Not tested yet." in m.text)


async def test_who_is_no_admin_any_more_can_tap_and_nothing_happens(bot: Speaking, maya: Admin) -> None:
    proposal = await proposed(bot)
    card = await _heard(bot, maya, proposal)
    await set_role(bot, maya.account.user_id, "member")
    for label in ("Reject", "Test it", "Edit", "Evidence (3)"):
        tap = await maya.person.tap(card, label)
        assert (await maya.person.answer_to(tap)).text == "This is for those who run the bot."
    assert await _status(bot, proposal) == "draft"


async def test_a_proposal_that_is_gone_is_a_stale_button(bot: Speaking, maya: Admin) -> None:
    proposal = await proposed(bot)
    card = await _heard(bot, maya, proposal)
    async with bot.runtime.system_unit() as unit:
        found = await ProposalRepository(unit.session).get(proposal.id)
        await unit.session.delete(found)
    tap = await maya.person.tap(card, "Reject")
    assert (await maya.person.answer_to(tap)).text
