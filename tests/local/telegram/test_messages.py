"""Sending, editing and deleting, as aiogram does them."""

import re
import struct
import zlib

import pytest
from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramUnauthorizedError
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputRichMessage,
    MessageEntity,
    ReplyParameters,
)

from local.telegram.client import Person


def keyboard(*labels: str, data: str = "data") -> InlineKeyboardMarkup:
    row = [InlineKeyboardButton(text=label, callback_data=f"{data}:{label}") for label in labels]
    return InlineKeyboardMarkup(inline_keyboard=[row])


async def test_a_message_is_edited_and_keeps_all_its_states(bot: Bot, maya: Person, chat: int) -> None:
    sent = await bot.send_message(chat, "Working…", reply_markup=keyboard("Stop"))
    await sent.edit_text("Writing…", reply_markup=keyboard("Stop"))
    await sent.edit_text("✓ Ready!", reply_markup=keyboard("1", "2"))

    shown = await maya.wait_for(lambda m: "Ready" in m.text)
    assert (shown.id, shown.edits, shown.labels) == (sent.message_id, 2, ["1", "2"])
    assert [state.text for state in await maya.history(shown)] == ["Working…", "Writing…", "✓ Ready!"]


async def test_an_edit_without_buttons_takes_them_away(bot: Bot, maya: Person, chat: int) -> None:
    sent = await bot.send_message(chat, "Working…", reply_markup=keyboard("Stop"))
    await sent.edit_text("Done")
    assert (await maya.last()).labels == []


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot, chat: int) -> None:
    sent = await bot.send_message(chat, "Working…", reply_markup=keyboard("Stop"))
    with pytest.raises(TelegramBadRequest, match="message is not modified: specified new message content"):
        await sent.edit_text("Working…", reply_markup=keyboard("Stop"))
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await sent.edit_reply_markup(reply_markup=keyboard("Stop"))


async def test_what_is_deleted_is_gone(bot: Bot, maya: Person, chat: int) -> None:
    sent = await bot.send_message(chat, "Oops")
    await sent.delete()
    assert "Oops" not in [message.text for message in await maya.messages()]
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await sent.edit_text("Again")
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await sent.delete()


async def test_a_plain_message_becomes_rich_and_plain_again(bot: Bot, maya: Person, chat: int) -> None:
    sent = await bot.send_message(chat, "✓ Ready!")
    rich = await bot.edit_message_text(
        chat_id=chat, message_id=sent.message_id,
        rich_message=InputRichMessage(markdown="# Home\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
    )  # fmt: skip
    assert not isinstance(rich, bool)
    assert rich.rich_message is not None
    assert [block.type for block in rich.rich_message.blocks] == ["heading", "list", "table"]
    assert rich.text is None
    shown = await maya.last()
    assert shown.is_rich
    assert shown.text == "Home\n• one\n• two\na | b\n1 | 2"

    await sent.edit_text("✓ Ready!")
    assert not (await maya.last()).is_rich


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x" * 4097, "message is too long"),
        ("🙂" * 2049, "message is too long"),  # two UTF-16 units each
        (" \n ", "message text is empty"),
    ],
)
async def test_text_has_its_limits(bot: Bot, chat: int, text: str, problem: str) -> None:
    with pytest.raises(TelegramBadRequest, match=f"Bad Request: {problem}$"):
        await bot.send_message(chat, text)


async def test_the_longest_text_and_rich_message_pass(bot: Bot, chat: int) -> None:
    assert (await bot.send_message(chat, "x" * 4096)).text == "x" * 4096
    await bot.send_rich_message(chat, InputRichMessage(markdown="x" * 32_768))
    with pytest.raises(TelegramBadRequest, match="TOO_LONG"):
        await bot.send_rich_message(chat, InputRichMessage(markdown="x" * 32_769))


async def test_callback_data_has_64_bytes(bot: Bot, chat: int) -> None:
    await bot.send_message(chat, "?", reply_markup=keyboard("1", data="é" * 31))
    with pytest.raises(TelegramBadRequest, match="BUTTON_DATA_INVALID"):
        await bot.send_message(chat, "?", reply_markup=keyboard("1", data="é" * 32))


async def test_entities_are_counted_in_utf16_units(bot: Bot, chat: int) -> None:
    sent = await bot.send_message(chat, "🙂 bold", entities=[MessageEntity(type="bold", offset=3, length=4)])
    assert sent.entities is not None
    assert sent.entities[0].extract_from(sent.text or "") == "bold"
    with pytest.raises(TelegramBadRequest, match="ends after the end of the text at UTF-16 offset 8"):
        await bot.send_message(chat, "🙂 bold", entities=[MessageEntity(type="bold", offset=3, length=5)])
    with pytest.raises(TelegramBadRequest, match="in a middle of a UTF-16 symbol at byte offset 0"):
        await bot.send_message(chat, "🙂 bold", entities=[MessageEntity(type="bold", offset=1, length=3)])


@pytest.mark.parametrize(
    ("mode", "source"),
    [
        (
            "HTML",
            (
                '<b>bold <i>both</i></b> &lt;<a href="https://a.b">link</a>> '
                '<pre><code class="language-py">x</code></pre>'
            ),
        ),
        ("MarkdownV2", "*bold _both_* <[link](https://a.b)\\> ```py\nx```"),
    ],
)
async def test_markup_becomes_entities(bot: Bot, chat: int, mode: str, source: str) -> None:
    sent = await bot.send_message(chat, source, parse_mode=mode)
    assert sent.text == "bold both <link> x"
    found = [(entity.type, entity.extract_from(sent.text)) for entity in sent.entities or []]
    assert found == [("bold", "bold both"), ("italic", "both"), ("text_link", "link"), ("pre", "x")]
    assert [e.language for e in sent.entities or [] if e.type == "pre"] == ["py"]


@pytest.mark.parametrize(
    ("mode", "source", "problem"),
    [
        ("HTML", "<b>open", 'Can\'t find end tag corresponding to start tag "b"'),
        ("HTML", "<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("HTML", "<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("HTML", "1 < 2", 'Unsupported start tag ""'),
        ("MarkdownV2", "so-so", "Character '-' is reserved and must be escaped with the preceding '\\'"),
        ("Bold", "x", "unsupported parse_mode"),
    ],
)
async def test_broken_markup_is_refused(bot: Bot, chat: int, mode: str, source: str, problem: str) -> None:
    with pytest.raises(TelegramBadRequest, match=re.escape(problem)):
        await bot.send_message(chat, source, parse_mode=mode)


async def test_commands_and_links_are_found(bot: Bot, chat: int) -> None:
    sent = await bot.send_message(chat, "📥 Download: /download_a1b2 from https://yaz.example/x, ask @maya_here")
    assert [(e.type, e.extract_from(sent.text or "")) for e in sent.entities or []] == [
        ("bot_command", "/download_a1b2"),
        ("url", "https://yaz.example/x"),
        ("mention", "@maya_here"),
    ]


async def test_a_reply_quotes_what_it_replies_to(bot: Bot, maya: Person, chat: int) -> None:
    asked = await maya.send("Write copy")
    sent = await bot.send_message(chat, "Sure", reply_parameters=ReplyParameters(message_id=asked.id))
    assert sent.reply_to_message is not None
    assert sent.reply_to_message.text == "Write copy"
    with pytest.raises(TelegramBadRequest, match="message to be replied not found"):
        await bot.send_message(chat, "Sure", reply_parameters=ReplyParameters(message_id=999))


async def test_who_can_be_written_to(bot: Bot, maya: Person, chat: int) -> None:
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(1, "Hello")
    with pytest.raises(TelegramForbiddenError, match="can't initiate conversation with a user"):
        await bot.send_message(7_100_000_002, "Hello")
    await maya.block()
    with pytest.raises(TelegramForbiddenError, match="Forbidden: bot was blocked by the user"):
        await bot.send_message(chat, "Hello")


async def test_a_wrong_token_is_refused(bot: Bot) -> None:
    stranger = Bot("4242:wrong", session=bot.session)
    with pytest.raises(TelegramUnauthorizedError, match="Unauthorized"):
        await stranger.get_me()


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + b"\xff" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


async def test_a_photo_is_shown_with_its_caption_and_its_buttons_change(bot: Bot, maya: Person, chat: int) -> None:
    picture = _png(40, 20)
    sent = await bot.send_photo(
        chat, BufferedInputFile(picture, "chart.png"), caption="Scores", reply_markup=keyboard("Roll back")
    )
    assert sent.photo is not None
    assert (sent.photo[-1].width, sent.photo[-1].height) == (40, 20)
    shown = await maya.wait_for(lambda m: m.photo is not None)
    assert (shown.text, shown.labels) == ("Scores", ["Roll back"])
    assert await maya.download(shown) == picture
    await sent.edit_caption(caption="Other scores")
    shown = await maya.wait_for(lambda m: m.text == "Other scores")
    assert shown.photo is not None
    await sent.edit_reply_markup(reply_markup=keyboard("Done"))
    assert (await maya.last()).labels == ["Done"]


async def test_what_is_no_picture_is_no_photo(bot: Bot, chat: int) -> None:
    with pytest.raises(TelegramBadRequest, match="IMAGE_PROCESS_FAILED"):
        await bot.send_photo(chat, BufferedInputFile(b"words", "chart.png"))
    with pytest.raises(TelegramBadRequest, match="PHOTO_INVALID_DIMENSIONS"):
        await bot.send_photo(chat, BufferedInputFile(_png(210, 10), "chart.png"))
