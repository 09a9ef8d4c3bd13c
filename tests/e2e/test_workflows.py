"""A whole campaign in one chat: offered, walked from gate to gate, revised, skipped, stopped."""

import re

import pytest

from local.claude.client import ClaudeStandIn
from local.telegram.client import Message, Person

FIRST = "<output>\n# Five emails\n\nThe first draft of the emails.\n</output>"
SECOND = "<output>\n# Five emails\n\nThe shorter draft of the emails.\n</output>"
PLAN = "<output>\n# Measurement plan\n\nCount the bookings.\n</output>"


def _step(message: Message, mark: str, title: str) -> bool:
    return f"{mark} {title}" in message.text


async def _script(claude: ClaudeStandIn, word: str) -> None:
    """The pieces of an email campaign whose brief says `word`."""
    await claude.script(SECOND, user=f"shorter {word}")
    await claude.script(FIRST, user=f"/Plan and write the complete sequence(.|\\n)*{word}/")
    await claude.script(SECOND, user=f"/Line-edit the whole sequence(.|\\n)*{word}/")
    await claude.script(PLAN, user=f"/Write the measurement plan(.|\\n)*{word}/")


@pytest.mark.long
async def test_an_email_campaign_from_the_offer_to_one_document(person: Person, claude: ClaudeStandIn) -> None:
    await _script(claude, "marigold")
    await person.send("Run a full email campaign for Yaz Automate about the marigold offer")
    offer = await person.wait_for(lambda m: "more than one piece" in m.text)
    assert offer.labels == ["Do all of it", "Just one piece"]
    assert "1. Write the emails\n2. Edit to print\n3. Make it measurable" in offer.text

    await person.tap(offer, "Do all of it")
    gate = await person.wait_for(lambda m: _step(m, "⏸", "Write the emails"), timeout=30)
    assert gate.id == offer.id
    assert gate.text.startswith("Email campaign for Yaz Automate: your turn")
    assert _step(gate, "○", "Edit to print")
    assert "The first draft of the emails." in gate.text
    assert re.search(r"Cost so far: \$0\.\d+", gate.text)
    assert gate.labels == ["Read “Write the emails”", "✓ Approve", "Revise", "Skip", "Stop"]

    await person.tap(gate, "Read")
    whole = await person.wait_for(lambda m: m.is_rich)
    assert "The first draft of the emails." in whole.text

    await person.tap(gate, "Revise")
    question = await person.wait_for(lambda m: "What should change in “Write the emails”" in m.text)
    await person.reply(question, "shorter marigold")
    gate = await person.wait_for(lambda m: "The shorter draft" in m.text and "Approve" in str(m.labels), timeout=30)
    assert "⏸ Write the emails (v2)" in gate.text

    taps = [await person.tap(gate, "✓ Approve") for _ in range(2)]
    assert (await person.answer_to(taps[0])).text == "Approved."
    assert (await person.answer_to(taps[1])).text.startswith("This step was decided before")
    gate = await person.wait_for(lambda m: _step(m, "⏸", "Edit to print"), timeout=30)
    assert _step(gate, "✓", "Write the emails")
    edited = await claude.wait_for_request(
        lambda r: "Line-edit the whole" in str(r.body) and "marigold" in str(r.body)
    )
    assert '<material name="Write the emails">' in edited.call.everything
    assert "The shorter draft of the emails." in edited.call.everything
    assert "The first draft of the emails." not in edited.call.everything

    await person.tap(gate, "Skip")
    gate = await person.wait_for(lambda m: _step(m, "⏸", "Make it measurable"), timeout=30)
    assert "– Edit to print (skipped)" in gate.text
    await person.tap(gate, "✓ Approve")
    done = await person.wait_for(lambda m: "is complete!" in m.text, timeout=30)
    assert done.id == offer.id
    assert done.labels[-1] == "All in one file"

    await person.tap(done, "All in one file")
    file = await person.wait_for(lambda m: m.document is not None)
    text = (await person.download(file)).decode()
    assert text.startswith("# Email campaign for Yaz Automate\n")
    assert text.index("The shorter draft") < text.index("Count the bookings")
    assert text.count("# Five emails") == 1


async def test_stop_between_the_steps_and_a_late_tap(person: Person, claude: ClaudeStandIn) -> None:
    await _script(claude, "hawthorn")
    await person.send("/workflow email-campaign hawthorn for Yaz Automate")
    gate = await person.wait_for(lambda m: _step(m, "⏸", "Write the emails"), timeout=30)
    await person.tap(gate, "Stop")
    stopped = await person.wait_for(lambda m: "stopped. What was made is kept." in m.text, timeout=30)
    assert "■ Write the emails (stopped) · /download_" in stopped.text
    late = await person.tap(gate, "Read")
    await person.answer_to(late)


async def test_stop_by_command_while_a_step_is_at_work(person: Person, claude: ClaudeStandIn) -> None:
    await claude.script({"hang": True}, user="larkspur", times=1)
    await person.send("/workflow email-campaign larkspur for Yaz Automate")
    await claude.wait_for_request(lambda r: "larkspur" in str(r.body))
    await person.send("/status")
    await person.wait_for(lambda m: "▶ Email campaign: Write the emails for Yaz Automate" in m.text)
    await person.send("/stop")
    stopped = await person.wait_for(lambda m: "■ Write the emails (stopped)" in m.text, timeout=30)
    assert stopped.text.startswith("Email campaign for Yaz Automate: stopped.")
    assert stopped.labels == []
    await person.send("/stop")
    await person.wait_for(lambda m: m.text == "Nothing is under way here.")


async def test_the_list_the_card_and_the_brief(person: Person, claude: ClaudeStandIn) -> None:
    await _script(claude, "juniper")
    await person.send("/workflows")
    listed = await person.wait_for(lambda m: "Several skills in a row" in m.text)
    assert "Email campaign" in listed.labels
    await person.tap(listed, "Email campaign")
    card = await person.wait_for(lambda m: "/workflow email-campaign" in m.text)
    await person.tap(card, "Start")
    question = await person.wait_for(lambda m: "send me the brief" in m.text)
    await person.reply(question, "juniper, for Yaz Automate")
    await person.wait_for(lambda m: _step(m, "⏸", "Write the emails"), timeout=30)

    await person.send("/workflow nonsense")
    assert "There is no workflow named nonsense" in (await person.wait_for()).text


async def test_one_piece_instead_of_the_offer(person: Person, claude: ClaudeStandIn) -> None:
    await claude.script(FIRST, user="the primrose list")
    await person.send("Run a full email campaign for Yaz Automate for the primrose list")
    offer = await person.wait_for(lambda m: "more than one piece" in m.text)
    await person.tap(offer, "Just one piece")
    choice = await person.wait_for(lambda m: "None of these" in m.labels)
    await person.tap(choice, 0)
    await person.wait_for(lambda m: "is ready!" in m.text, timeout=30)


async def test_a_step_that_fails_can_be_tried_again(person: Person, claude: ClaudeStandIn) -> None:
    await claude.script({"refusal": "no"}, user="foxglove", times=1)
    await _script(claude, "foxglove")
    await person.send("/workflow email-campaign foxglove for Yaz Automate")
    failed = await person.wait_for(lambda m: "did not work" in m.text, timeout=30)
    assert failed.labels == ["Try again", "Skip", "Stop"]
    assert "The model declined to write this." in failed.text
    await person.tap(failed, "Try again")
    await person.wait_for(lambda m: _step(m, "⏸", "Write the emails"), timeout=30)
