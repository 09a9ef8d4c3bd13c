"""Rating with one tap, and the one question after it."""

import time
from uuid import UUID

from aiogram import Bot, F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message

from bot import messages
from bot.desk import Desk
from bot.filters import CommentAwaited, Member, ReplyToQuestion
from bot.keyboards.outputs import (
    CommentButton,
    OutputDeed,
    RateButton,
    SeverityButton,
    severities,
    skip_comment,
)
from bot.places import is_private, person_of
from bot.states import Asking
from bot.view import View
from bot.words import say
from core.accounts.service import Account
from core.feedback.service import LOW_SCORE
from core.runtime import Runtime

router = Router(name="rating")
COMMENT_SECONDS = 300


@router.callback_query(RateButton.filter())
async def rate(
    callback: CallbackQuery,
    message: Message,
    callback_data: RateButton,
    bot: Bot,
    runtime: Runtime,
    desk: Desk,
    state: FSMContext,
    account: Account | None,
) -> None:
    """Keep the score, show it, and ask for a comment. Anybody who sees a piece may rate it, once."""
    rater = person_of(callback.from_user)
    async with runtime.unit(await desk.owner_of(message, account)) as unit:
        output, judged = await unit.feedback.rate(
            callback_data.output, rater, callback_data.score, source="telegram"
        )
    await callback.answer(say("rated", score=callback_data.score))
    if is_private(message):
        keyboard = desk.result_keyboard(output, score=callback_data.score, whole=_is_whole(message))
        await messages.edit_keyboard(bot, message.chat.id, message.message_id, View("", keyboard))
    await _ask_comment(message, state, judged.id, callback_data.score)


@router.message(ReplyToQuestion(), F.text)
@router.message(CommentAwaited(), F.text)
async def comment(
    message: Message, runtime: Runtime, desk: Desk, state: FSMContext, account: Account | None, feedback_id: UUID
) -> None:
    """A reply to the question at any time, or the next message soon after that asks for nothing."""
    owner = await desk.owner_of(message.reply_to_message or message, account)
    async with runtime.unit(owner) as unit:
        judged = await unit.feedback.comment(feedback_id, message.text or "")
    await state.clear()
    if judged.overall_score <= LOW_SCORE:
        await message.answer(say("ask-severity"), reply_markup=severities(feedback_id))
    else:
        await message.answer(say("comment-kept"))


@router.callback_query(CommentButton.filter())
async def skip(callback: CallbackQuery, message: Message, bot: Bot, state: FSMContext) -> None:
    """No comment."""
    await state.clear()
    await callback.answer()
    await messages.edit(bot, message.chat.id, message.message_id, View(say("skipped")))


@router.callback_query(SeverityButton.filter(), Member())
async def severity(
    callback: CallbackQuery,
    message: Message,
    callback_data: SeverityButton,
    bot: Bot,
    runtime: Runtime,
    member: Account,
) -> None:
    """How bad it is."""
    if callback_data.severity != "skip":
        async with runtime.unit(member.user_id) as unit:
            await unit.feedback.severity(callback_data.feedback, callback_data.severity)
    await callback.answer()
    await messages.edit(bot, message.chat.id, message.message_id, View(say("severity-kept")))


async def _ask_comment(message: Message, state: FSMContext, feedback_id: UUID, score: int) -> None:
    """One question at a time: a second tap on the scores changes the question that is open."""
    text = say("ask-what-better" if score <= LOW_SCORE else "ask-what-worked")
    known = await state.get_data()
    keyboard = skip_comment(feedback_id)
    question = known.get("question") if known.get("feedback") == str(feedback_id) else None
    if question is not None and message.bot is not None:
        await messages.edit(message.bot, message.chat.id, question, View(text, keyboard))
    else:
        question = (await message.reply(text, reply_markup=keyboard)).message_id
    await state.set_state(Asking.comment)
    await state.set_data(
        {"feedback": str(feedback_id), "question": question, "until": time.time() + COMMENT_SECONDS}
    )


def _is_whole(message: Message) -> bool:
    """Whether the message shows the whole text now: its keyboard offers Show less."""
    keyboard = message.reply_markup.inline_keyboard if message.reply_markup else []
    return any(f":{OutputDeed.SHOW_LESS}:" in (button.callback_data or "") for row in keyboard for button in row)
