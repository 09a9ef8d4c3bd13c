"""API keys and invite codes: how they look, how they are kept, and how they are hidden before anything is stored.

A secret is 160 random bits in base32 behind a prefix, with six checksum characters, so that a typing error is
told from a wrong key without a look-up. Only `HMAC-SHA256(pepper, secret)` is kept.
"""

import base64
import hmac
import re
import secrets
import zlib
from hashlib import sha256
from typing import Any, Literal

Kind = Literal["key", "invite"]
_PREFIX: dict[Kind, str] = {"key": "mk_live_", "invite": "inv_"}
_BODY = re.compile(r"[a-z2-7]{38}")
_SECRET = re.compile(r"(?:mk_live_|inv_)[a-z2-7]{16,}")
HIDDEN = "•••"
SHOWN = 14


def make_secret(kind: Kind) -> str:
    """A new key (46 characters) or invite code (42 characters, under Telegram's 64 for a start payload)."""
    body = base64.b32encode(secrets.token_bytes(20)).decode().lower()
    return f"{_PREFIX[kind]}{body}{_checksum(body)}"


def looks_right(secret: str) -> bool:
    """Whether this has the form and the checksum of a key or an invite."""
    for prefix in _PREFIX.values():
        body = secret.removeprefix(prefix)
        if body != secret and _BODY.fullmatch(body):
            return hmac.compare_digest(_checksum(body[:32]), body[32:])
    return False


def hash_secret(secret: str, pepper: str) -> str:
    """What is kept of a secret: 64 hexadecimal characters."""
    return hmac.new(pepper.encode(), secret.encode(), sha256).hexdigest()


def hide_secrets(value: Any, pepper: str, found: list[str]) -> Any:
    """A copy of a JSON value in which every key and invite is a dot; their hashes go to `found`, in order.

    The hashes travel beside the message, never in it: nobody can write one into a message and be let in by it.
    """
    if isinstance(value, str):

        def hide(match: re.Match[str]) -> str:
            found.append(hash_secret(match.group(), pepper))
            return HIDDEN

        return _SECRET.sub(hide, value)
    if isinstance(value, dict):
        return {key: hide_secrets(inner, pepper, found) for key, inner in value.items()}
    if isinstance(value, list):
        return [hide_secrets(inner, pepper, found) for inner in value]
    return value


def _checksum(body: str) -> str:
    return base64.b32encode(zlib.crc32(body.encode()).to_bytes(4)).decode().lower()[:6]
