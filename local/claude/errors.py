"""Errors in the shape of the Messages API (https://platform.claude.com/docs/en/api/errors)."""

from typing import Any

TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    504: "timeout_error",
    529: "overloaded_error",
}
STATUSES = {kind: status for status, kind in TYPES.items()}
MESSAGES = {
    429: "This request would exceed your account's rate limit.",
    500: "Internal server error",
    529: "Overloaded",
}


class ApiError(Exception):
    """What a client gets instead of an answer: an HTTP status, or an `error` event once a stream has begun."""

    def __init__(self, status: int, message: str = "", *, headers: dict[str, str] | None = None) -> None:
        """Name the failure by its status; the type follows from it.

        Args:
            status: HTTP status; one that the API does not document is an `api_error`.
            message: words for the developer; a plausible default stands in for none.
            headers: further response headers, such as `retry-after` in seconds.
        """
        super().__init__(message)
        self.status = status
        self.kind = TYPES.get(status, "api_error" if status >= 500 else "invalid_request_error")  # noqa: PLR2004
        self.message = message or MESSAGES.get(status, self.kind.replace("_", " ").capitalize())
        self.headers = headers or {}

    def body(self, request_id: str) -> dict[str, Any]:
        """Return the JSON document of this error."""
        return {
            "type": "error",
            "error": {"type": self.kind, "message": self.message},
            "request_id": request_id,
        }


def invalid(message: str) -> ApiError:
    """Return the error for a request that can never succeed: 400 `invalid_request_error`."""
    return ApiError(400, message)
