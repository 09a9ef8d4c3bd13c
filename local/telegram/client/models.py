"""What the client gives: messages, taps, calls and groups as plain typed values."""

from dataclasses import dataclass, field
from typing import Self

from local.telegram.wire import Json


@dataclass(frozen=True)
class Button:
    """A button under a message."""

    label: str
    data: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class Document:
    """A file that a message carries."""

    file_id: str
    name: str
    mime_type: str
    size: int


@dataclass(frozen=True)
class Photo:
    """A picture that a message shows; sides in pixels."""

    file_id: str
    width: int
    height: int


@dataclass(frozen=True)
class State:
    """A message as it was at one time. `at` is Unix time in seconds."""

    at: float
    text: str
    buttons: tuple[tuple[Button, ...], ...]
    is_rich: bool


@dataclass(frozen=True)
class Message:
    """A message as people saw it at one moment; it does not change when the message is edited later.

    `text` has the words whatever the message is: text, rich message or caption. `raw` is the Bot API `Message`.
    """

    id: int
    chat_id: int
    text: str
    from_bot: bool
    author: str
    buttons: tuple[tuple[Button, ...], ...]
    is_rich: bool
    edits: int
    deleted: bool
    date: int
    thread_id: int | None
    reply_to: int | None
    document: Document | None
    photo: Photo | None
    reactions: tuple[str, ...]
    raw: Json = field(repr=False, compare=False)

    @classmethod
    def of(cls, view: Json) -> Self:
        """Read a message as `/_people/…` gives it."""
        document, replied = view.get("document"), view.get("reply_to_message", {})
        photo = view["photo"][-1] if "photo" in view else None
        return cls(
            id=view["message_id"],
            chat_id=view["chat"]["id"],
            text=view["plain"],
            from_bot=view["from_bot"],
            author=view["from"]["first_name"],
            buttons=_buttons(view),
            is_rich="rich_message" in view,
            edits=view["edits"],
            deleted=view["deleted"],
            date=view["date"],
            thread_id=view.get("message_thread_id"),
            reply_to=None if "forum_topic_created" in replied else replied.get("message_id"),
            document=document
            and Document(document["file_id"], document["file_name"], document["mime_type"], document["file_size"]),
            photo=photo and Photo(photo["file_id"], photo["width"], photo["height"]),
            reactions=tuple(reaction.get("emoji", "") for reaction in view["reactions"]),
            raw=view,
        )

    @property
    def labels(self) -> list[str]:
        """Give the labels of all buttons, row by row."""
        return [button.label for row in self.buttons for button in row]

    def has_button(self, label: str) -> bool:
        """Tell whether there is a button with exactly this label, whatever the case."""
        return label.casefold() in map(str.casefold, self.labels)


@dataclass(frozen=True)
class Tap:
    """What a tap led to: a query that the bot is to answer, a link, or text on the clipboard."""

    query_id: str | None = None
    url: str | None = None
    copied: str | None = None


@dataclass(frozen=True)
class Answer:
    """The bot's answer to a tap: a toast, or an alert to close; `text` may be empty."""

    text: str
    show_alert: bool
    url: str | None


@dataclass(frozen=True)
class Call:
    """One call of a Bot API method by the bot. `at` is Unix time; `status` is None where no answer was given."""

    number: int
    method: str
    params: Json
    at: float
    status: int | None
    description: str | None
    seconds: float | None
    via: str


@dataclass(frozen=True)
class Group:
    """A group chat. `topics` maps names to thread ids."""

    id: int
    title: str
    topics: dict[str, int]

    @classmethod
    def of(cls, chat: Json) -> Self:
        """Read a chat as `/_people` and `/_admin` give it."""
        return cls(chat["id"], chat["title"], {name: int(thread) for thread, name in chat["topics"].items()})


def state_of(state: Json) -> State:
    """Read one state of a message's history."""
    return State(state["at"], state["plain"], _buttons(state), "rich_message" in state)


def _buttons(body: Json) -> tuple[tuple[Button, ...], ...]:
    rows = body.get("reply_markup", {}).get("inline_keyboard", [])
    return tuple(
        tuple(Button(each["text"], each.get("callback_data"), each.get("url")) for each in row) for row in rows
    )
