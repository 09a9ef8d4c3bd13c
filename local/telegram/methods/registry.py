"""The table of methods, and what most of them need: the chat and the message that they are about."""

from collections.abc import Awaitable, Callable
from typing import Any

from local.telegram.params import Params
from local.telegram.records import Chat, Message
from local.telegram.standin import StandIn
from local.telegram.wire import ApiError, bad_request, forbidden

Method = Callable[[StandIn, Params], Awaitable[Any]]
METHODS: dict[str, Method] = {}
MIGRATED = "group chat was upgraded to a supergroup chat"


def method(name: str) -> Callable[[Method], Method]:
    """Register a function as the method `name`; names are case-insensitive."""

    def register(function: Method) -> Method:
        METHODS[name.lower()] = function
        return function

    return register


def chat_of(standin: StandIn, params: Params) -> Chat:
    """Give the chat that a call names.

    Raises:
        ApiError: 400 when there is none, or it has become a supergroup.
    """
    try:
        chat = standin.world.chats.get(params.integer("chat_id") or 0)
    except ApiError:  # a @name; chats here have none
        chat = None
    if chat is None:
        raise bad_request("chat not found" if params.text("chat_id") else "chat_id is empty")
    if chat.migrated_to is not None:
        raise bad_request(MIGRATED, migrate_to_chat_id=chat.migrated_to)
    return chat


def writable_chat_of(standin: StandIn, params: Params) -> Chat:
    """Give the chat that a call names, if the bot may write there.

    Raises:
        ApiError: as `chat_of`; 403 when the person blocked the bot or never wrote to it, or the group has no bot.
    """
    chat = chat_of(standin, params)
    if chat.blocked:
        raise forbidden("bot was blocked by the user")
    if chat.is_private and not chat.started:
        raise forbidden("bot can't initiate conversation with a user")
    if chat.bot_status in {"left", "kicked"}:
        kind = chat.type
        raise forbidden(f"bot was kicked from the {kind} chat" if chat.bot_status == "kicked"
                        else f"bot is not a member of the {kind} chat")  # fmt: skip
    return chat


def message_of(standin: StandIn, params: Params, chat: Chat, missing: str) -> Message:
    """Give the message that a call names.

    Raises:
        ApiError: 400 `missing` when it is not there.
    """
    message = standin.world.message(chat.id, params.integer("message_id"))
    if message is None:
        raise bad_request(missing)
    return message
