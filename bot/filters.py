"""What a message is, where a command's name or a text alone does not tell."""

import re
import time
from typing import Any, TypeVar
from uuid import UUID

from aiogram import Bot
from aiogram.filters import BaseFilter
from aiogram.filters.callback_data import CallbackData
from aiogram.fsm.context import FSMContext
from aiogram.types import Message, TelegramObject

from bot.keyboards.interview import InterviewButton
from bot.keyboards.outputs import CommentButton, RateButton
from bot.places import is_private, message_of
from bot.states import Asking
from core.accounts.service import Account
from core.errors import MarketingAgentError, NotLinkedError, SkillUnknownError
from core.runtime import Runtime

Data = TypeVar("Data", bound=CallbackData)
_COMMAND = re.compile(r"/([A-Za-z0-9_-]{1,64})(?:@(\w+))?(?:\s+(.*))?$", re.DOTALL)


class Member(BaseFilter):
    """Somebody with an account; a stranger is told how to be let in."""

    async def __call__(self, _: TelegramObject, account: Account | None) -> dict[str, Account]:
        """Gives `member`.

        Raises:
            NotLinkedError: this identity is tied to no account.
        """
        if account is None:
            raise NotLinkedError
        return {"member": account}


class NotAdminError(MarketingAgentError):
    """This is for those who run the bot."""

    code = "not-admin"
    status = 403


class PrivateChatError(MarketingAgentError):
    """What was asked for is nobody else's business, and others read along here."""

    code = "private-chat"
    status = 403


class Private(BaseFilter):
    """A chat in which nobody else reads along; elsewhere one is told to come there."""

    async def __call__(self, event: TelegramObject) -> bool:
        """True.

        Raises:
            PrivateChatError: it is a group.
        """
        message = message_of(event)
        if message is None or not is_private(message):
            raise PrivateChatError
        return True


class Admin(BaseFilter):
    """Somebody who runs the bot, looked up at each tap; in private, as in a group others may speak for an owner."""

    async def __call__(self, event: TelegramObject, account: Account | None) -> dict[str, Account]:
        """Gives `admin`.

        Raises:
            NotAdminError: it is somebody else.
            PrivateChatError: it is a group.
        """
        if account is None or account.role != "admin":
            raise NotAdminError
        await Private()(event)
        return {"admin": account}


class SkillCommand(BaseFilter):
    """`/copywriting …`; a skill's hyphens may be typed as such, though Telegram has no command with one."""

    async def __call__(self, message: Message, runtime: Runtime) -> bool | dict[str, Any]:
        """Gives `skill_name` and `skill_request`."""
        match = _COMMAND.match(message.text or "")
        if match is None:
            return False
        try:
            skill = runtime.catalogue.get(match[1].lower())
        except SkillUnknownError:
            return False
        return {"skill_name": skill.name, "skill_request": (match[3] or "").strip()}


class AnyCommand(BaseFilter):
    """A command that nobody else took."""

    async def __call__(self, message: Message) -> bool | dict[str, Any]:
        """Gives `command_name`."""
        match = _COMMAND.match(message.text or "")
        return {"command_name": match[1]} if match else False


class Addressed(BaseFilter):
    """In a private chat everything; in a group what mentions the bot, answers it, or is a command."""

    async def __call__(self, message: Message, bot: Bot) -> bool:
        """Whether to listen."""
        if is_private(message) or (message.text or "").startswith("/"):
            return True
        answered = message.reply_to_message
        if answered is not None and answered.from_user is not None and answered.from_user.id == bot.id:
            return True
        me = await bot.me()
        return f"@{me.username}".lower() in (message.text or message.caption or "").lower()


class ReplyToQuestion(BaseFilter):
    """A reply to the bot's question for a comment, however old: its Skip button says whose comment it is."""

    async def __call__(self, message: Message) -> bool | dict[str, UUID]:
        """Gives `feedback_id`."""
        data = _button_of_answered(message, CommentButton)
        return {"feedback_id": data.feedback} if data else False


class ReplyToResult(BaseFilter):
    """A reply to a message that shows a piece: its rating buttons say which."""

    async def __call__(self, message: Message) -> bool | dict[str, UUID]:
        """Gives `output_id`."""
        data = _button_of_answered(message, RateButton)
        return {"output_id": data.output} if data else False


class ReplyToInterview(BaseFilter):
    """A reply to a question of an interview, however old: its buttons say which."""

    async def __call__(self, message: Message) -> bool | dict[str, UUID]:
        """Gives `draft_id`."""
        data = _button_of_answered(message, InterviewButton)
        return {"draft_id": data.draft} if data else False


class InterviewAnswer(BaseFilter):
    """The next message after a question of an interview."""

    async def __call__(self, message: Message, state: FSMContext) -> bool | dict[str, UUID]:
        """Gives `draft_id`."""
        if await state.get_state() != Asking.client_answer.state or (message.text or "").startswith("/"):
            return False
        return {"draft_id": UUID((await state.get_data())["draft"])}


class FormWords(BaseFilter):
    """An answer in words to the long form of a judgement: the next message; in a group a reply to its question."""

    async def __call__(self, message: Message, state: FSMContext) -> bool:
        """Whether it is one."""
        if await state.get_state() != Asking.form_words.state or (message.text or "").startswith("/"):
            return False
        answered = message.reply_to_message
        if answered is None:
            return is_private(message)
        return bool(answered.message_id == (await state.get_data())["message"])


class CommentAwaited(BaseFilter):
    """The next message after a rating, within five minutes, in which no request is found.

    `The structure is clear` names a skill, but orders nothing: it is a comment, and perhaps a request.
    """

    async def __call__(self, message: Message, runtime: Runtime, state: FSMContext) -> bool | dict[str, Any]:
        """Gives `feedback_id` and `perhaps_request`."""
        if await state.get_state() != Asking.comment.state or (message.text or "").startswith("/"):
            return False
        data = await state.get_data()
        if time.time() > data.get("until", 0) or message.reply_to_message is not None:
            return False
        names_work = runtime.detector.look(message.text or "").kind in {"skill", "workflow"}
        if names_work and runtime.detector.orders(message.text or ""):
            return False
        return {"feedback_id": UUID(data["feedback"]), "perhaps_request": names_work}


def _button_of_answered(message: Message, kind: type[Data]) -> Data | None:
    """The first button of this kind under the message that was answered."""
    answered = message.reply_to_message
    if answered is None or answered.reply_markup is None:
        return None
    for row in answered.reply_markup.inline_keyboard:
        for button in row:
            if (button.callback_data or "").startswith(f"{kind.__prefix__}:"):
                return kind.unpack(button.callback_data or "")
    return None
