"""What becomes of a file that somebody sent: material of a run, or a paper in a client's research."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from core.accounts.service import Account
from core.channel import Place
from core.clients.files import Expected, FileChangedError, read_file, write_file
from core.errors import StaleButtonError
from core.outputs.describe import shorten, slugify
from core.runtime import Runtime
from core.skills.catalogue import content_hash
from core.uploads.extract import extract_text
from storage import keys
from storage.deliveries import PendingRepository
from storage.models import Client, PendingRequest
from storage.models.base import utc_now

_LIFE = timedelta(days=7)
_LONGEST_NAME = 80
_MOST_OF_ONE_NAME = 100


@dataclass(frozen=True, slots=True)
class Upload:
    """The text of a file, kept under `key`. `name` is how people know it."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Question:
    """For which of these clients a file shall be kept; `pending` is what the buttons carry."""

    pending: UUID
    name: str
    clients: tuple[Client, ...]


@dataclass(frozen=True, slots=True)
class Filed:
    """Where a file lies now."""

    client: Client
    name: str
    path: str


async def keep_upload(runtime: Runtime, user_id: UUID, name: str, data: bytes) -> Upload:
    """Read a file and keep its text. Doing so twice changes nothing.

    Raises:
        UploadError: it can't be read; the subclass says why.
    """
    text = (await extract_text(data)).encode()
    key = keys.upload(user_id, content_hash(text)[:32], slugify(name.rsplit(".", 1)[0]))
    await runtime.objects.put(key, text)
    return Upload(key, shorten(" ".join(name.split()), _LONGEST_NAME) or "file")


async def ask_client(runtime: Runtime, account: Account, place: Place, upload: Upload, origin_key: str) -> Question:
    """Keep an upload while somebody decides for whom it is: the chat's active client, else any of theirs."""
    async with runtime.unit(account.user_id) as unit:
        clients = await unit.clients.all(account.user_id)
        active = await unit.clients.active_in(place)
        offered = tuple(it for it in clients if it.id == active) or tuple(clients)
        pending = PendingRequest(
            user_id=account.user_id,
            channel=place.channel,
            chat_id=place.chat_id,
            person=account.person,
            origin_key=origin_key,
            text=upload.name,
            plan={"upload": upload.key, "clients": [str(client.id) for client in offered]},
            expires_at=utc_now() + _LIFE,
        )
        if offered:
            await PendingRepository(unit.session).add(pending)
    return Question(pending.id, upload.name, offered)


async def file_upload(runtime: Runtime, account: Account, place: Place, pending_id: UUID, number: int) -> Filed:
    """Put the file of a question into the research of the client that was chosen.

    Raises:
        StaleButtonError: the question was answered, has run out, or was put to somebody else.
        NotFoundError: the client is gone.
    """
    async with runtime.unit(account.user_id) as unit:
        pending = await PendingRepository(unit.session).get(pending_id)
        key, clients = _asked(pending, account, place)
        if not 0 <= number < len(clients):
            raise StaleButtonError
        client = await unit.clients.get(account.user_id, clients[number])
        name = pending.text if pending else ""
    path = await _write(runtime, client, key.rsplit("/", 1)[1].removesuffix(".md"), await runtime.objects.get(key))
    async with runtime.unit(account.user_id) as unit:
        await PendingRepository(unit.session).use_up(pending_id)
    return Filed(client, name, path)


async def drop_upload(runtime: Runtime, account: Account, place: Place, pending_id: UUID) -> None:
    """Forget the question; the file is kept nowhere.

    Raises:
        StaleButtonError: as in `file_upload`.
    """
    async with runtime.unit(account.user_id) as unit:
        pending = await PendingRepository(unit.session).get(pending_id)
        _asked(pending, account, place)
        await PendingRepository(unit.session).use_up(pending_id)


def _asked(pending: PendingRequest | None, account: Account, place: Place) -> tuple[str, Sequence[UUID]]:
    """The key and the clients of a question that this person may answer here."""
    if pending is None or pending.person != account.person or "upload" not in pending.plan:
        raise StaleButtonError
    if (pending.channel, pending.chat_id) != (place.channel, place.chat_id):
        raise StaleButtonError
    return pending.plan["upload"], [UUID(it) for it in pending.plan["clients"]]


async def _write(runtime: Runtime, client: Client, stem: str, data: bytes) -> str:
    """Write under a name that holds nothing else: `brief`, then `brief-2`. What lies there already is left."""
    for number in range(1, _MOST_OF_ONE_NAME):
        path = f"research/{stem}.md" if number == 1 else f"research/{stem}-{number}.md"
        try:
            await write_file(runtime, client, path, data, Expected(absent=True))
        except FileChangedError:
            if (await read_file(runtime, client, path))[0] != data:
                continue
            await write_file(runtime, client, path, data)  # a crash may have left the object without its row
        return path
    raise RuntimeError(f"{_MOST_OF_ONE_NAME} files of one name")
