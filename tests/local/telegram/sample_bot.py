"""A small bot of aiogram's making, shaped like the product: it works, edits, asks for a rating, shows all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiogram import Bot, Dispatcher, F, Router
from aiogram.filters import CommandStart
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputRichMessage,
    Message,
    MessageEntity,
)

COPY = """# Yaz Automate

**Hand back the busywork. Keep the craft.** Written for *small teams* that sell by hand.

## What changes on Monday

1. Orders are entered while you sleep
2. Invoices leave the day the work is done
   - with your letterhead
   - in your customer's language

| Before | With Yaz | Saved |
|:-------|:--------:|------:|
| 6 h of typing a week | 20 min | **5.6 h** |
| 14 open invoices | 2 | 12 |

> "The pilot paid for itself in nine days." - a bakery in Malmo

```html
<a class="cta" href="https://yaz.example/pilot">Start the pilot</a>
```

- [x] Headline tested
- [ ] Numbers confirmed, see https://yaz.example/proof

---

Write to hello@yaz.example or use /newclient."""

PREVIEW = "Hand back the busywork. Keep the craft.\n\nYaz Automate does the typing that steals your evenings…"
router = Router()


def keyboard(*rows: list[str]) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text=label, callback_data=label) for label in row] for row in rows]
    )


def result_keyboard(chosen: str = "", toggle: str = "Show all") -> InlineKeyboardMarkup:
    stars = [f"✓ {n}" if str(n) == chosen else str(n) for n in range(1, 6)]
    return keyboard(stars, [toggle, "Revise", "Download"])


def result_text() -> str:
    return (
        f"✓ Homepage copy for Yaz Automate is ready!\n\n{PREVIEW}\n\n"
        "📥 Download: /download_7f3a\n⭐ Rate this output:"
    )


@router.message(CommandStart())
async def start(message: Message) -> None:
    name = message.from_user.first_name if message.from_user else "there"
    text = f"Hello {name}! Send me one line, and I write it in your client's voice."
    await message.answer(text, entities=[MessageEntity(type="bold", offset=0, length=len(f"Hello {name}!"))],
                         reply_markup=keyboard(["Try an example"], ["My clients", "Skills"]))  # fmt: skip


@router.message(F.document)
async def file(message: Message, bot: Bot) -> None:
    assert message.document is not None
    content = await bot.download(message.document)
    assert content is not None
    await message.reply_document(BufferedInputFile(content.read().upper(), "shouted.txt"), caption="Louder:")


@router.message(F.text.startswith("/download"))
async def download(message: Message) -> None:
    await message.answer_document(
        BufferedInputFile(COPY.encode(), "yaz-automate-homepage.md"), caption="Version 1, Markdown"
    )


@router.message(F.text)
async def work(message: Message, bot: Bot) -> None:
    await bot.send_chat_action(message.chat.id, "typing", message_thread_id=message.message_thread_id)
    head = "Working on your homepage copy for Yaz Automate… This may take 1-2 minutes."
    shown = await message.answer(head, reply_markup=keyboard(["Stop"]))
    for step in ("Reading Yaz Automate's profile", "Searching the web: invoices for small teams", "Writing…"):
        await shown.edit_text(f"{head}\n\n{step}", reply_markup=keyboard(["Stop"]))
    await shown.edit_text(result_text(), reply_markup=result_keyboard())


@router.callback_query(F.data == "Show all")
async def show_all(query: CallbackQuery) -> None:
    await query.answer()
    assert isinstance(query.message, Message)
    await query.message.edit_text(
        rich_message=InputRichMessage(markdown=COPY), reply_markup=result_keyboard(toggle="Show less")
    )


@router.callback_query(F.data == "Show less")
async def show_less(query: CallbackQuery) -> None:
    await query.answer()
    assert isinstance(query.message, Message)
    await query.message.edit_text(result_text(), reply_markup=result_keyboard())


@router.callback_query(F.data.in_({"1", "2", "3", "4", "5"}))
async def rate(query: CallbackQuery) -> None:
    assert isinstance(query.message, Message)
    await query.answer(f"Rated {query.data}")
    await query.message.edit_reply_markup(reply_markup=result_keyboard(query.data or ""))
    await query.message.answer(
        "Thanks for the feedback! What worked well?\n(Reply or tap Skip)", reply_markup=keyboard(["Skip"])
    )


@router.callback_query()
async def other(query: CallbackQuery) -> None:
    await query.answer("This button is from an older message; here is the current one", show_alert=True)


@asynccontextmanager
async def running(bot: Bot) -> AsyncIterator[None]:
    """Let the sample bot poll in the background."""
    await bot.set_my_commands([
        BotCommand(command="start", description="Say hello"),
        BotCommand(command="skills", description="What I can write"),
        BotCommand(command="status", description="What is running now"),
        BotCommand(command="clients", description="Your clients, and the active one"),
        BotCommand(command="email_sequence", description="A series of emails that welcome or sell"),
    ])  # fmt: skip
    dispatcher = Dispatcher()
    dispatcher.include_router(router)
    polling = asyncio.create_task(
        dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False, polling_timeout=5)
    )
    try:
        yield
    finally:
        await dispatcher.stop_polling()
        await polling
        router._parent_router = None  # a router belongs to one dispatcher at a time
