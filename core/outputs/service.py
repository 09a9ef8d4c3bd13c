"""Keeping outputs, and finding them again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.channel import OutputCard
from core.errors import NotFoundError
from core.outputs.describe import file_stem
from storage import keys
from storage.models import Output
from storage.objects import ObjectExistsError, ObjectStore
from storage.outputs import OutputRepository
from storage.pages import Page

CONTENT_TYPES: Mapping[str, str] = {
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
    "txt": "text/plain; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}
_MOST_OF_ONE_NAME = 1000
_REVISION = re.compile(r"(-v\d+)?\.\w+$")


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a text lies now, and which version of it that is."""

    key: str
    version: int


async def keep_text(
    objects: ObjectStore,
    text: str,
    *,
    skill: str,
    user_id: UUID,
    client_slug: str | None,
    output_type: str,
    day: date,
    output_format: str = "md",
    parent: Output | None = None,
) -> Kept:
    """Write a text under a name that nobody has used: `-2`, `-3` for others of one day, `-v2` for a revision."""
    data, content_type = text.encode(), CONTENT_TYPES.get(output_format, CONTENT_TYPES["txt"])
    for number in range(1, _MOST_OF_ONE_NAME):
        if parent is not None:
            version = parent.version + number
            key = f"{_REVISION.sub('', parent.s3_key)}-v{version}.{output_format}"
        else:
            version = 1
            stem = file_stem(client_slug, output_type, day)
            key = keys.output(skill, user_id, stem, counter=number, version=1, extension=output_format)
        try:
            await objects.put_new(key, data, content_type)
        except ObjectExistsError:
            continue
        return Kept(key, version)
    raise RuntimeError(f"{_MOST_OF_ONE_NAME} outputs of one name in a day")


@dataclass(frozen=True, slots=True)
class Download:
    """A file to hand over."""

    filename: str
    data: bytes


class OutputService:
    """Works in the transaction of the outputs' owner; texts are read outside of it, by `read`."""

    def __init__(self, session: AsyncSession) -> None:
        self._outputs = OutputRepository(session)

    async def get(self, output_id: UUID) -> Output:
        """An output.

        Raises:
            NotFoundError: this user has no such output.
        """
        output = await self._outputs.get(output_id)
        if output is None:
            raise NotFoundError
        return output

    async def find(self, written: str) -> Output:
        """An output by what a person may write: its short id, or its id.

        Raises:
            NotFoundError: this user has no such output.
        """
        written = written.strip().lower()
        try:
            found = await self._outputs.get(UUID(written))
        except ValueError:
            found = await self._outputs.by_short_id(written)
        if found is None:
            raise NotFoundError
        return found

    async def history(
        self,
        user_id: UUID,
        *,
        after: UUID | None = None,
        limit: int = 8,
        client_id: UUID | None = None,
        skill_id: UUID | None = None,
    ) -> Page[Output]:
        """Outputs, newest first."""
        return await self._outputs.page(user_id, after=after, limit=limit, client_id=client_id, skill_id=skill_id)

    async def of_run(self, run_id: UUID) -> list[Output]:
        """What a run made, the main text first."""
        return list(await self._outputs.of_run(run_id))


async def read_output(objects: ObjectStore, output: Output) -> Download:
    """The text of an output, as a file with the name it is kept under."""
    return Download(output.s3_key.rsplit("/", 1)[1], await objects.get(output.s3_key))


def card(output: Output) -> OutputCard:
    """What people see of an output without opening it."""
    return OutputCard(
        output_id=output.id,
        short_id=output.short_id,
        title=output.title,
        preview=output.preview,
        version=output.version,
        parent_output_id=output.parent_output_id,
        flags=tuple(output.checks),
    )
