"""Errors become words here, and nowhere else."""

from aiogram import Router
from aiogram.exceptions import TelegramAPIError, TelegramBadRequest, TelegramForbiddenError
from aiogram.types import CallbackQuery, ErrorEvent, Message
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from bot.places import is_private, message_of
from bot.words import has_words, say
from core.errors import BudgetReachedError, MarketingAgentError
from core.logging import get_logger

router = Router(name="errors")
log = get_logger(__name__)


class TryLaterError(Exception):
    """A store or Telegram is away: the update stays in the inbox and is handled again."""


@router.error()
async def say_what_happened(event: ErrorEvent) -> bool:
    """Tell the person; raise again what should be tried again."""
    error = event.exception
    if isinstance(error, TelegramForbiddenError):
        log.info("blocked", error=str(error))
        return True
    if isinstance(error, TelegramAPIError) and not isinstance(error, TelegramBadRequest):
        raise TryLaterError(str(error)) from error
    if isinstance(error, SQLAlchemyError | RedisError | OSError):
        raise TryLaterError(str(error)) from error
    reference = f"u{event.update.update_id}"
    text = words_for(error, reference, among_others=_among_others(event))
    if not isinstance(error, MarketingAgentError):
        log.error("handler_failed", reference=reference, exc_info=error)
    await _tell(event, text)
    return True


def words_for(error: Exception, reference: str, *, among_others: bool = False) -> str:
    """What a person reads of an error; of an unexpected one only that it happened, and its reference.

    What somebody spends is told to nobody else.
    """
    if isinstance(error, BudgetReachedError) and among_others:
        return say("budget-reached-here", resets=error.params["resets"])
    if isinstance(error, MarketingAgentError) and error.code != "internal" and has_words(f"error-{error.code}"):
        return say(f"error-{error.code}", **error.params)
    return say("error-internal", reference=reference)


def _among_others(event: ErrorEvent) -> bool:
    update = event.update.callback_query or event.update.message
    message = message_of(update) if update else None
    return message is not None and not is_private(message)


async def _tell(event: ErrorEvent, text: str) -> None:
    callback: CallbackQuery | None = event.update.callback_query
    message: Message | None = event.update.message
    if callback is not None:
        await callback.answer(text[:200], show_alert=len(text) > 60)  # noqa: PLR2004 - longer ones need time to read
    elif message is not None:
        await message.answer(text)
