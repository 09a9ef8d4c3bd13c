"""Who and what there is: people, chats, messages. Each record turns into a document and back."""

import time
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar, Self

from .rich import plain_text
from .wire import Json

CONTENT = ("text", "entities", "caption", "caption_entities", "rich_message", "document", "photo", "reply_markup")


class Record:
    """A dataclass that is kept as a document of its `kind`."""

    kind: ClassVar[str]

    def document(self) -> Json:
        """Give the record as JSON."""
        return asdict(self)  # type: ignore[call-overload, no-any-return] # every subclass is a dataclass

    @classmethod
    def of(cls, document: Json) -> Self:
        """Make the record again from its document; fields of another version are left out."""
        known = {f.name for f in fields(cls)}  # type: ignore[arg-type]
        return cls(**{name: value for name, value in document.items() if name in known})


@dataclass
class User(Record):
    """Someone who talks to the bot. `key` is the short name by which tests and the page call them."""

    kind = "user"
    id: int
    key: str
    first_name: str
    last_name: str = ""
    username: str = ""
    language_code: str = "en"

    def wire(self) -> Json:
        """Give the Bot API `User`."""
        body: Json = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        optional = {"last_name": self.last_name, "username": self.username, "language_code": self.language_code}
        return body | {name: value for name, value in optional.items() if value}


@dataclass
class Chat(Record):
    """A private chat with the bot, a group, or a supergroup (a forum if it has topics)."""

    kind = "chat"
    id: int
    type: str
    title: str = ""
    members: list[int] = field(default_factory=list)  # user ids; the first one owns a group
    topics: dict[str, str] = field(default_factory=dict)  # thread id as text → name
    is_forum: bool = False
    bot_status: str = "member"
    started: bool = False  # a private chat in which the person has spoken
    blocked: bool = False
    migrated_to: int | None = None
    last_message_id: int = 0
    pinned: list[int] = field(default_factory=list)

    @property
    def is_private(self) -> bool:
        """Tell whether this is one person and the bot."""
        return self.type == "private"


@dataclass
class Message(Record):
    """A message with everything it ever was.

    `body` is the Bot API `Message` as it stands now. `states` has one entry for the message as it was sent and
    one for each edit: its content, and `at`, the Unix time of the change.
    """

    kind = "message"
    chat_id: int
    message_id: int
    body: Json
    states: list[Json] = field(default_factory=list)
    from_bot: bool = False
    deleted_at: float | None = None
    reactions: dict[str, list[Json]] = field(default_factory=dict)  # user id as text → reactions

    @property
    def key(self) -> str:
        """Name the message among all chats."""
        return f"{self.chat_id}:{self.message_id}"

    def document(self) -> Json:
        """Give the message as JSON, without its states: those are kept one by one, as they come."""
        return {name: value for name, value in vars(self).items() if name != "states"}

    def content(self) -> Json:
        """Give what an edit can change."""
        return {name: self.body[name] for name in CONTENT if name in self.body}

    def set_content(self, content: Json, *, edited: bool) -> None:
        """Replace the content, and remember the new state."""
        now = time.time()
        for name in CONTENT:
            self.body.pop(name, None)
        self.body |= {name: value for name, value in content.items() if value}
        if edited:
            self.body["edit_date"] = int(now)
        self.states.append({"at": now, **self.content()})

    def view(self) -> Json:
        """Give the message as people see it: the Bot API's fields, and what only a client knows."""
        return {
            **self.body,
            "from_bot": self.from_bot,
            "plain": plain(self.body),
            "edits": len(self.states) - 1,
            "changed_at": self.states[-1]["at"],
            "deleted": self.deleted_at is not None,
            "reactions": [reaction for given in self.reactions.values() for reaction in given],
        }

    def history(self) -> list[Json]:
        """Give every state, oldest first, each with its plain text."""
        return [{**state, "plain": plain(state)} for state in self.states]


def plain(body: Json) -> str:
    """Give the words of a message or a state: text, the text of a rich message, or a caption."""
    if "rich_message" in body:
        return plain_text(body["rich_message"]["blocks"])
    words: Any = body.get("text") or body.get("caption") or ""
    return str(words)
