"""The people's side, `/_people/…`: plain JSON for the page, `local.chat` and tests.

Every act is a POST (or PATCH, DELETE) by one person in one chat; `private` names their chat with the bot.
"""

import asyncio
import json
from contextlib import suppress
from mimetypes import guess_type

from aiohttp import web

from .actions import Actions
from .bot_api import STANDIN
from .methods.commands import menu_for
from .params import Params, Upload
from .records import Chat, Message, User
from .standin import StandIn
from .wire import Json, bad_request

_HEARTBEAT = 15.0  # seconds between signs of life on a silent stream
_HERE = "/_people/{person}/{chat}"


def routes() -> list[web.RouteDef]:
    """Give the routes of the people's side."""
    return [
        web.get("/_people", world),
        web.get("/_people/events", events),
        web.get("/_people/files/{file_id}", download),
        web.get("/_people/photos/{file_id}", show_photo),
        web.get(f"{_HERE}/messages", messages),
        web.get(f"{_HERE}/messages/{{message}}/history", history),
        web.get(f"{_HERE}/commands", commands),
        web.post(f"{_HERE}/messages", write),
        web.post(f"{_HERE}/start", start),
        web.post(f"{_HERE}/documents", send_document),
        web.post(f"{_HERE}/voices", send_voice),
        web.post(f"{_HERE}/stickers", send_sticker),
        web.patch(f"{_HERE}/messages/{{message}}", edit),
        web.delete(f"{_HERE}/messages/{{message}}", delete),
        web.post(f"{_HERE}/messages/{{message}}/tap", tap),
        web.post(f"{_HERE}/messages/{{message}}/reaction", react),
        web.post(f"{_HERE}/block", block),
        web.delete(f"{_HERE}/block", unblock),
    ]


async def world(request: web.Request) -> web.Response:
    """Give the bot, the people, the chats with the last message of each, and the number of the last event."""
    standin = request.app[STANDIN]
    chats = [{**chat.document(), "last": _last(standin, chat)} for chat in standin.world.chats.values()]
    people = [user.document() for user in standin.world.users.values()]
    return web.json_response({"bot": standin.world.bot, "people": people, "chats": chats, "seq": standin.feed.last})


async def events(request: web.Request) -> web.StreamResponse:
    """Stream events as they happen (text/event-stream), from `after` (a number) on, of one `chat` or all.

    The first line is an event `hello`; with `"missed": true` if events after that number are no longer known.
    """
    standin = request.app[STANDIN]
    asked = request.headers.get("Last-Event-ID") or request.query.get("after") or standin.feed.last
    if not str(asked).isdigit():
        raise bad_request("after is the number of an event")
    after, only = int(asked), request.query.get("chat")
    stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await stream.prepare(request)
    hello = {"type": "hello", "seq": standin.feed.last, "missed": standin.feed.misses(after)}
    with suppress(ConnectionError):  # who watched may go between two events, which is no fault of ours
        await stream.write(f"data: {json.dumps(hello)}\n\n".encode())
        await _tell(stream, standin, after, only)
    return stream


async def _tell(stream: web.StreamResponse, standin: StandIn, after: int, only: str | None) -> None:
    async with standin.feed.watch(after) as queue:
        while True:
            try:
                event = await asyncio.wait_for(queue.get(), _HEARTBEAT)
            except TimeoutError:
                await stream.write(b": still here\n\n")
                continue
            if only is None or event.chat_id is None or str(event.chat_id) == only:
                await stream.write(f"id: {event.seq}\ndata: {event.line}\n\n".encode())


async def download(request: web.Request) -> web.StreamResponse:
    """Give the bytes of a file, as something to save and never as something to show."""
    standin = request.app[STANDIN]
    record = standin.world.file(request.match_info["file_id"])
    name = record["file_name"].replace('"', "").replace("\\", "")
    quoted = "".join(c if c.isascii() and c.isprintable() else "_" for c in name)
    headers = {
        "Content-Type": "application/octet-stream",
        "Content-Disposition": f'attachment; filename="{quoted}"',
        "X-Content-Type-Options": "nosniff",
    }
    return web.FileResponse(standin.store.file(record["file_path"]), headers=headers)


async def show_photo(request: web.Request) -> web.StreamResponse:
    """Give a photo to look at: a PNG, as `sendPhoto` takes no other."""
    standin = request.app[STANDIN]
    record = standin.world.file(request.match_info["file_id"])
    headers = {"Content-Type": "image/png", "X-Content-Type-Options": "nosniff"}
    return web.FileResponse(standin.store.file(record["file_path"]), headers=headers)


async def messages(request: web.Request) -> web.Response:
    """Give the messages of a chat, oldest first; `deleted=1` with those that were deleted."""
    standin, _, chat = _place(request)
    everything = bool(request.query.get("deleted"))
    found = standin.world.messages[chat.id].values()
    listed = [message.view() for message in found if everything or message.deleted_at is None]
    return web.json_response({"messages": listed, "seq": standin.feed.last})


async def history(request: web.Request) -> web.Response:
    """Give every state of a message, oldest first; of a deleted one too."""
    return web.json_response({"states": _message(request).history()})


async def commands(request: web.Request) -> web.Response:
    """Give the menu that this person sees in this chat."""
    standin, user, chat = _place(request)
    return web.json_response({"commands": menu_for(standin.world, user, chat)})


async def write(request: web.Request) -> web.Response:
    """Send `text`, perhaps as a reply to message `reply_to`, perhaps in topic `thread_id`."""
    params = await Params.read(request)
    said = _actions(request).write(
        params.text("text") or "", params.integer("reply_to"), params.integer("thread_id")
    )
    return _said(request, said)


async def start(request: web.Request) -> web.Response:
    """Press Start, with the `payload` of a deep link if there is one."""
    params = await Params.read(request)
    return _said(request, _actions(request).start(params.text("payload") or ""))


async def send_document(request: web.Request) -> web.Response:
    """Send the multipart field `file`, with a `caption` or without."""
    params = await Params.read(request)
    given = params.file("file")
    if not isinstance(given, Upload) or not given.content:
        raise bad_request("a file that is not empty is expected in the field file")
    said = _actions(request).send_file(
        given.name, given.content, guess_type(given.name)[0] or "application/octet-stream",
        caption=params.text("caption") or "", reply_to=params.integer("reply_to"),
        thread_id=params.integer("thread_id"),
    )  # fmt: skip
    return _said(request, said)


async def send_voice(request: web.Request) -> web.Response:
    """Send a voice note of `seconds`."""
    params = await Params.read(request)
    said = _actions(request).send_voice(params.integer("seconds") or 3, params.integer("thread_id"))
    return _said(request, said)


async def send_sticker(request: web.Request) -> web.Response:
    """Send a sticker that stands for `emoji`."""
    params = await Params.read(request)
    said = _actions(request).send_sticker(params.text("emoji") or "👋", params.integer("thread_id"))
    return _said(request, said)


async def edit(request: web.Request) -> web.Response:
    """Change one's own message to `text`."""
    params = await Params.read(request)
    message = _message(request)
    _actions(request).edit(message, params.text("text") or "")
    return _said(request, message)


async def delete(request: web.Request) -> web.Response:
    """Delete a message."""
    message = _message(request)
    _actions(request).delete(message)
    return _said(request, message)


async def tap(request: web.Request) -> web.Response:
    """Tap `button`: its number (JSON) or its label. Taps on deleted messages and stale keyboards go through."""
    params = await Params.read(request)
    button = params.value("button")
    if not isinstance(button, (int, str)):
        raise bad_request("button is expected: a number or a label")
    outcome = _actions(request).tap(_message(request), button)
    return web.json_response({**outcome, "seq": request.app[STANDIN].feed.last})


async def react(request: web.Request) -> web.Response:
    """Set or, without `emoji`, take away one's reaction."""
    params = await Params.read(request)
    message = _message(request)
    _actions(request).react(message, params.text("emoji"))
    return _said(request, message)


async def block(request: web.Request) -> web.Response:
    """Stop the bot."""
    _actions(request).block()
    return web.json_response({"blocked": True})


async def unblock(request: web.Request) -> web.Response:
    """Let the bot write again."""
    _actions(request).unblock()
    return web.json_response({"blocked": False})


def find_person(standin: StandIn, wanted: str) -> User:
    """Give a person by key or id.

    Raises:
        ApiError: 400 when there is none.
    """
    for user in standin.world.users.values():
        if wanted in {user.key, str(user.id)}:
            return user
    raise bad_request(f"there is no person {wanted!r}")


def find_chat(standin: StandIn, wanted: str) -> Chat:
    """Give a chat by id or title.

    Raises:
        ApiError: 400 when there is none.
    """
    for chat in standin.world.chats.values():
        if wanted in {str(chat.id), chat.title} and wanted:
            return chat
    raise bad_request(f"there is no chat {wanted!r}")


def _place(request: web.Request) -> tuple[StandIn, User, Chat]:
    standin = request.app[STANDIN]
    user = find_person(standin, request.match_info["person"])
    wanted = request.match_info["chat"]
    chat = standin.world.chats[user.id] if wanted == "private" else find_chat(standin, wanted)
    if user.id not in chat.members:
        raise bad_request(f"{user.key} is not in this chat")
    return standin, user, chat


def _actions(request: web.Request) -> Actions:
    return Actions(*_place(request))


def _message(request: web.Request) -> Message:
    standin, _, chat = _place(request)
    wanted = request.match_info["message"]
    message = standin.world.messages[chat.id].get(int(wanted)) if wanted.isdigit() else None
    if message is None:
        raise bad_request(f"there is no message {wanted} in this chat")
    return message


def _said(request: web.Request, message: Message) -> web.Response:
    body: Json = {"message": message.view(), "seq": request.app[STANDIN].feed.last}
    return web.json_response(body)


def _last(standin: StandIn, chat: Chat) -> Json | None:
    there = [m for m in standin.world.messages[chat.id].values() if m.deleted_at is None]
    return there[-1].view() if there else None
