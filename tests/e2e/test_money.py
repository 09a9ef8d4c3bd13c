"""A client's budget from its card to the warning, and to the piece that is not begun any more."""

from local.claude.client import ClaudeStandIn
from local.telegram.client import Person

DEAR = "Words. " * 1000  # two cents, even if the prompt is read from the provider's cache


async def test_a_budget_is_set_warned_of_and_held(person: Person, claude: ClaudeStandIn) -> None:
    piece = f"<output>\n# The copper kettle\n\n{DEAR}\n</output>"
    await claude.script(piece, user="the copper kettle variant")
    await person.send("/clients")
    await person.tap(await person.wait_for(lambda m: m.text.startswith("Your clients")), "Yaz Automate")
    await person.tap(await person.wait_for(lambda m: "Budget:" in m.text), "Budget")
    await person.wait_for(lambda m: m.text.startswith("How many dollars"))
    await person.send("0.01")
    await person.wait_for(lambda m: "may cost $0.01 a month" in m.text)
    await person.send("Write homepage copy for Yaz Automate, the copper kettle variant")
    warned = await person.wait_for(lambda m: m.text.startswith("Pieces for Yaz Automate have cost"), timeout=30)
    assert "of their monthly limit of $0.01. I start nothing new until" in warned.text
    await person.send("Write homepage copy for Yaz Automate, once more")
    refused = await person.wait_for(lambda m: "is reached" in m.text)
    assert refused.text.startswith("The limit for Yaz Automate is reached:")
    await person.send("/usage")
    usage = await person.wait_for(lambda m: "so far" in m.text)
    assert "\n• Yaz Automate: one run, $" in usage.text
    said = [message.text for message in await person.messages()]
    assert sum(text.startswith("Pieces for Yaz Automate have cost") for text in said) == 1
