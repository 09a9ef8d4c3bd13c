"""What people do: write, tap, edit, block. Each act changes the world and tells the bot as Telegram would."""

import time
from typing import Any

from .methods.chats import member
from .records import Chat, Message, User
from .standin import StandIn
from .text import MESSAGE_LIMIT, checked_text, piece
from .wire import Json, bad_request

_PAYLOAD_LIMIT = 64
_COMMAND = "bot_command"


class Actions:
    """One person in one chat."""

    def __init__(self, standin: StandIn, user: User, chat: Chat) -> None:
        self._standin = standin
        self._world = standin.world
        self._user = user
        self._chat = chat

    def write(self, text: str, reply_to: int | None = None, thread_id: int | None = None) -> Message:
        """Send a text.

        Raises:
            ApiError: 400 when it is empty or too long, or the message replied to is not there.
        """
        text, entities = checked_text(text, [], MESSAGE_LIMIT, "message is too long")
        if not text:
            raise bad_request("message text is empty")
        return self._say({"text": text, "entities": entities}, reply_to, thread_id)

    def start(self, payload: str = "") -> Message:
        """Open the bot by a deep link, or press its Start button.

        Raises:
            ApiError: 400 for a payload of over 64 characters or with others than `A-Z a-z 0-9 _ -`.
        """
        plain = payload.replace("_", "a").replace("-", "a")
        if payload and not (plain.isascii() and plain.isalnum() and len(payload) <= _PAYLOAD_LIMIT):
            raise bad_request("START_PARAM_INVALID")
        self.unblock()
        return self.write(f"/start {payload}".strip())

    def send_file(
        self, name: str, content: bytes, mime_type: str, *,
        caption: str = "", reply_to: int | None = None, thread_id: int | None = None,
    ) -> Message:  # fmt: skip
        """Send a document."""
        record = self._world.add_file(name, content, mime_type)
        body: Json = {"document": _file(record, "file_name", "mime_type")}
        if caption:
            body["caption"], body["caption_entities"] = checked_text(
                caption, [], 1024, "message caption is too long"
            )
        return self._say(body, reply_to, thread_id)

    def send_voice(self, seconds: int, thread_id: int | None = None) -> Message:
        """Send a voice note of so many seconds; it holds silence."""
        record = self._world.add_file("voice.ogg", b"OggS" + bytes(60 * seconds), "audio/ogg")
        return self._say({"voice": {**_file(record, "mime_type"), "duration": seconds}}, None, thread_id)

    def send_sticker(self, emoji: str, thread_id: int | None = None) -> Message:
        """Send a sticker that stands for an emoji."""
        record = self._world.add_file("sticker.webp", b"RIFF\0\0\0\0WEBP", "image/webp")
        look: Json = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._say({"sticker": {**_file(record), **look, "emoji": emoji}}, None, thread_id)

    def edit(self, message: Message, text: str) -> None:
        """Change one's own message."""
        self._own(message)
        text, entities = checked_text(text, [], MESSAGE_LIMIT, "message is too long")
        self._world.edit(message, {"text": text, "entities": entities})
        if self._heard(message):
            self._tell("edited_message", message.body)

    def delete(self, message: Message) -> None:
        """Delete one's own message, or any in a private chat. The bot is not told: no update says so."""
        if not self._chat.is_private:
            self._own(message)
        self._world.delete(message)

    def tap(self, message: Message, button: int | str) -> Json:
        """Tap a button of a message, by its number (0 is the first, row by row) or its label.

        Returns:
            `{"query_id": …}` for a callback, `{"url": …}` for a link, `{"copied": …}` for a copy button.

        Raises:
            ApiError: 400 when there is no such button.
        """
        rows = message.body.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = [each for row in rows for each in row]
        found = _chosen(buttons, button)
        if "url" in found:
            return {"url": found["url"]}
        if "copy_text" in found:
            return {"copied": found["copy_text"]["text"]}
        if "callback_data" not in found:
            return {}
        query = self._standin.callbacks.begin(self._user.id, self._chat.id, message.message_id)
        seen: Json = message.body
        if message.deleted_at is not None:
            seen = {"chat": message.body["chat"], "message_id": message.message_id, "date": 0}
        payload: Json = {
            "id": query.id,
            "from": self._user.wire(),
            "message": seen,
            "chat_instance": str(abs(self._chat.id) * 31 + self._world.bot["id"]),
            "data": found["callback_data"],
        }
        self._standin.feed.publish(
            "tap", self._chat.id, query_id=query.id, message_id=message.message_id, label=found["text"]
        )
        self._standin.updates.add("callback_query", payload, f"callback:{self._user.id}")
        return {"query_id": query.id}

    def react(self, message: Message, emoji: str | None) -> None:
        """Set one's reaction to a message; None takes it away."""
        old = message.reactions.get(str(self._user.id), [])
        new = [{"type": "emoji", "emoji": emoji}] if emoji else []
        self._world.react(message, self._user.id, new)
        payload: Json = {"chat": self._world.chat_wire(self._chat), "message_id": message.message_id}
        payload |= {"date": int(time.time()), "user": self._user.wire()}
        self._tell("message_reaction", payload | {"old_reaction": old, "new_reaction": new})

    def block(self) -> None:
        """Stop the bot: it can't write here any more, and is told so."""
        self._set_blocked(blocked=True)

    def unblock(self) -> None:
        """Let the bot write again."""
        self._set_blocked(blocked=False)

    def _set_blocked(self, *, blocked: bool) -> None:
        if not self._chat.is_private or self._chat.blocked == blocked:
            return
        bot_id = self._world.bot["id"]
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        self._chat.blocked = blocked
        self._world.save_chat(self._chat)
        self._standin.feed.publish("blocked", self._chat.id, blocked=blocked)
        payload: Json = {
            "chat": self._world.chat_wire(self._chat),
            "from": self._user.wire(),
            "date": int(time.time()),
            "old_chat_member": member(self._standin, self._chat, bot_id, old),
            "new_chat_member": member(self._standin, self._chat, bot_id, new),
        }
        self._standin.updates.add("my_chat_member", payload, f"member:{self._chat.id}")

    def _say(self, content: Json, reply_to: int | None, thread_id: int | None) -> Message:
        if self._user.id not in self._chat.members:
            raise bad_request("USER_NOT_PARTICIPANT")
        if self._chat.migrated_to is not None:
            raise bad_request("CHAT_MIGRATED", migrate_to_chat_id=self._chat.migrated_to)
        if thread_id is not None and str(thread_id) not in self._chat.topics:
            raise bad_request("message thread not found")
        replied = self._world.message(self._chat.id, reply_to) if reply_to else None
        if reply_to and replied is None:
            raise bad_request("message to be replied not found")
        self.unblock()  # writing to a bot that one has stopped starts it again
        self._chat.started = True
        message = self._world.post(self._chat, self._user.wire(), content, thread_id=thread_id, reply_to=replied)
        if self._heard(message):
            self._tell("message", message.body)
        return message

    def _heard(self, message: Message) -> bool:
        """Tell whether the bot gets to see a message: all in private, in groups what is meant for it.

        Source: https://core.telegram.org/bots/features#privacy-mode
        """
        if self._chat.is_private or self._chat.bot_status == "administrator":
            return True
        if self._chat.bot_status != "member":
            return False
        bot = self._world.bot
        if message.body.get("reply_to_message", {}).get("from", {}).get("id") == bot["id"]:
            return True
        name = f"@{bot['username']}".lower()
        for words, marks in (("text", "entities"), ("caption", "caption_entities")):
            for entity in message.body.get(marks, []):
                said = piece(message.body[words], entity["offset"], entity["length"]).lower()
                if entity["type"] == "mention" and said == name:
                    return True
                if entity["type"] == _COMMAND and ("@" not in said or said.endswith(name)):
                    return True
        return False

    def _tell(self, kind: str, payload: Json) -> None:
        self._standin.updates.add(kind, payload, f"chat:{self._chat.id}")

    def _own(self, message: Message) -> None:
        if message.body["from"]["id"] != self._user.id:
            raise bad_request("MESSAGE_AUTHOR_REQUIRED")


def _file(record: Json, *more: str) -> Json:
    return {name: record[name] for name in ("file_id", "file_unique_id", "file_size", *more)}


def _chosen(buttons: list[Json], wanted: int | str) -> Json:
    if isinstance(wanted, int):
        if 0 <= wanted < len(buttons):
            return buttons[wanted]
    else:
        for match in (str.__eq__, str.startswith, str.__contains__):
            for button in buttons:
                if match(button["text"].casefold(), wanted.casefold()):
                    return button
    labels = ", ".join(repr(button["text"]) for button in buttons) or "none"
    raise bad_request(f"there is no button {wanted!r} on this message; its buttons: {labels}")


def migrate(standin: StandIn, chat: Chat) -> Chat:
    """Make a supergroup of a group, as Telegram does by itself when a group outgrows its kind.

    Raises:
        ApiError: 400 when it is no basic group.
    """
    if chat.type != "group" or chat.migrated_to is not None:
        raise bad_request("only a basic group can become a supergroup")
    world = standin.world
    new = world.add_group(chat.title, chat.members)
    chat.migrated_to = new.id
    owner: Any = world.users[chat.members[0]].wire() if chat.members else world.bot
    old_note = world.post(chat, owner, {}, migrate_to_chat_id=new.id)
    new_note = world.post(new, owner, {}, migrate_from_chat_id=chat.id)
    standin.updates.add("message", old_note.body, f"chat:{chat.id}")
    standin.updates.add("message", new_note.body, f"chat:{new.id}")
    return new
