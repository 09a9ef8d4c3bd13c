"""A person who chats with the bot."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

from aiohttp import FormData

from local.telegram.wire import Json

from .connection import Connection, Refused, first_event
from .models import Answer, Group, Message, State, Tap, state_of


class Person:
    """Somebody in one chat: private with the bot unless made by `within`.

    `wait_for` and its kin look at what happened since this person's last act (or since the person was made), so
    an answer that is faster than the test is not missed, and one to an earlier act is not taken for it.
    """

    def __init__(
        self, connection: Connection, key: str, user_id: int, *,
        chat_id: int | None = None, thread_id: int | None = None, mark: int = 0,
    ) -> None:  # fmt: skip
        self.connection = connection
        self.key = key
        self.id = user_id
        self.chat_id = chat_id or user_id
        self.thread_id = thread_id
        self._mark = mark
        self._path = f"/_people/{key}/{self.chat_id}"

    def within(self, group: Group, topic: str | None = None) -> "Person":
        """Give the same person in a group, perhaps in one of its topics."""
        thread = group.topics[topic] if topic is not None else None
        return Person(self.connection, self.key, self.id, chat_id=group.id, thread_id=thread, mark=self._mark)

    # Acts

    async def send(self, text: str, *, reply_to: Message | None = None) -> Message:
        """Write a message."""
        return await self._say("messages", {"text": text, "reply_to": reply_to and reply_to.id})

    async def reply(self, message: Message, text: str) -> Message:
        """Write a reply to a message."""
        return await self.send(text, reply_to=message)

    async def start(self, payload: str = "") -> Message:
        """Press Start, or open the deep link `t.me/<bot>?start=<payload>`."""
        return await self._say("start", {"payload": payload})

    async def upload(
        self, file: Path | bytes, *, name: str | None = None, caption: str = "", reply_to: Message | None = None
    ) -> Message:
        """Send a file, from disk or from memory (then with a `name`)."""
        content = file if isinstance(file, bytes) else await asyncio.to_thread(file.read_bytes)
        form = FormData()
        form.add_field("file", content, filename=name or (file.name if isinstance(file, Path) else "file.txt"))
        words = {"caption": caption, "reply_to": reply_to and reply_to.id, "thread_id": self.thread_id}
        for field, value in words.items():
            if value:
                form.add_field(field, str(value))
        return self._said(await self.connection.request("POST", f"{self._path}/documents", data=form))

    async def voice(self, seconds: int = 3) -> Message:
        """Send a voice note."""
        return await self._say("voices", {"seconds": seconds})

    async def sticker(self, emoji: str = "👋") -> Message:
        """Send a sticker."""
        return await self._say("stickers", {"emoji": emoji})

    async def tap(self, message: Message, button: int | str) -> Tap:
        """Tap a button, by its number (from 0, row by row) or its label: exact, else its beginning, else a part."""
        path = f"{self._path}/messages/{message.id}/tap"
        body = await self.connection.request("POST", path, json={"button": button})
        self._mark = body.pop("seq")
        return Tap(**body)

    async def edit(self, message: Message, text: str) -> Message:
        """Change a message of one's own."""
        path = f"{self._path}/messages/{message.id}"
        return self._said(await self.connection.request("PATCH", path, json={"text": text}))

    async def delete(self, message: Message) -> None:
        """Delete a message."""
        await self.connection.request("DELETE", f"{self._path}/messages/{message.id}")

    async def react(self, message: Message, emoji: str | None) -> None:
        """Set one's reaction to a message, or take it away."""
        path = f"{self._path}/messages/{message.id}/reaction"
        self._said(await self.connection.request("POST", path, json={"emoji": emoji}))

    async def block(self) -> None:
        """Stop the bot: it gets 403 from now on."""
        await self.connection.request("POST", f"{self._path}/block")

    async def unblock(self) -> None:
        """Let the bot write again; writing to it does the same."""
        await self.connection.request("DELETE", f"{self._path}/block")

    # Looking

    async def messages(self) -> list[Message]:
        """Give the messages of the chat that are there now, oldest first."""
        body = await self.connection.request("GET", f"{self._path}/messages")
        found = map(Message.of, body["messages"])
        return [message for message in found if self.thread_id in {None, message.thread_id}]

    async def last(self) -> Message:
        """Give the bot's newest message.

        Raises:
            Refused: when the bot has not written yet.
        """
        for message in reversed(await self.messages()):
            if message.from_bot:
                return message
        raise Refused("the bot has not written here yet")

    async def history(self, message: Message) -> list[State]:
        """Give every state of a message, oldest first: as it was sent, and after each edit."""
        body = await self.connection.request("GET", f"{self._path}/messages/{message.id}/history")
        return [state_of(state) for state in body["states"]]

    async def commands(self) -> dict[str, str]:
        """Give the menu that this person sees here: name → description."""
        body = await self.connection.request("GET", f"{self._path}/commands")
        return {command["command"]: command["description"] for command in body["commands"]}

    async def download(self, message: Message) -> bytes:
        """Give the bytes of the document or the photo of a message.

        Raises:
            Refused: when the message has none.
        """
        file = message.document or message.photo
        if file is None:
            raise Refused("this message has no document and no photo")
        return await self.connection.download(file.file_id)

    # Waiting

    async def wait_for(
        self,
        predicate: Callable[[Message], bool] = lambda _: True,
        timeout: float = 10,  # noqa: ASYNC109
    ) -> Message:
        """Give the first state of a message of the bot, new or edited since the last act, that fits.

        Raises:
            TimeoutError: after `timeout` seconds; it says what the bot wrote instead.
        """
        seen: list[str] = []

        def fits(event: Json) -> bool:
            if event["type"] not in {"message", "edit"} or not event["message"]["from_bot"]:
                return False
            message = Message.of(event["message"])
            if self.thread_id not in {None, message.thread_id}:
                return False
            seen.append(f"{message.text[:300]!r} {message.labels}")
            return predicate(message)

        try:
            event = await self.wait_for_event(fits, timeout)
        except TimeoutError:
            told = "\n  ".join(seen[-5:]) or "nothing"
            raise TimeoutError(f"not within {timeout} s; the bot wrote:\n  {told}") from None
        return Message.of(event["message"])

    async def wait_for_event(self, predicate: Callable[[Json], bool], timeout: float = 10) -> Json:  # noqa: ASYNC109
        """Give the first event in this chat since the last act that fits.

        Types: message, edit, delete, reaction, action (typing), tap, answer, blocked, pinned, call and others.

        Raises:
            TimeoutError: after `timeout` seconds.
        """
        return await first_event(self.connection, predicate, timeout, after=self._mark, chat_id=self.chat_id)

    def events(self) -> AsyncGenerator[Json, None]:
        """Give everything that happens in this chat, from the last act on; it never ends by itself."""
        return self.connection.events(self._mark, self.chat_id)

    async def answer_to(self, tap: Tap, timeout: float = 10) -> Answer:  # noqa: ASYNC109
        """Give the bot's answer to a tap.

        Raises:
            TimeoutError: after `timeout` seconds.
        """
        event = await self.wait_for_event(
            lambda e: e["type"] == "answer" and e["query_id"] == tap.query_id, timeout
        )
        return Answer(event["text"], event["show_alert"], event["url"])

    async def wait_until_deleted(self, message: Message, timeout: float = 10) -> None:  # noqa: ASYNC109
        """Wait until a message is deleted.

        Raises:
            TimeoutError: after `timeout` seconds.
        """
        await self.wait_for_event(
            lambda e: e["type"] == "delete" and e["message"]["message_id"] == message.id, timeout
        )

    async def _say(self, what: str, body: Json) -> Message:
        if self.thread_id is not None:
            body["thread_id"] = self.thread_id
        given = {name: value for name, value in body.items() if value is not None}
        return self._said(await self.connection.request("POST", f"{self._path}/{what}", json=given))

    def _said(self, body: Json) -> Message:
        self._mark = body["seq"]
        return Message.of(body["message"])
