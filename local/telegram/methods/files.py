"""Documents and photos, and how the bot fetches what people sent.

Source: https://core.telegram.org/bots/api#sending-files
"""

import struct
from mimetypes import guess_type

from local.telegram.params import Params, Upload
from local.telegram.standin import StandIn
from local.telegram.wire import ApiError, Json, bad_request

from .messages import caption, send
from .registry import method, writable_chat_of

_MEGABYTE = 1024 * 1024
_PHOTO_MEGABYTES, _PHOTO_SIDES, _PHOTO_RATIO = 10, 10_000, 20  # https://core.telegram.org/bots/api#sendphoto
_PNG, _PNG_HEAD = b"\x89PNG\r\n\x1a\n", 24
_SHARED = ("file_id", "file_unique_id", "file_size")


@method("sendDocument")
async def send_document(standin: StandIn, params: Params) -> Json:
    """Send a file: new bytes, or one that is here already, by its id."""
    chat = writable_chat_of(standin, params)
    words = caption(params)
    given = params.file("document")
    if given is None:
        raise bad_request("there is no document in the request")
    if isinstance(given, Upload):
        if len(given.content) > standin.limits.upload_megabytes * _MEGABYTE:
            raise ApiError(413, "Request Entity Too Large")
        if not given.content:
            raise bad_request("file must be non-empty")
        mime_type = guess_type(given.name)[0] or given.content_type
        record = standin.world.add_file(given.name, given.content, mime_type)
    else:
        record = standin.world.file(given)
    return send(standin, params, chat, {"document": document(record), **words})


@method("sendPhoto")
async def send_photo(standin: StandIn, params: Params) -> Json:
    """Send a picture: a PNG, which is the only kind that is looked into here."""
    chat = writable_chat_of(standin, params)
    words = caption(params)
    given = params.file("photo")
    if given is None:
        raise bad_request("there is no photo in the request")
    if isinstance(given, Upload):
        if len(given.content) > _PHOTO_MEGABYTES * _MEGABYTE:
            raise ApiError(413, "Request Entity Too Large")
        width, height = _size_of(given.content)
        record = standin.world.add_file(given.name, given.content, "image/png")
    else:
        record = standin.world.file(given)
        width, height = _size_of(standin.store.file(record["file_path"]).read_bytes())
    sizes = [{**{name: record[name] for name in _SHARED}, "width": width, "height": height}]
    return send(standin, params, chat, {"photo": sizes, **words})


@method("getFile")
async def get_file(standin: StandIn, params: Params) -> Json:
    """Tell where a file can be fetched."""
    record = standin.world.file(params.text("file_id") or "")
    if record["file_size"] > standin.limits.download_megabytes * _MEGABYTE:
        raise bad_request("file is too big")
    return {name: record[name] for name in (*_SHARED, "file_path")}


def _size_of(content: bytes) -> tuple[int, int]:
    """Give width and height in pixels: both stand in a PNG's first chunk.

    Raises:
        ApiError: 400 when it is no PNG, or one that is too large or too narrow to be a photo.
    """
    if content[:8] != _PNG or len(content) < _PNG_HEAD:
        raise bad_request("IMAGE_PROCESS_FAILED")
    width, height = struct.unpack(">II", content[16:_PNG_HEAD])
    longest, shortest = max(width, height), min(width, height)
    if not shortest or width + height > _PHOTO_SIDES or longest > _PHOTO_RATIO * shortest:
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height


def document(record: Json) -> Json:
    """Give the Bot API `Document` of a file."""
    return {name: record[name] for name in (*_SHARED, "file_name", "mime_type")}
