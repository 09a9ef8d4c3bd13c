"""/deletedata: says what would go, and deletes everything when a word is typed."""

import time

from aiogram import Bot, F, Router
from aiogram.filters import Command
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot import messages
from bot.filters import Member, Private
from bot.keyboards.deletion import KeepAccountButton
from bot.states import Asking
from bot.view import View
from bot.views import deletion
from bot.words import say
from core.accounts.deletion import belongings, request_deletion
from core.accounts.service import Account
from core.runtime import Runtime

router = Router(name="deletion")
CONFIRM_SECONDS = 600


@router.message(Command("deletedata"), Private(), Member())
async def ask(message: Message, runtime: Runtime, state: FSMContext, member: Account) -> None:
    """Say exactly what would go, and ask for the word."""
    view = deletion.question(await belongings(runtime, member.user_id))
    await state.set_state(Asking.deletion)
    await state.set_data({"until": time.time() + CONFIRM_SECONDS})
    await message.answer(view.text, reply_markup=view.keyboard)


@router.message(Asking.deletion, F.text, ~F.text.startswith("/"), Private(), Member())
async def confirm(message: Message, runtime: Runtime, state: FSMContext, member: Account) -> None:
    """The word within ten minutes deletes; anything else does not."""
    until = (await state.get_data()).get("until", 0)
    await state.clear()
    if (message.text or "").strip() != say("deletion-word") or time.time() > until:
        await message.answer(say("deletion-left"))
        return
    await request_deletion(runtime, member.user_id)
    await message.answer(say("deletion-begun"))


@router.callback_query(KeepAccountButton.filter(), Member())
async def keep(callback: CallbackQuery, message: Message, bot: Bot, state: FSMContext) -> None:
    """Delete nothing."""
    if await state.get_state() == Asking.deletion.state:
        await state.clear()
    await callback.answer()
    await messages.edit(bot, message.chat.id, message.message_id, View(say("deletion-left")))
