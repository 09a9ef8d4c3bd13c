"""Chats and their members, taps, reactions, pins, and "typing…".

Source: https://core.telegram.org/bots/api#available-methods
"""

from local.telegram.params import Params
from local.telegram.records import Chat
from local.telegram.standin import StandIn
from local.telegram.wire import Json, bad_request

from .registry import chat_of, message_of, method, writable_chat_of

_ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip
_ANSWER_LIMIT = 200
_RIGHTS = (
    "can_be_edited", "is_anonymous", "can_manage_chat", "can_delete_messages", "can_manage_video_chats",
    "can_restrict_members", "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories",
    "can_edit_stories", "can_delete_stories", "can_send_welcome_messages",
)  # fmt: skip


@method("answerCallbackQuery")
async def answer_callback_query(standin: StandIn, params: Params) -> bool:
    """Answer a tap, with or without words."""
    text = params.text("text") or ""
    if len(text) > _ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    query = standin.callbacks.answer(params.text("callback_query_id") or "")
    standin.feed.publish(
        "answer", query.chat_id, query_id=query.id, user_id=query.user_id, message_id=query.message_id,
        text=text, show_alert=params.flag("show_alert"), url=params.text("url"),
    )  # fmt: skip
    return True


@method("sendChatAction")
async def send_chat_action(standin: StandIn, params: Params) -> bool:
    """Show for five seconds, or until the next message, what the bot is doing."""
    chat = writable_chat_of(standin, params)
    action = (params.text("action") or "").lower()
    if action not in _ACTIONS:
        raise bad_request("wrong parameter action in request")
    standin.feed.publish("action", chat.id, action=action, thread_id=params.integer("message_thread_id"))
    return True


@method("setMessageReaction")
async def set_message_reaction(standin: StandIn, params: Params) -> bool:
    """Set or take away the bot's one reaction to a message."""
    chat = writable_chat_of(standin, params)
    message = message_of(standin, params, chat, "message to react not found")
    reactions = params.objects("reaction")
    if any(reaction.get("type") == "emoji" and not reaction.get("emoji") for reaction in reactions):
        raise bad_request("REACTION_INVALID")
    standin.world.react(message, standin.world.bot["id"], reactions[:1])
    return True


@method("pinChatMessage")
async def pin_chat_message(standin: StandIn, params: Params) -> bool:
    """Pin a message."""
    chat = writable_chat_of(standin, params)
    message = message_of(standin, params, chat, "message to pin not found")
    _may_pin(chat)
    chat.pinned = [*(pinned for pinned in chat.pinned if pinned != message.message_id), message.message_id]
    _pins_changed(standin, chat)
    return True


@method("unpinChatMessage")
async def unpin_chat_message(standin: StandIn, params: Params) -> bool:
    """Take one pin away: of the message named, or the newest."""
    chat = writable_chat_of(standin, params)
    _may_pin(chat)
    wanted = params.integer("message_id") or (chat.pinned or [0])[-1]
    chat.pinned = [pinned for pinned in chat.pinned if pinned != wanted]
    _pins_changed(standin, chat)
    return True


@method("getChat")
async def get_chat(standin: StandIn, params: Params) -> Json:
    """Give the Bot API `ChatFullInfo`."""
    chat = chat_of(standin, params)
    full: Json = {
        **standin.world.chat_wire(chat),
        "accent_color_id": abs(chat.id) % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
            False,
        ),
    }
    pinned = standin.world.message(chat.id, (chat.pinned or [0])[-1])
    return full | ({"pinned_message": pinned.body} if pinned else {})


@method("getChatMember")
async def get_chat_member(standin: StandIn, params: Params) -> Json:
    """Give the Bot API `ChatMember` of one person, or of the bot."""
    chat = chat_of(standin, params)
    return member(standin, chat, params.integer("user_id") or 0)


@method("getChatAdministrators")
async def get_chat_administrators(standin: StandIn, params: Params) -> list[Json]:
    """Give the owner of a group, and the bot where it is an administrator."""
    chat = chat_of(standin, params)
    if chat.is_private:
        raise bad_request("there are no administrators in the private chat")
    admins = [member(standin, chat, chat.members[0])] if chat.members else []
    return admins + ([member(standin, chat, standin.world.bot["id"])] if chat.bot_status == "administrator" else [])


@method("getChatMemberCount")
async def get_chat_member_count(standin: StandIn, params: Params) -> int:
    """Count the people in a chat, and the bot."""
    return len(chat_of(standin, params).members) + 1


def member(standin: StandIn, chat: Chat, user_id: int, status: str | None = None) -> Json:
    """Give the Bot API `ChatMember` of somebody in a chat; `status` says what they are, if not what they are now.

    Raises:
        ApiError: 400 for a user who does not exist.
    """
    if user_id == standin.world.bot["id"]:
        status, user = status or chat.bot_status, standin.world.bot
    elif user_id in standin.world.users:
        owner, inside = chat.members[:1] == [user_id] and not chat.is_private, user_id in chat.members
        status = status or ("creator" if owner else "member" if inside else "left")
        user = standin.world.users[user_id].wire()
    else:
        raise bad_request("invalid user_id specified")
    body: Json = {"status": status, "user": user}
    match status:
        case "creator":
            return body | {"is_anonymous": False}
        case "administrator":
            return body | dict.fromkeys(_RIGHTS, False) | {"can_manage_chat": True, "can_delete_messages": True}
        case "kicked":
            return body | {"until_date": 0}
        case _:
            return body


def _may_pin(chat: Chat) -> None:
    if not chat.is_private and chat.bot_status != "administrator":
        raise bad_request("not enough rights to manage pinned messages in the chat")


def _pins_changed(standin: StandIn, chat: Chat) -> None:
    standin.world.save_chat(chat)
    standin.feed.publish("pinned", chat.id, pinned=chat.pinned)
