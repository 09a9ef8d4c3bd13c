"""Whatever a person sends gets a clear sentence, and nothing is lost."""

import pytest

from bot.words import say
from local.telegram.client import Person


async def _answer(person: Person) -> str:
    return (await person.wait_for(timeout=15)).text


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        ("/nonsense", "I do not know /nonsense. /skills shows what I can do, /help how to ask."),
        ("/client Nobody Ltd", "You have no client named Nobody Ltd. /clients lists those you have."),
        ("/client", "Send /client and a name, such as /client Yaz Automate. /client none clears it."),
        ("/download", "Send /download and the code of a piece, such as /download abcd2345. /history lists them."),
        ("/download zzzzzzzz", "I can't find that. It may have been deleted; /history lists what there is."),
        ("/link", "Send /link and your API key: /link mk_live_…"),
        ("/link nothing", say("error-key-invalid")),
        ("/cancel", "There is nothing to leave."),
        ("\u200b\u2060", "I see no text in this message. Tell me in a line what to write and for whom."),
        ("/history", "Nothing yet. Send a request, such as: Write homepage copy for Yaz Automate"),
        ("thanks!", "You are welcome. Send the next request whenever you like."),
    ],
)  # fmt: skip
async def test_a_clear_sentence(person: Person, sent: str, answered: str) -> None:
    await person.send(sent)
    assert await _answer(person) == answered


async def test_what_is_no_text(person: Person) -> None:
    await person.sticker()
    assert await _answer(person) == "I can't read stickers. Tell me in words what you need."
    await person.voice()
    assert "can't listen to voice messages" in await _answer(person)


async def test_emoji_alone_and_a_message_as_long_as_may_be(person: Person) -> None:
    await person.send("🦄🦄🦄")
    assert await _answer(person)
    await person.send("copy " * 819)
    assert await _answer(person)


async def test_a_stranger_is_told_how_to_be_let_in(stranger: Person) -> None:
    await stranger.send("Write homepage copy for Yaz Automate")
    assert "Send /start; if that does not let you in, you need an invite link" in await _answer(stranger)
    await stranger.send("/privacy")
    assert "What I keep" in await _answer(stranger)
