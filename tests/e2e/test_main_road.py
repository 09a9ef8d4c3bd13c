"""From a line in Telegram to rated copy."""

from local.claude.client import ClaudeStandIn
from local.telegram.client import Person

COPY = """Let me think about the page first.

<output>
# Stop copying names by hand

Your front desk types every new patient **three times**. We connect the tools you already pay for.

| Before | After |
|---|---|
| 22 hours a week | 6 hours a week |

Book a fit call.
</output>

I hope this helps!"""


async def test_a_request_becomes_rated_copy_in_one_message(person: Person, claude: ClaudeStandIn) -> None:
    await claude.script(COPY, user="about the lighthouse")
    await person.send("Write homepage copy for Yaz Automate, about the lighthouse")
    working = await person.wait_for(lambda m: m.text.startswith("Working on"), timeout=10)
    assert working.text == "Working on your homepage copy for Yaz Automate… This may take 1-2 minutes."
    assert working.labels == ["Stop"]

    ready = await person.wait_for(lambda m: "is ready!" in m.text, timeout=20)
    assert ready.id == working.id
    assert ready.text.startswith("✓ Homepage copy for Yaz Automate is ready!\n\nYour front desk types")
    assert "\n📥 Download: /download_" in ready.text
    assert ready.text.endswith("⭐ Rate this output:")
    assert ready.labels == ["1", "2", "3", "4", "5", "Show all", "Revise", "Download"]
    assert "I hope this helps" not in ready.text

    await person.tap(ready, "4")
    question = await person.wait_for(lambda m: "Thanks for the feedback" in m.text)
    assert question.text == "Thanks for the feedback! What worked well? (Reply or tap Skip)"
    rated = next(m for m in await person.messages() if m.id == ready.id)
    assert "✓ 4" in rated.labels

    await person.reply(question, "The table convinces")
    assert (await person.wait_for(lambda m: "noted" in m.text)).text == "Thank you, noted."


async def test_the_whole_text_is_a_rich_message_and_the_file_is_what_was_written(
    person: Person, claude: ClaudeStandIn
) -> None:
    await claude.script(COPY, user="about the harbor")
    await person.send("Write homepage copy for Yaz Automate, about the harbor")
    ready = await person.wait_for(lambda m: "is ready!" in m.text, timeout=20)
    await person.tap(ready, "Show all")
    whole = await person.wait_for(lambda m: m.is_rich)
    assert "22 hours a week" in whole.text
    assert "Show less" in whole.labels
    await person.tap(whole, "Show less")
    less = await person.wait_for(lambda m: m.text.startswith("✓ Homepage"))
    assert less.text == ready.text

    await person.tap(less, "Download")
    document = await person.wait_for(lambda m: m.document is not None)
    assert document.document is not None
    assert document.document.name.startswith("yaz-automate-homepage-")
    text = (await person.download(document)).decode()
    assert text.startswith("# Stop copying names by hand")
    assert "I hope this helps" not in text

    code = ready.text.split("/download_")[1].split()[0]
    await person.send(f"/download_{code}")
    again = await person.wait_for(lambda m: m.document is not None)
    assert await person.download(again) == text.encode()
