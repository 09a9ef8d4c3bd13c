"""`python -m local.chat "Write homepage copy for Yaz Automate" --tap 4`: a conversation with the bot in a terminal.

Prints every state of each of the bot's messages as it changes. Exit status: 0 when done, 1 when the bot did not
answer in time, 2 for wrong usage or when no stand-in listens.
"""

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientError

from .telegram.client import Message, Person, Refused, Telegram
from .telegram.wire import Json

URLS = Path(".local/urls.json")  # written by the local stack
BUSY = "Stop"  # a message with this button is still being worked on


@dataclass(frozen=True)
class Step:
    """One act: `send`, `reply` or `tap`, with its words."""

    kind: str
    words: str


class SilentError(Exception):
    """What was waited for did not come; the message says what."""


class _Append(argparse.Action):
    """Collects `--tap` and `--reply` in the order in which they were given."""

    def __call__(self, _: Any, namespace: argparse.Namespace, values: Any, option: str | None = None) -> None:
        namespace.steps = [*namespace.steps, Step((option or "").strip("-"), str(values))]


@dataclass
class Conversation:
    """One person's talk with the bot.

    Args:
        person: who talks.
        quiet: seconds without a change after which the bot is taken to be done.
        timeout: seconds that the bot has for each step.
    """

    person: Person
    quiet: float
    timeout: float
    _events: "asyncio.Queue[Json]" = field(default_factory=asyncio.Queue)
    _busy: set[int] = field(default_factory=set)

    async def run(self, steps: Sequence[Step]) -> None:
        """Take the steps one after the other, and print what the bot does.

        Raises:
            SilentError: when the bot does not answer a step in time.
            Refused: when an act is impossible.
        """
        watching = asyncio.create_task(self._watch())
        try:
            following = [*steps[1:], None]
            for step, after in zip(steps, following, strict=True):
                await self._act(step)
                await self._listen(after.words if after and after.kind == "tap" else None)
        finally:
            watching.cancel()

    async def _watch(self) -> None:
        async for event in self.person.events():
            self._events.put_nowait(event)

    async def _act(self, step: Step) -> None:
        match step.kind:
            case "send":
                print(f"{self.person.key}: {step.words}\n", flush=True)
                await self.person.send(step.words)
            case "reply":
                print(f"{self.person.key} (reply): {step.words}\n", flush=True)
                await self.person.reply(await self.person.last(), step.words)
            case _:
                print(f"{self.person.key} taps [{step.words}]\n", flush=True)
                message = await self._having(step.words)
                if message is None:
                    raise Refused(f"no message has a button {step.words!r}")
                await self.person.tap(message, step.words)

    async def _listen(self, button: str | None) -> None:
        """Print what comes until the bot is done; with a `button`, until there is one to tap."""
        came = False
        try:
            async with asyncio.timeout(self.timeout):
                while True:
                    try:
                        patience = self.quiet if came and not self._busy else self.timeout
                        event = await asyncio.wait_for(self._events.get(), patience)
                    except TimeoutError:
                        if came and (button is None or await self._having(button)):
                            return
                        if not came:
                            raise
                        continue
                    came = self._show(event) or came
                    if button is not None and _offers(event, button):
                        return
        except TimeoutError:
            what = (
                f"no button {button!r} came"
                if came and button
                else "the bot did not finish"
                if came
                else "nothing came"
            )
            raise SilentError(f"{what} within {self.timeout:g} s") from None

    def _show(self, event: Json) -> bool:
        """Print an event if it is the bot's doing; tell whether it was."""
        if event["type"] == "answer":
            if event["text"]:
                print(f"· {event['text']}\n", flush=True)
            return True
        if event["type"] not in {"message", "edit", "delete"} or not event["message"]["from_bot"]:
            return False
        message = Message.of(event["message"])
        self._busy.discard(message.id)
        if message.has_button(BUSY) and event["type"] != "delete":
            self._busy.add(message.id)
        print(_rendered(message, event["type"]), flush=True)
        return True

    async def _having(self, button: str) -> Message | None:
        """Give the newest message of the bot that has the button."""
        for message in reversed(await self.person.messages()):
            if message.from_bot and message.has_button(button):
                return message
        return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse the command line and hold the conversation; give the exit status."""
    args = _parser().parse_args(arguments)
    steps: list[Step] = ([Step("send", args.text)] if args.text else []) + args.steps
    if not steps:
        _parser().error("say something: a text, --reply or --tap")
    url = args.url or os.environ.get("LOCAL_TELEGRAM_URL") or _known_url()
    if not url:
        print("No stand-in is known: start it with `make run`, or name it with --url.", file=sys.stderr)
        return 2
    try:
        asyncio.run(_talk(url, args, steps))
    except ClientError:
        print(f"Nothing listens at {url}: start it with `make run`.", file=sys.stderr)
        return 2
    except Refused as problem:
        print(f"That can't be done: {problem}.", file=sys.stderr)
        return 2
    except SilentError as problem:
        print(f"Gave up: {problem}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


async def _talk(url: str, args: argparse.Namespace, steps: list[Step]) -> None:
    async with Telegram(url) as telegram:
        person = await telegram.person(args.person)
        await Conversation(person, args.quiet, args.timeout).run(steps)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m local.chat", description="Talk to the bot in the local chat.")
    parser.add_argument("text", nargs="?", help="what to write first")
    parser.add_argument("--url", help="the chat's URL; default: LOCAL_TELEGRAM_URL, else the running local stack's")
    parser.add_argument("--as", dest="person", default="maya", help="who writes (default: maya)")
    parser.add_argument(
        "--tap", action=_Append, help="tap this button on the newest message that has it; repeatable"
    )
    parser.add_argument("--reply", action=_Append, help="reply to the bot's newest message; repeatable")
    parser.add_argument("--timeout", type=float, default=180, help="seconds for each step (default: 180)")
    parser.add_argument("--quiet", type=float, default=3, help="seconds of silence that end a step (default: 3)")
    parser.set_defaults(steps=[])
    return parser


def _known_url() -> str | None:
    try:
        url: str | None = json.loads(URLS.read_text())["chat"]
    except (OSError, ValueError, KeyError):
        return None
    return url


def _offers(event: Json, button: str) -> bool:
    if event["type"] not in {"message", "edit"} or not event["message"]["from_bot"]:
        return False
    return Message.of(event["message"]).has_button(button)


def _rendered(message: Message, what: str) -> str:
    head = f"bot #{message.id}" + {"edit": f", edit {message.edits}", "delete": ", deleted"}.get(what, "")
    lines = [f"  {line}" for line in message.text.splitlines()] if what != "delete" else []
    if message.document is not None:
        lines.insert(0, f"  <{message.document.name}, {message.document.size} bytes>")
    lines += ["  " + " ".join(f"[{button.label}]" for button in row) for row in message.buttons]
    return "\n".join([f"{head}:", *lines, ""])


if __name__ == "__main__":
    raise SystemExit(main())
