"""Documents, and how the bot fetches what people sent.

Source: https://core.telegram.org/bots/api#sending-files
"""

from mimetypes import guess_type

from local.telegram.params import Params, Upload
from local.telegram.standin import StandIn
from local.telegram.wire import ApiError, Json, bad_request

from .messages import caption, send
from .registry import method, writable_chat_of

_MEGABYTE = 1024 * 1024
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


@method("getFile")
async def get_file(standin: StandIn, params: Params) -> Json:
    """Tell where a file can be fetched."""
    record = standin.world.file(params.text("file_id") or "")
    if record["file_size"] > standin.limits.download_megabytes * _MEGABYTE:
        raise bad_request("file is too big")
    return {name: record[name] for name in (*_SHARED, "file_path")}


def document(record: Json) -> Json:
    """Give the Bot API `Document` of a file."""
    return {name: record[name] for name in (*_SHARED, "file_name", "mime_type")}
