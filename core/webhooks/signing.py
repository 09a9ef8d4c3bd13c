"""Signatures by Standard Webhooks. Source: https://www.standardwebhooks.com"""

import base64
import binascii
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

from standardwebhooks import Webhook, WebhookVerificationError

from core.errors import MarketingAgentError


class SignatureInvalidError(MarketingAgentError):
    """The signature is missing, malformed, wrong, or more than five minutes old or ahead."""

    code = "signature-invalid"
    status = 401


def secret_of(user_id: UUID, pepper: str) -> str:
    """The secret that a user's webhooks are signed with: made from the pepper, and so kept nowhere."""
    raw = hmac.digest(pepper.encode(), f"webhook:{user_id}".encode(), "sha256")
    return f"whsec_{base64.b64encode(raw).decode()}"


def sign(secret: str, message_id: str, body: bytes, *, now: datetime | None = None) -> dict[str, str]:
    """The three headers of a message."""
    at = now or datetime.now(UTC)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, at, body.decode()),
    }


def verify(secret: str, headers: Mapping[str, str], body: bytes) -> str:
    """The id of a message whose signature is right and not older than five minutes.

    Raises:
        SignatureInvalidError: it is not.
    """
    try:
        Webhook(secret).verify(body, dict(headers), json_parse=False)
    except (WebhookVerificationError, binascii.Error, ValueError, TypeError):  # the library lets these through
        raise SignatureInvalidError from None
    return {name.lower(): value for name, value in headers.items()}["webhook-id"]
