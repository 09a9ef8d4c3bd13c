"""Errors that people may see. Each knows its code, its HTTP status and the name of its words; edges render them."""

from typing import Any, ClassVar


class MarketingAgentError(Exception):
    """An expected failure.

    `code` names the words (`error-<code>` in `bot/locales`) and stands in a problem document; `params` are values
    for the words, safe to show. `str(error)` is for logs only.
    """

    code: ClassVar[str] = "internal"
    status: ClassVar[int] = 500

    def __init__(self, detail: str = "", **params: Any) -> None:
        """Keep `detail` for the logs and `params` for the words that people read."""
        super().__init__(detail or self.code)
        self.detail = detail
        self.params = params


class NotFoundError(MarketingAgentError):
    """There is no such thing, or it belongs to somebody else: the two look alike."""

    code = "not-found"
    status = 404


class NotLinkedError(MarketingAgentError):
    """This identity is tied to no account."""

    code = "not-linked"
    status = 401


class InviteInvalidError(MarketingAgentError):
    """The invite is unknown, used up, or too old."""

    code = "invite-invalid"
    status = 403


class KeyInvalidError(MarketingAgentError):
    """The API key is unknown, revoked, or too old."""

    code = "key-invalid"
    status = 401


class ScopeMissingError(MarketingAgentError):
    """The API key may not do this; `scope` is what it lacks."""

    code = "scope-missing"
    status = 403


class ConflictError(MarketingAgentError):
    """Something of this name is there already, or is in a state that does not allow it."""

    code = "conflict"
    status = 409


class StaleButtonError(MarketingAgentError):
    """What the button referred to has been decided, replaced, or has run out."""

    code = "stale-button"
    status = 409


class NothingToRunError(MarketingAgentError):
    """The request is empty."""

    code = "empty-request"
    status = 422


class TooLongError(MarketingAgentError):
    """The request is longer than can be worked with."""

    code = "too-long"
    status = 422


class SkillUnknownError(MarketingAgentError):
    """No skill of this name can be run."""

    code = "skill-unknown"
    status = 404


class WorkflowUnknownError(MarketingAgentError):
    """No workflow of this name can be started."""

    code = "workflow-unknown"
    status = 404


class StepDecidedError(StaleButtonError):
    """The step does not wait for this decision: it was taken before, or the workflow has moved on."""

    code = "step-decided"


class NotYourRatingError(MarketingAgentError):
    """The question is about somebody else's rating."""

    code = "not-your-rating"
    status = 403


class ProposalDecidedError(StaleButtonError):
    """Somebody decided about this change of rules before."""

    code = "proposal-decided"


class ProposalBusyError(ConflictError):
    """The change is being tested just now: its wording has to stay until the test ends."""

    code = "proposal-busy"


class ProposalMovedError(ConflictError):
    """The rules changed since: the rule to be changed is gone, or a new one speaks against the change."""

    code = "proposal-moved"


class ProposalUntestedError(ConflictError):
    """A change can be approved once its test has ended, and not before."""

    code = "proposal-untested"


class RuleUnfitError(MarketingAgentError):
    """What was written can't stand as a rule: it is empty, too long, or holds markup that would break out of it."""

    code = "rule-unfit"
    status = 422


class ClientUnknownError(MarketingAgentError):
    """The person has no client of this name."""

    code = "client-unknown"
    status = 404


class BudgetReachedError(MarketingAgentError):
    """A monthly limit is reached, so nothing new starts; `budget` says which, how far, and until when."""

    code = "budget-reached"
    status = 402


class BudgetSpentError(MarketingAgentError):
    """A monthly limit was reached by others while this waited for its turn."""

    code = "budget-spent"
    status = 402


class ConfirmationRequiredError(MarketingAgentError):
    """It is expected to cost `estimate_usd`, which somebody has to agree to first."""

    code = "confirmation-required"
    status = 409


class ServiceAwayError(MarketingAgentError):
    """A store that is needed does not answer; nothing was half written."""

    code = "service-away"
    status = 503
