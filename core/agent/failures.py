"""Why an agent gave no result: whether trying again may help, how long to wait, and what it has cost."""

from decimal import Decimal
from typing import ClassVar, Self

from core.agent.task import TokenUsage
from core.errors import MarketingAgentError


class AgentError(MarketingAgentError):
    """The agent gave no result."""

    code = "model-network"
    status = 503
    retryable: ClassVar[bool] = False  # whether the same request may succeed later
    upstream: ClassVar[bool] = False  # whether it says that the model is unwell, rather than the request

    def __init__(self, detail: str = "", *, retry_after: float | None = None) -> None:
        """Keep `detail` for the logs; `retry_after` is how many seconds the provider wants us to wait."""
        super().__init__(detail)
        self.retry_after = retry_after
        self.usage = TokenUsage()
        self.cost_usd = Decimal(0)

    def spent(self, usage: TokenUsage, cost_usd: Decimal) -> Self:
        """The same error, which knows what the attempt has used and cost."""
        self.usage = usage
        self.cost_usd = cost_usd
        return self


class AgentOverloadedError(AgentError):
    """The model has more to do than it can."""

    code = "model-overloaded"
    retryable = True
    upstream = True


class AgentRateLimitedError(AgentError):
    """We ask for more than we may at the moment."""

    code = "model-rate-limited"
    retryable = True
    upstream = True


class AgentNetworkError(AgentError):
    """The connection broke off, the provider failed, or the agent's process died."""

    code = "model-network"
    retryable = True
    upstream = True


class AgentTimeoutError(AgentError):
    """The task took longer than it may."""

    code = "model-timeout"
    status = 504


class AgentRefusedError(AgentError):
    """The model declined."""

    code = "model-refused"
    status = 422


class AgentBudgetError(AgentError):
    """The task would cost more dollars or turns than it may."""

    code = "model-budget"
    status = 422


class AgentInvalidRequestError(AgentError):
    """The provider does not accept the request: an unknown model, a prompt that is too long."""

    code = "model-invalid-request"
    status = 422


class AgentCredentialsError(AgentError):
    """There is no key, or it is refused, or its account can't pay."""

    code = "model-credentials"


class AgentTruncatedError(AgentError):
    """The text grew longer than it may, and was cut off before its end."""

    code = "model-truncated"
    status = 422


_BY_TYPE: dict[str, type[AgentError]] = {
    "overloaded_error": AgentOverloadedError,
    "rate_limit_error": AgentRateLimitedError,
    "authentication_error": AgentCredentialsError,
    "permission_error": AgentCredentialsError,
    "billing_error": AgentCredentialsError,
    "api_error": AgentNetworkError,
    "timeout_error": AgentNetworkError,
}
_BY_STATUS: dict[int, type[AgentError]] = {
    401: AgentCredentialsError,
    402: AgentCredentialsError,
    403: AgentCredentialsError,
    408: AgentNetworkError,
    429: AgentRateLimitedError,
    503: AgentOverloadedError,
    529: AgentOverloadedError,
}
_FIRST_SERVER_ERROR = 500


def failure(
    status: int | None, detail: str, *, kind: str | None = None, retry_after: float | None = None
) -> AgentError:
    """Sort what the provider answered, by https://platform.claude.com/docs/en/api/errors.

    Args:
        status: the HTTP status; None when there was no answer, or it broke off.
        detail: what it said, for the logs.
        kind: the error's `type`, which tells more than the status does.
        retry_after: seconds that it wants us to wait.
    """
    fitting = _BY_TYPE.get(kind or "") or _BY_STATUS.get(status or 0)
    if fitting is None:
        broken = status is None or status >= _FIRST_SERVER_ERROR
        fitting = AgentNetworkError if broken else AgentInvalidRequestError
    return fitting(detail, retry_after=retry_after)
