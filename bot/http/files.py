"""Files of a client: read, written and removed as they are, with tags against lost updates."""

from aiohttp import web

from bot.http.call import Call
from bot.http.reading import LARGEST_FILE, read_bytes
from bot.http.routing import PREFIX, Routes
from bot.http.schemas.clients import FileList, FileView, Path
from bot.http.schemas.common import Reference
from core.clients.files import (
    Expected,
    FileChangedError,
    FileUnreadableError,
    PathInvalidError,
    delete_file,
    read_file,
    write_file,
)
from core.clients.profile import PROFILE_PATHS
from core.uploads.errors import (
    UploadBrokenError,
    UploadEmptyError,
    UploadLockedError,
    UploadSlowError,
    UploadTooLongError,
)
from core.uploads.extract import extract_text
from core.uploads.recognise import recognise
from storage.models import Client

routes = Routes("Client files")
TEXT = "text/markdown"
UPLOAD_ERRORS = (UploadBrokenError, UploadEmptyError, UploadLockedError, UploadSlowError, UploadTooLongError)
_FILE = "/clients/{slug}/files/{path:.+}"
_IF_MATCH = {
    "If-Match": "Only if the file has this `ETag`; `*`: only if there is one.",
    "If-None-Match": "`*`: only if there is none.",
}


@routes.add("GET", "/clients/{slug}/files", "read")
async def list_files(call: Call, slug: Reference) -> FileList:
    """List what is on file for a client, and what is missing."""
    client = await _client(call, slug)
    async with call.runtime.unit(call.user_id) as unit:
        files = await unit.clients.files(client.id)
    present = {file.path for file in files}
    missing = [path for path in PROFILE_PATHS if path not in present]
    return FileList(data=[FileView.model_validate(file) for file in files], missing=missing)


@routes.add(
    "GET",
    _FILE,
    "read",
    media_type=TEXT,
    headers={"If-None-Match": "The `ETag` that you have; then a file that is unchanged is 304."},
    other_statuses={304: "You have it already."},
)
async def get_file(call: Call, slug: Reference, path: Path) -> web.Response:
    """Get a file, as Markdown."""
    data, tag = await read_file(call.runtime, await _client(call, slug), path)
    headers = {"ETag": f'"{tag}"'}
    if tag in _tags(call.request.headers.get("If-None-Match", "")):
        return web.Response(status=304, headers=headers)
    return web.Response(body=data, content_type=TEXT, charset="utf-8", headers=headers)


@routes.add(
    "PUT",
    _FILE,
    "run",
    raw_body=True,
    headers=_IF_MATCH,
    other_statuses={201: "It is new."},
    errors=[PathInvalidError, FileUnreadableError, FileChangedError, *UPLOAD_ERRORS],
)
async def put_file(call: Call, slug: Reference, path: Path) -> FileView:
    """Write a file: UTF-8 text of up to 10 MB, or a PDF or Word file, of which the text is kept.

    `path` is one of the profile's, as `GET …/files` lists them, or any `research/<name>.md`.
    """
    client = await _client(call, slug)
    data = await read_bytes(call.request, LARGEST_FILE)
    if recognise(data) in {"pdf", "docx"}:
        data = (await extract_text(data)).encode()
    written = await write_file(call.runtime, client, path, data, _expected(call))
    call.headers["ETag"] = f'"{written.file.content_hash}"'
    if written.fresh:
        call.status = 201
        call.headers["Location"] = f"{PREFIX}/clients/{client.slug}/files/{path.replace(' ', '%20')}"
    return FileView.model_validate(written.file)


@routes.add(
    "DELETE", _FILE, "run", status=204, headers={"If-Match": _IF_MATCH["If-Match"]}, errors=[FileChangedError]
)
async def remove_file(call: Call, slug: Reference, path: Path) -> None:
    """Remove a file."""
    await delete_file(call.runtime, await _client(call, slug), path, _expected(call))


async def _client(call: Call, slug: str) -> Client:
    async with call.runtime.unit(call.user_id) as unit:
        return await unit.clients.by_reference(call.user_id, slug)


def _expected(call: Call) -> Expected | None:
    """What `If-Match` or `If-None-Match` say. Of several tags one must fit; we compare with the first."""
    headers = call.request.headers
    if "If-Match" in headers:
        return Expected(tag=(_tags(headers["If-Match"]) or [""])[0])
    return Expected(absent=True) if headers.get("If-None-Match") == "*" else None


def _tags(header: str) -> list[str]:
    return [tag.strip().removeprefix("W/").strip('"') for tag in header.split(",") if tag.strip()]
