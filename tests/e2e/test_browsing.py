"""Looking around: skills in one message, clients, history, help."""

from local.claude.client import ClaudeStandIn
from local.telegram.client import Person


async def test_all_skills_are_browsed_in_one_message_and_one_is_used(person: Person, claude: ClaudeStandIn) -> None:
    await person.send("/skills")
    categories = await person.wait_for(lambda m: "Choose a category" in m.text)
    await person.tap(categories, "Copywriting and content")
    shelf = await person.wait_for(lambda m: "Choose a skill" in m.text)
    assert shelf.id == categories.id
    await person.tap(shelf, "Copywriting:")
    card = await person.wait_for(lambda m: "/copywriting" in m.text)
    assert card.id == categories.id
    await person.tap(card, "‹ Back")
    shelf = await person.wait_for(lambda m: "Choose a skill" in m.text)
    await person.tap(shelf, "Copywriting:")
    card = await person.wait_for(lambda m: "/copywriting" in m.text)
    await person.tap(card, "Use")
    await person.wait_for(lambda m: "What do you need?" in m.text)
    await claude.script("<output>\n# Used\n\ntext\n</output>", user="a page about the quiet quarry")
    await person.send("a page about the quiet quarry")
    await person.wait_for(lambda m: "is ready!" in m.text, timeout=20)

    await person.send("/history")
    history = await person.wait_for(lambda m: "newest first" in m.text)
    assert "Used · " in history.text


async def test_a_skill_by_command_with_underscore_or_hyphen(person: Person, claude: ClaudeStandIn) -> None:
    await claude.script("<output>\n# Emails\n\ntext\n</output>", user="for the tidal trial")
    for command in ("/email_sequence", "/email-sequence"):
        await person.send(f"{command} welcome emails for the tidal trial")
        working = await person.wait_for(lambda m: m.text.startswith("Working on"))
        assert "Yaz Automate" in working.text
        assert "You named no client, so I took Yaz Automate." in working.text
        assert working.labels == ["Stop", "Change client"]
        await person.wait_for(lambda m: "is ready!" in m.text, timeout=20)


async def test_a_skill_by_command_alone_asks_what_is_needed(person: Person) -> None:
    await person.send("/copywriting")
    asked = await person.wait_for(lambda m: "What do you need?" in m.text)
    assert asked.text.startswith("Copywriting: ")
    await person.send("/cancel")
    assert "Left." in (await person.wait_for()).text


async def test_clients_are_listed_opened_and_made_active(person: Person) -> None:
    await person.send("/clients")
    listed = await person.wait_for(lambda m: "Your clients" in m.text)
    assert listed.labels == ["Yaz Automate", "New client"]
    await person.tap(listed, "Yaz Automate")
    card = await person.wait_for(lambda m: "parts" in m.text)
    assert card.id == listed.id
    assert "The profile has 21 of 21 parts." in card.text
    await person.tap(card, "Work for this client")
    await person.wait_for(lambda m: "● Active here" in m.labels)
    await person.send("/client none")
    assert (await person.wait_for()).text == "This chat works for no particular client now."
    await person.send("/client yaz automat")
    assert (await person.wait_for()).text == "This chat now works for Yaz Automate."


async def test_the_menu_is_set_and_help_is_by_example(person: Person) -> None:
    assert {"start", "skills", "clients", "status", "history", "stop"} <= set(await person.commands())
    await person.send("/help")
    assert "Write homepage copy for Yaz Automate" in (await person.wait_for()).text


async def test_start_greets_who_is_known_and_offers_three_ways(person: Person) -> None:
    await person.start()
    hello = await person.wait_for(lambda m: "Good to see you" in m.text)
    assert hello.labels == ["Try an example", "My clients", "Skills"]
    await person.tap(hello, "Try an example")
    await person.wait_for(lambda m: m.text.startswith("Working on your homepage copy for Yaz Automate"))
    await person.wait_for(lambda m: "is ready!" in m.text, timeout=20)


async def test_unlink_severs_and_start_opens_again(person: Person) -> None:
    await person.send("/unlink")
    await person.wait_for(lambda m: "no longer linked" in m.text)
    await person.wait_for(lambda m: "Nothing else leads to the account" in m.text)
    await person.send("/clients")
    await person.wait_for(lambda m: "I do not know you yet" in m.text)
