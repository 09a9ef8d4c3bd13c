"""Collecting what goes into a prompt: the client's files at once, within a budget, with a record of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from core.clients.cache import ContentCache
from core.errors import MarketingAgentError
from core.prompts.build import Attachment, ClientContext, ContextFile
from core.skills.catalogue import content_hash
from storage import keys
from storage.models import Client
from storage.objects import ObjectStore

BYTES_PER_TOKEN = 3


class ForeignContextError(MarketingAgentError):
    """A file of another client was about to go into a prompt. This must never happen; the run fails."""

    code = "internal"


@dataclass(frozen=True, slots=True)
class Collected:
    """The context, and where each piece came from: `provenance` maps keys to content hashes."""

    context: ClientContext
    provenance: dict[str, Any]


async def collect_context(
    cache: ContentCache,
    client: Client,
    wanted: Sequence[str],
    *,
    on_file: Mapping[str, str],
    budget_tokens: int,
) -> Collected:
    """Read the files that a skill wants of a client, most important first, within `budget_tokens` of 3 bytes.

    `on_file` is the index of the client's files: path to content hash. What is not in it is missing.

    Raises:
        ForeignContextError: a key does not lie under this client's own prefix.
    """
    paths = [path if path.endswith((".md", ".txt")) else f"{path}.md" for path in wanted]
    by_key = {keys.client_file(client.user_id, client.slug, path): path for path in paths}
    prefix = keys.client_prefix(client.user_id, client.slug)
    foreign = [key for key in by_key if not key.startswith(prefix) or ".." in key]
    if foreign:
        raise ForeignContextError(f"{foreign} is not under {prefix}")
    present = {key: on_file[path] for key, path in by_key.items() if path in on_file}
    found = {**dict.fromkeys(by_key), **await cache.read(present)}
    files = [(by_key[key], data.decode("utf-8", "replace")) for key, data in found.items() if data]
    missing = tuple(by_key[key] for key, data in found.items() if not data)
    kept, left_out = fit(files, budget_tokens * BYTES_PER_TOKEN)
    provenance = {
        "client_id": str(client.id),
        "files": {key: content_hash(data) for key, data in found.items() if data},
        "left_out": list(left_out),
        "cut": [file.path for file in kept if file.cut],
    }
    return Collected(ClientContext(client.name, tuple(kept), missing, tuple(left_out)), provenance)


async def collect_attachment(objects: ObjectStore, user_id: UUID, key: str, *, budget_tokens: int) -> Attachment:
    """The text of a file that was sent along, as much of it as `budget_tokens` of 3 bytes hold.

    Raises:
        ForeignContextError: the key does not lie under this user's own prefix.
    """
    if not key.startswith(keys.upload_prefix(user_id)) or ".." in key:
        raise ForeignContextError(f"{key} is not of user {user_id}")
    text = (await objects.get(key)).decode("utf-8", "replace")
    return fit_attachment(key.rsplit("/", 1)[1], text, budget=budget_tokens * BYTES_PER_TOKEN)


def fit_attachment(name: str, text: str, *, budget: int) -> Attachment:
    """A text as an attachment; of a longer one as much as `budget` bytes hold, best up to a heading."""
    if len(text.encode()) <= budget:
        return Attachment(name, text)
    head = cut_at_heading(text, budget)
    if len(head.encode()) < budget // 2:
        head = text.encode()[:budget].decode("utf-8", "ignore").rsplit("\n", 1)[0]
    return Attachment(name, head, cut=True)


def fit(files: Sequence[tuple[str, str]], budget: int) -> tuple[list[ContextFile], list[str]]:
    """Whole files from the front while they fit into `budget` bytes; the first that does not is cut."""
    kept: list[ContextFile] = []
    left_out: list[str] = []
    for path, text in files:
        size = len(text.encode())
        if size <= budget and not left_out:
            kept.append(ContextFile(path, text))
            budget -= size
        elif not left_out and (cut := cut_at_heading(text, budget)):
            kept.append(ContextFile(path, cut, cut=True))
            left_out.append(path)
            budget = 0
        else:
            left_out.append(path)
    return kept, [path for path in left_out if path not in {file.path for file in kept}]


def cut_at_heading(text: str, budget: int) -> str:
    """The longest beginning of `text` that ends before a heading and fits into `budget` bytes, or ''."""
    head = text.encode()[: max(budget, 0)].decode("utf-8", "ignore")
    end = head.rfind("\n#")
    return head[:end].rstrip() if end > 0 else ""
