"""Where an update comes from, and who sent it, in the core's words."""

from aiogram.types import CallbackQuery, Message, TelegramObject, User

from bot.telegram import CHANNEL
from core.channel import Place
from core.runs.service import Shown


def message_of(event: TelegramObject) -> Message | None:
    """The message of an event, if it can still be looked at."""
    if isinstance(event, Message):
        return event
    if isinstance(event, CallbackQuery) and isinstance(event.message, Message):
        return event.message
    return None


def place_of(message: Message) -> Place:
    """The chat, and the topic if it is one."""
    thread = message.message_thread_id if message.is_topic_message else None
    return Place(CHANNEL, str(message.chat.id), thread)


def shown_at(message: Message) -> Shown:
    """A message as what shows a run."""
    return Shown(place_of(message), message.message_id)


def person_of(user: User | None) -> str:
    """An identity of this channel. Only in a channel's own posts is there no user, and those are not for us."""
    return f"{CHANNEL}:{user.id if user else 0}"


def is_private(message: Message) -> bool:
    """Whether nobody else reads along."""
    return message.chat.type == "private"
