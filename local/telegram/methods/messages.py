"""Sending, editing and deleting messages.

Source: https://core.telegram.org/bots/api#available-methods and https://core.telegram.org/bots/api#updating-messages
"""

from local.telegram.keyboard import checked_markup, inline_only
from local.telegram.markup import parsed
from local.telegram.params import Params
from local.telegram.records import Chat, Message
from local.telegram.rich import rich_message
from local.telegram.standin import StandIn
from local.telegram.text import CAPTION_LIMIT, MESSAGE_LIMIT, checked_text
from local.telegram.wire import Json, bad_request

from .registry import message_of, method, writable_chat_of

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)


@method("sendMessage")
async def send_message(standin: StandIn, params: Params) -> Json:
    """Send a text."""
    chat = writable_chat_of(standin, params)
    return send(standin, params, chat, _text(params))


@method("sendRichMessage")
async def send_rich_message(standin: StandIn, params: Params) -> Json:
    """Send a rich message."""
    chat = writable_chat_of(standin, params)
    return send(standin, params, chat, {"rich_message": rich_message(params.json("rich_message"))})


@method("editMessageText")
async def edit_message_text(standin: StandIn, params: Params) -> Json:
    """Change a text into another, or into a rich message."""
    chat, message = _editable(standin, params)
    if "text" not in message.body and "rich_message" not in message.body:
        raise bad_request("there is no text in the message to edit")
    given = params.json("rich_message")
    content = {"rich_message": rich_message(given)} if given else _text(params)
    return _edit(standin, chat, message, content, params)


@method("editMessageCaption")
async def edit_message_caption(standin: StandIn, params: Params) -> Json:
    """Change the words under a document or a photo."""
    chat, message = _editable(standin, params)
    media: Json = {name: message.body[name] for name in ("document", "photo") if name in message.body}
    if not media:
        raise bad_request("there is no caption in the message to edit")
    return _edit(standin, chat, message, {**media, **caption(params)}, params)


@method("editMessageReplyMarkup")
async def edit_message_reply_markup(standin: StandIn, params: Params) -> Json:
    """Change the buttons only."""
    chat, message = _editable(standin, params)
    content = {name: value for name, value in message.content().items() if name != "reply_markup"}
    return _edit(standin, chat, message, content, params)


@method("deleteMessage")
async def delete_message(standin: StandIn, params: Params) -> bool:
    """Delete a message: one of the bot's own, any in a private chat, and in a group any if the bot is an admin."""
    chat = writable_chat_of(standin, params)
    _delete(standin, chat, message_of(standin, params, chat, "message to delete not found"))
    return True


@method("deleteMessages")
async def delete_messages(standin: StandIn, params: Params) -> bool:
    """Delete several messages; those that are gone are passed over."""
    chat = writable_chat_of(standin, params)
    for message_id in params.json("message_ids") or []:
        if (message := standin.world.message(chat.id, int(message_id))) is not None:
            _delete(standin, chat, message)
    return True


def send(standin: StandIn, params: Params, chat: Chat, content: Json) -> Json:
    """Post what every send has in common: topic, reply, buttons, budget. Give the Bot API `Message`.

    Raises:
        ApiError: 400 for a reply or topic that is not there; 429 over the budget.
    """
    markup = checked_markup(params.json("reply_markup"))
    thread = params.integer("message_thread_id")
    if thread is not None and str(thread) not in chat.topics:
        raise bad_request("message thread not found")
    reply_to = _replied(standin, params, chat)
    standin.flood.spend(chat)
    if markup is not None:
        content = {**content, "reply_markup": markup}
    message = standin.world.post(chat, standin.world.bot, content, thread_id=thread, reply_to=reply_to)
    return wire(message)


def caption(params: Params) -> Json:
    """Give the caption of a call and its entities, or nothing.

    Raises:
        ApiError: 400 when it has over 1024 characters, or its markup is wrong.
    """
    text, found = parsed(params.text("caption") or "", params.text("parse_mode"))
    given = params.objects("caption_entities") or found
    text, entities = checked_text(text, given, CAPTION_LIMIT, "message caption is too long")
    return {"caption": text, "caption_entities": entities} if text else {}


def wire(message: Message) -> Json:
    """Give the message as the bot gets it: a reply keyboard is for people's eyes only."""
    if "inline_keyboard" in message.body.get("reply_markup", {"inline_keyboard": []}):
        return message.body
    return {name: value for name, value in message.body.items() if name != "reply_markup"}


def _text(params: Params) -> Json:
    text, found = parsed(params.text("text") or "", params.text("parse_mode"))
    given = params.objects("entities") or found
    text, entities = checked_text(text, given, MESSAGE_LIMIT, "message is too long")
    if not text:
        raise bad_request("message text is empty")
    return {"text": text, "entities": entities}


def _replied(standin: StandIn, params: Params, chat: Chat) -> Message | None:
    reply = params.json("reply_parameters") or {}
    wanted = reply.get("message_id") or params.integer("reply_to_message_id")
    if wanted is None:
        return None
    message = standin.world.message(chat.id, int(wanted))
    lenient = reply.get("allow_sending_without_reply") or params.flag("allow_sending_without_reply")
    if message is None and not lenient:
        raise bad_request("message to be replied not found")
    return message


def _editable(standin: StandIn, params: Params) -> tuple[Chat, Message]:
    chat = writable_chat_of(standin, params)
    message = message_of(standin, params, chat, "message to edit not found")
    if not message.from_bot:
        raise bad_request("message can't be edited")
    return chat, message


def _edit(standin: StandIn, chat: Chat, message: Message, content: Json, params: Params) -> Json:
    if (markup := inline_only(checked_markup(params.json("reply_markup")))) is not None:
        content = {**content, "reply_markup": markup}
    standin.flood.spend(chat)
    if {name: value for name, value in content.items() if value} == message.content():
        raise bad_request(NOT_MODIFIED)
    standin.world.edit(message, content)
    return wire(message)


def _delete(standin: StandIn, chat: Chat, message: Message) -> None:
    if not (message.from_bot or chat.is_private or chat.bot_status == "administrator"):
        raise bad_request("message can't be deleted")
    standin.world.delete(message)
