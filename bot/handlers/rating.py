"""Rating with one tap, and the one question after it."""

import time
from uuid import UUID

from aiogram import Bot, F, Router
from aiogram.fsm.context import FSMContext
from aiogram.types import CallbackQuery, Message, User
from aiogram.utils.formatting import Text, TextMention

from bot import messages
from bot.desk import Desk, request_from
from bot.filters import CommentAwaited, Member, ReplyToQuestion
from bot.group_scores import GroupScores
from bot.keyboards.button import rows
from bot.keyboards.outputs import (
    CommentButton,
    GroupScoreButton,
    OutputDeed,
    RateButton,
    SeverityButton,
    WasRequestButton,
    result,
    severities,
    skip_comment,
    was_request,
)
from bot.places import is_private, person_of, place_of
from bot.states import Asking
from bot.view import View
from bot.words import say
from core.accounts.service import Account
from core.errors import StaleButtonError
from core.feedback.service import LOW_SCORE
from core.outputs.service import card
from core.runtime import Runtime
from storage.models import Feedback

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
    whole = _is_whole(message)
    if is_private(message):
        keyboard = result(card(output), score=callback_data.score, whole=whole)
        await messages.edit_keyboard(bot, message.chat.id, message.message_id, View("", keyboard))
    else:
        GroupScores(bot, runtime).show(message, output, whole=whole)
    await _ask_comment(bot, message, state, judged, callback.from_user)


@router.callback_query(GroupScoreButton.filter())
async def tell_group_score(
    callback: CallbackQuery,
    message: Message,
    callback_data: GroupScoreButton,
    runtime: Runtime,
    desk: Desk,
    account: Account | None,
) -> None:
    """How the group rated it."""
    async with runtime.unit(await desk.owner_of(message, account)) as unit:
        group = await unit.feedback.rated(callback_data.output)
    if group is None:
        raise StaleButtonError
    await callback.answer(say("group-score", mean=f"{group.mean:.1f}", count=group.count))


@router.message(ReplyToQuestion(), F.text)
@router.message(CommentAwaited(), F.text)
async def comment(
    message: Message, runtime: Runtime, state: FSMContext, feedback_id: UUID, perhaps_request: bool = False
) -> None:
    """A reply to the question at any time, or the next message soon after that asks for nothing."""
    async with runtime.unit(await _owner(runtime, feedback_id)) as unit:
        judged = await unit.feedback.comment(feedback_id, message.text or "", rater=person_of(message.from_user))
    await state.clear()
    is_low = judged.overall_score <= LOW_SCORE
    say_back = message.answer if is_private(message) else message.reply
    if is_low:
        await say_back(say("ask-severity"), reply_markup=severities(feedback_id, perhaps_request=perhaps_request))
    elif perhaps_request:
        await say_back(say("comment-perhaps-request"), reply_markup=rows(was_request(feedback_id)))
    else:
        await say_back(say("comment-kept"))


@router.callback_query(WasRequestButton.filter(), Member())
async def take_as_request(
    callback: CallbackQuery,
    message: Message,
    callback_data: WasRequestButton,
    runtime: Runtime,
    desk: Desk,
    member: Account,
    origin: str,
) -> None:
    """What was kept as a comment was meant as a request: do it, and keep no comment."""
    async with runtime.unit(await _owner(runtime, callback_data.feedback)) as unit:
        text = await unit.feedback.take_back_comment(callback_data.feedback, rater=person_of(callback.from_user))
    await callback.answer()
    await desk.take(request_from(message, member, text, origin=origin), on=message)


@router.callback_query(CommentButton.filter())
async def skip(
    callback: CallbackQuery,
    message: Message,
    callback_data: CommentButton,
    bot: Bot,
    runtime: Runtime,
    state: FSMContext,
) -> None:
    """No comment, if it is the one who rated that says so."""
    async with runtime.unit(await _owner(runtime, callback_data.feedback)) as unit:
        await unit.feedback.require_rater(callback_data.feedback, person_of(callback.from_user))
    await state.clear()
    await callback.answer()
    await messages.edit(bot, message.chat.id, message.message_id, View(say("skipped")))


@router.callback_query(SeverityButton.filter())
async def severity(
    callback: CallbackQuery, message: Message, callback_data: SeverityButton, bot: Bot, runtime: Runtime
) -> None:
    """How bad it is."""
    rater = person_of(callback.from_user)
    async with runtime.unit(await _owner(runtime, callback_data.feedback)) as unit:
        if callback_data.severity == "skip":
            await unit.feedback.require_rater(callback_data.feedback, rater)
        else:
            await unit.feedback.severity(callback_data.feedback, callback_data.severity, rater=rater)
    await callback.answer()
    await messages.edit(bot, message.chat.id, message.message_id, View(say("severity-kept")))


async def _owner(runtime: Runtime, feedback_id: UUID) -> UUID:
    async with runtime.system_unit() as unit:
        return await unit.feedback.owner_of(feedback_id)


async def _ask_comment(bot: Bot, message: Message, state: FSMContext, judged: Feedback, rater: User) -> None:
    """One question at a time: a second tap on the scores changes the one that is open. In a group it names them."""
    question = say("ask-what-better" if judged.overall_score <= LOW_SCORE else "ask-what-worked")
    name = () if is_private(message) else (TextMention(rater.first_name, user=rater), ": ")
    view = View.of(Text(*name, question), skip_comment(judged.id))
    known = await state.get_data()
    asked = known.get("question") if known.get("feedback") == str(judged.id) else None
    if asked is not None:
        await messages.edit(bot, message.chat.id, asked, view)
    else:
        asked = (await messages.send(bot, place_of(message), view, reply_to=message.message_id)).message_id
    await state.set_state(Asking.comment)
    await state.set_data({"feedback": str(judged.id), "question": asked, "until": time.time() + COMMENT_SECONDS})


def _is_whole(message: Message) -> bool:
    """Whether the message shows the whole text now: its keyboard offers Show less."""
    keyboard = message.reply_markup.inline_keyboard if message.reply_markup else []
    return any(f":{OutputDeed.SHOW_LESS}:" in (button.callback_data or "") for row in keyboard for button in row)
