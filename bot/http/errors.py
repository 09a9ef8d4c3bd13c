"""What can be wrong with a request before any service hears of it."""

from core.errors import MarketingAgentError


class KeyMissingError(MarketingAgentError):
    """There is no `Authorization: Bearer …`."""

    code = "key-missing"
    status = 401


class RateLimitedError(MarketingAgentError):
    """Too many calls this minute; `retry_after` seconds to wait."""

    code = "rate-limited"
    status = 429


class BodyNotJsonError(MarketingAgentError):
    """The body is not JSON."""

    code = "body-not-json"
    status = 400


class RequestInvalidError(MarketingAgentError):
    """Body or query do not have the form that the document describes; `fields` says where."""

    code = "request-invalid"
    status = 422


class CursorInvalidError(MarketingAgentError):
    """The cursor is not one of this list's."""

    code = "cursor-invalid"
    status = 400


class BodyTypeError(MarketingAgentError):
    """The content type is not the one that is taken here."""

    code = "body-type"
    status = 415


class BodyTooLargeError(MarketingAgentError):
    """The body is larger than `limit` bytes."""

    code = "body-too-large"
    status = 413


class BodyTooSlowError(MarketingAgentError):
    """The body did not arrive in time."""

    code = "body-too-slow"
    status = 408


class IdempotencyMismatchError(MarketingAgentError):
    """The idempotency key came with another request before."""

    code = "idempotency-mismatch"
    status = 422


class IdempotencyBusyError(MarketingAgentError):
    """The first request with this idempotency key is still being worked on."""

    code = "idempotency-busy"
    status = 409


class AnswerNotKeptError(MarketingAgentError):
    """The request was done under this idempotency key, but its answer showed a secret and was not kept."""

    code = "answer-not-kept"
    status = 409


class PreconditionError(MarketingAgentError):
    """The file is not as `If-Match` or `If-None-Match` say."""

    code = "precondition-failed"
    status = 412


class ConfirmationMissingError(MarketingAgentError):
    """A deletion needs `?confirm=` and the slug."""

    code = "confirmation-missing"
    status = 422
