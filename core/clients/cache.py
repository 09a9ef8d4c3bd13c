"""Client files in memory by their content's hash: a conversation reads each of them from the object store once."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping

from core.skills.catalogue import content_hash
from storage.objects import ObjectMissingError, ObjectStore

LARGEST_BYTES = 32 * 1024 * 1024


class ContentCache:
    """One for each process. What is read is checked against the hash that the index names, so it can't be stale."""

    def __init__(self, objects: ObjectStore, *, largest_bytes: int = LARGEST_BYTES) -> None:
        self._objects = objects
        self._largest = largest_bytes
        self._size = 0
        self._held: OrderedDict[str, bytes] = OrderedDict()

    async def read(self, wanted: Mapping[str, str]) -> dict[str, bytes | None]:
        """The contents of keys, given the hash of each; those not in memory are fetched at once. None: missing."""
        found = await asyncio.gather(*(self._one(key, known) for key, known in wanted.items()))
        return dict(zip(wanted, found, strict=True))

    async def _one(self, key: str, known: str) -> bytes | None:
        held = self._held.get(known)
        if held is not None:
            self._held.move_to_end(known)
            return held
        try:
            data = await self._objects.get(key)
        except ObjectMissingError:
            return None
        if content_hash(data) == known:
            self._hold(known, data)
        return data

    def _hold(self, known: str, data: bytes) -> None:
        if known in self._held:
            return
        self._held[known] = data
        self._size += len(data)
        while self._size > self._largest:
            _, dropped = self._held.popitem(last=False)
            self._size -= len(dropped)
