"""Files of a client: read and written in the object store, with an index of them in the database.

A file's tag is the hash of its content as it lies there. The object is written first, so that a crash may leave an
object without a row, and never a row without an object.
"""

from dataclasses import dataclass
from uuid import UUID

from core.clients.profile import accepts, completeness
from core.errors import MarketingAgentError, NotFoundError
from core.runtime import Runtime
from core.skills.catalogue import content_hash
from storage import keys
from storage.clients import ClientRepository
from storage.models import Client, ClientFile
from storage.objects import ObjectChangedError, ObjectExistsError, ObjectMissingError

LARGEST = 10 * 1024 * 1024


class PathInvalidError(MarketingAgentError):
    """A profile has no such file, and it is none of `research/` either."""

    code = "path-invalid"
    status = 422


class FileUnreadableError(MarketingAgentError):
    """The content is no text that a prompt could hold."""

    code = "file-unreadable"
    status = 422


class FileChangedError(MarketingAgentError):
    """The file is not the one that the caller has seen."""

    code = "precondition-failed"
    status = 412


@dataclass(frozen=True, slots=True)
class Expected:
    """What the caller takes the file to be: of this hash, there at all (`*`), or not there."""

    tag: str | None = None
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written; `fresh` if there was none before."""

    file: ClientFile
    fresh: bool


async def read_file(runtime: Runtime, client: Client, path: str) -> tuple[bytes, str]:
    """A file and its tag.

    Raises:
        NotFoundError: there is no such file.
    """
    try:
        data = await runtime.objects.get(_key(client, path))
    except (ObjectMissingError, PathInvalidError):
        raise NotFoundError from None
    return data, content_hash(data)


async def write_file(
    runtime: Runtime, client: Client, path: str, data: bytes, expected: Expected | None = None
) -> Written:
    """Write a file, if it is what is expected, and count the profile anew.

    Raises:
        PathInvalidError: a profile has no such path.
        FileUnreadableError: it is not UTF-8 text, or holds NUL.
        FileChangedError: it is not what is expected.
    """
    key = _key(client, path)
    try:
        if b"\0" in data or not data.decode().strip():
            raise FileUnreadableError
    except UnicodeDecodeError:
        raise FileUnreadableError from None
    await _put(runtime, key, data, expected)
    async with runtime.unit(client.user_id) as unit:
        clients = ClientRepository(unit.session)
        known = {file.path for file in await clients.files(client.id)}
        await clients.index_file(client, path, content_hash(data), len(data))
        await clients.set_completeness(client.id, completeness({*known, path}))
        file = next(file for file in await clients.files(client.id) if file.path == path)
    return Written(file, path not in known)


async def delete_file(runtime: Runtime, client: Client, path: str, expected: Expected | None = None) -> None:
    """Remove a file, if it is what is expected: the row first, then the object.

    Raises:
        NotFoundError: there is no such file.
        FileChangedError: it is not what is expected.
    """
    _, tag = await read_file(runtime, client, path)
    if expected is not None and expected.tag not in {None, "*", tag}:
        raise FileChangedError
    async with runtime.unit(client.user_id) as unit:
        clients = ClientRepository(unit.session)
        await clients.forget_file(client.id, path)
        left = [file.path for file in await clients.files(client.id)]
        await clients.set_completeness(client.id, completeness(left))
    await runtime.objects.delete(_key(client, path))


async def delete_client(runtime: Runtime, user_id: UUID, client_id: UUID) -> None:
    """Stop what is under way for a client, remove its rows, then its objects. What was written for it stays.

    Raises:
        NotFoundError: this user has no such client.
    """
    async with runtime.unit(user_id) as unit:
        client = await unit.clients.get(user_id, client_id)
        for run, _, of in await unit.runs.active(user_id):
            if of is not None and of.id == client_id:
                await unit.runs.cancel(run.id)
        await unit.session.delete(client)
    await runtime.objects.delete_prefix(keys.client_prefix(user_id, client.slug))
    await runtime.objects.delete_prefix(keys.client_rules_prefix(user_id, client.slug))


def _key(client: Client, path: str) -> str:
    if not accepts(path):
        raise PathInvalidError
    return keys.client_file(client.user_id, client.slug, path)


async def _put(runtime: Runtime, key: str, data: bytes, expected: Expected | None) -> None:
    """Write an object; where something is expected, only over that (the store compares, not we)."""
    try:
        if expected is None:
            await runtime.objects.put(key, data)
        elif expected.absent:
            await runtime.objects.put_new(key, data)
        else:
            present, version = await runtime.objects.get_version(key)
            if expected.tag not in {"*", content_hash(present)}:
                raise FileChangedError
            await runtime.objects.put_over(key, data, version)
    except (ObjectExistsError, ObjectMissingError, ObjectChangedError):
        raise FileChangedError from None
