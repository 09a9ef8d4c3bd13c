"""Cursors: where a list goes on. Opaque and signed, so that only ours are taken, and only for their own list."""

import base64
import binascii
import hmac
from hashlib import sha256
from uuid import UUID

from bot.http.errors import CursorInvalidError

LENGTH = 32
_ID_BYTES = 16
_SIGNATURE_BYTES = 8


class Cursors:
    """One for each process."""

    def __init__(self, pepper: str) -> None:
        self._key = sha256(f"cursors:{pepper}".encode()).digest()

    def write(self, user_id: UUID, path: str, after: UUID) -> str:
        """A cursor for what comes after `after` in this user's list at `path`; 32 URL-safe characters."""
        return base64.urlsafe_b64encode(after.bytes + self._signature(user_id, path, after.bytes)).decode()

    def read(self, user_id: UUID, path: str, cursor: str) -> UUID:
        """The id that the list goes on after.

        Raises:
            CursorInvalidError: it was not written by us, for this user and this list.
        """
        try:
            raw = base64.b64decode(cursor, altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise CursorInvalidError from None
        after, signature = raw[:_ID_BYTES], raw[_ID_BYTES:]
        if not hmac.compare_digest(signature, self._signature(user_id, path, after)):
            raise CursorInvalidError
        return UUID(bytes=after)

    def _signature(self, user_id: UUID, path: str, after: bytes) -> bytes:
        return hmac.digest(self._key, user_id.bytes + after + path.encode(), "sha256")[:_SIGNATURE_BYTES]
