"""The world of the stand-in: who there is, what was said, and what the bot may see of it."""

import secrets
import time
from typing import Any

from .feed import Feed
from .records import Chat, Message, User
from .store import Store
from .updates import UpdateQueue
from .wire import Json, bad_request

MAYA, SAM = 7_100_000_001, 7_100_000_002  # beyond 32 bits, as the ids of new accounts are
TEAM = -1_002_200_000_001
_USERS, _GROUPS, _SUPERGROUPS = 7_100_000_100, -4_100_000_100, -1_002_200_000_100  # ids go on from here


class World:
    """People, chats, messages and files; kept in the store, told to the feed, and told to the bot as updates."""

    def __init__(self, store: Store, feed: Feed, updates: UpdateQueue, bot: Json) -> None:
        self.store = store
        self.feed = feed
        self.updates = updates
        self.bot = bot
        self.users = {user.id: user for user in map(User.of, store.load("user"))}
        self.chats = {chat.id: chat for chat in map(Chat.of, store.load("chat"))}
        self.messages: dict[int, dict[int, Message]] = {chat_id: {} for chat_id in self.chats}
        for message in sorted(map(Message.of, store.load("message")), key=lambda m: m.message_id):
            self.messages.setdefault(message.chat_id, {})[message.message_id] = message
        for state in sorted(store.load("state"), key=lambda kept: int(kept["number"])):
            if (known := self.messages.get(state["chat_id"], {}).get(state["message_id"])) is not None:
                known.states.append(state["state"])
        self.commands: Json = store.one("bot", "commands") or {}
        if not self.users:
            self.populate()

    def populate(self) -> None:
        """Make the people and the group that are there from the start."""
        self.add_user("maya", "Maya", "Lindqvist", user_id=MAYA)
        self.add_user("sam", "Sam", "Okafor", user_id=SAM)
        self.add_group("Lindqvist & Okafor", [MAYA, SAM], ["Yaz Automate", "Ideas"], chat_id=TEAM)

    # People and chats

    def add_user(self, key: str, first_name: str, last_name: str = "", user_id: int | None = None) -> User:
        """Add a person, and their private chat with the bot."""
        user = User(user_id or _USERS + self._serial(), key, first_name, last_name, username=f"{key}_here")
        self.users[user.id] = user
        self.store.put("user", user.id, user.document())
        if user.id not in self.chats:
            self.save_chat(Chat(user.id, "private", members=[user.id]))
        return user

    def add_group(
        self, title: str, members: list[int], topics: list[str] | None = None, *,
        supergroup: bool = True, chat_id: int | None = None,
    ) -> Chat:  # fmt: skip
        """Add a group with the bot in it. With `topics` it is a forum."""
        chat_id = chat_id or (_SUPERGROUPS if supergroup else _GROUPS) - self._serial()
        chat = Chat(chat_id, "supergroup" if supergroup else "group", title, list(members))
        chat.is_forum = bool(topics)
        chat.last_message_id = 1 if topics else 0  # number 1 is the topic "General", whose messages name no topic
        for name in topics or []:
            chat.last_message_id += 1  # a topic's id is that of the message that made it
            chat.topics[str(chat.last_message_id)] = name
        return self.save_chat(chat)

    def save_chat(self, chat: Chat) -> Chat:
        """Keep a chat as it is now."""
        self.chats[chat.id] = chat
        self.messages.setdefault(chat.id, {})
        self.store.put("chat", chat.id, chat.document())
        return chat

    def chat_wire(self, chat: Chat) -> Json:
        """Give the Bot API `Chat`."""
        if chat.is_private:
            user = self.users[chat.id].wire()
            names: Json = {name: user[name] for name in ("first_name", "last_name", "username") if name in user}
            return {"id": chat.id, "type": chat.type, **names}
        return {"id": chat.id, "type": chat.type, "title": chat.title} | (
            {"is_forum": True} if chat.is_forum else {}
        )

    # Messages

    def message(self, chat_id: int, message_id: int | None) -> Message | None:
        """Give a message that is there and not deleted."""
        found = self.messages.get(chat_id, {}).get(message_id or 0)
        return found if found and found.deleted_at is None else None

    def post(
        self, chat: Chat, author: Json, content: Json, *,
        thread_id: int | None = None, reply_to: Message | None = None, **more: Any,
    ) -> Message:  # fmt: skip
        """Put a new message into a chat; `author` is a Bot API `User`."""
        chat.last_message_id += 1
        body: Json = {"message_id": chat.last_message_id, "from": author, "chat": self.chat_wire(chat)}
        body["date"] = int(time.time())
        if reply_to is not None:
            body["reply_to_message"] = {k: v for k, v in reply_to.body.items() if k != "reply_to_message"}
            thread_id = thread_id or reply_to.body.get("message_thread_id")
        if thread_id is not None and chat.is_forum:
            body |= {"message_thread_id": thread_id, "is_topic_message": True}
            body.setdefault("reply_to_message", self._topic_note(chat, thread_id, body["chat"]))
        body |= more
        message = Message(chat.id, chat.last_message_id, body, from_bot=author["is_bot"])
        message.set_content(content, edited=False)
        self.messages[chat.id][message.message_id] = message
        self.save_chat(chat)
        self._changed("message", message)
        return message

    def _topic_note(self, chat: Chat, thread_id: int, wire: Json) -> Json:
        """Give the service message that began a topic: what says nothing else in a topic is a reply to it."""
        owner = self.users[chat.members[0]].wire() if chat.members else self.bot
        note: Json = {"message_id": thread_id, "from": owner, "chat": wire, "date": int(time.time())}
        note |= {"message_thread_id": thread_id, "is_topic_message": True}
        return note | {"forum_topic_created": {"name": chat.topics[str(thread_id)], "icon_color": 0x6FB9F0}}

    def edit(self, message: Message, content: Json) -> None:
        """Change what a message says."""
        message.set_content(content, edited=True)
        self._changed("edit", message)

    def delete(self, message: Message) -> None:
        """Take a message away. Its record stays for tests to look at."""
        message.deleted_at = time.time()
        self._changed("delete", message)

    def react(self, message: Message, user_id: int, reactions: list[Json]) -> None:
        """Set what somebody's reaction to a message is; an empty list takes it away."""
        message.reactions[str(user_id)] = reactions
        self._changed("reaction", message)

    def _changed(self, kind: str, message: Message) -> None:
        if kind in {"message", "edit"}:  # the state first: a message without one could not be shown after a kill
            number = len(message.states)
            place: Json = {"chat_id": message.chat_id, "message_id": message.message_id, "number": number}
            self.store.put("state", f"{message.key}:{number}", {**place, "state": message.states[-1]})
        self.store.put("message", message.key, message.document())
        self.feed.publish(kind, message.chat_id, message=message.view())

    # Files

    def add_file(self, name: str, content: bytes, mime_type: str) -> Json:
        """Keep a file; give what every Bot API file object has, and its path."""
        unique = secrets.token_urlsafe(11)
        suffix = "".join(c for c in name.rpartition(".")[2] if c.isalnum()) if "." in name else "bin"
        record: Json = {
            "file_id": f"BQACAgIAAxkBAAI{unique}{secrets.token_urlsafe(24)}",
            "file_unique_id": unique,
            "file_size": len(content),
            "file_name": name,
            "mime_type": mime_type,
            "file_path": f"documents/{unique}.{suffix}",
        }
        path = self.store.file(record["file_path"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        self.store.put("file", record["file_id"], record)
        return record

    def file(self, file_id: str) -> Json:
        """Give the record of a file.

        Raises:
            ApiError: 400 when the id is none of ours.
        """
        record = self.store.one("file", file_id)
        if record is None:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        return record

    def _serial(self) -> int:
        number: int = (self.store.one("bot", "serial") or {"last": 0})["last"] + 1
        self.store.put("bot", "serial", {"last": number})
        return number

    def clear(self) -> None:
        """Forget what was said and who was added; message ids go on rising, as no server gives one twice."""
        counters = {chat.id: chat.last_message_id for chat in self.chats.values()}
        for kind in ("user", "chat", "message", "state", "file"):
            self.store.clear(kind)
        self.users, self.chats, self.messages = {}, {}, {}
        self.populate()
        for chat in self.chats.values():
            chat.last_message_id = max(chat.last_message_id, counters.get(chat.id, 0))
            self.save_chat(chat)
        self.feed.publish("reset", None)
