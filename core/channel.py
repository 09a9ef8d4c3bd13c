"""Where a run is shown. The core says what is true; a channel decides how that looks, and where."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, Protocol
from uuid import UUID

from core.learning.evaluation import Evaluation
from storage.models import Delivery
from storage.models.rules import ChangeType, ProposalOrigin, ProposalStatus, RuleScope
from storage.models.workflows import WORKFLOW_ENDED, Decision, StepStatus, WorkflowStatus

Phase = Literal[
    "queued",
    "starting",
    "reading",
    "searching",
    "fetching",
    "consulting",
    "filing",
    "writing",
    "retrying",
    "handed_back",
    "model_unwell",
]


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody speaks. The core passes it on and never looks inside."""

    channel: str
    chat_id: str
    thread_id: int | None = None


@dataclass(frozen=True, slots=True)
class Subject:
    """What a run is about, in words: `homepage copy`, for `Yaz Automate` (None: for no client)."""

    run_id: UUID
    label: str
    client: str | None
    client_guessed: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """A run on its way. `detail` is a search or an address, `tail` the end of the growing text."""

    subject: Subject
    phase: Phase
    detail: str = ""
    tail: str = ""
    ahead: int = 0


@dataclass(frozen=True, slots=True)
class OutputCard:
    """What people see of an output without opening it."""

    output_id: UUID
    short_id: str
    title: str
    preview: str
    version: int
    parent_output_id: UUID | None
    flags: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Finished:
    """A run that made something. `seconds` is the time since it was asked for."""

    subject: Subject
    output: OutputCard
    others: tuple[OutputCard, ...] = ()
    seconds: float = 0.0
    notify: bool = False
    cost_usd: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Failed:
    """A run that ended without an output. `code` names the words; `reference` is what the logs carry."""

    subject: Subject
    code: str
    reference: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stopped:
    """A run that somebody stopped."""

    subject: Subject


@dataclass(frozen=True, slots=True)
class StepCard:
    """A step of a workflow. `tries` tells its versions apart; `allowed` is what may be decided about it now."""

    id: str
    title: str
    status: StepStatus
    tries: int = 0
    output: OutputCard | None = None
    error_code: str | None = None
    allowed: frozenset[Decision] = frozenset()


@dataclass(frozen=True, slots=True)
class WorkflowCard:
    """A workflow on its way, as a checklist. `nudge`: somebody should hear that it waits for them."""

    walk_id: UUID
    title: str
    client: str | None
    status: WorkflowStatus
    steps: tuple[StepCard, ...]
    cost_usd: Decimal = Decimal(0)
    client_guessed: bool = False
    nudge: bool = False

    @property
    def final(self) -> bool:
        """Whether nothing of it can change any more: a stopped one waits for the runs that are at work."""
        return self.status in WORKFLOW_ENDED and all(step.status != "running" for step in self.steps)


@dataclass(frozen=True, slots=True)
class EvidenceCard:
    """A judgement that a proposal rests on: the output's short id, its score from 1 to 5, what was said."""

    output: str
    score: int
    quote: str


@dataclass(frozen=True, slots=True)
class ReplayPrice:
    """What a test would cost before it starts: pairs of texts, dollars expected, dollars it can't exceed."""

    pairs: int
    expected_usd: Decimal
    cap_usd: Decimal


@dataclass(frozen=True, slots=True)
class ProposalCard:
    """A change of one rule, with all that somebody needs to decide about it.

    `subject` names the skill or the client (empty: everybody). `warnings` are codes and what they are about.
    `price` is known while a test can be started; `evaluation` is empty before the first. `version_id` is the
    version of the rules that it became, while that can be rolled back. `decided_by` is a name, None of somebody who
    has left.
    """

    proposal_id: UUID
    scope: RuleScope
    subject: str
    theme: str
    change_type: ChangeType
    origin: ProposalOrigin
    current_rule: str | None
    proposed_rule: str | None
    rationale: str
    status: ProposalStatus
    revision: int
    evidence: tuple[EvidenceCard, ...] = ()
    warnings: tuple[tuple[str, str], ...] = ()
    price: ReplayPrice | None = None
    evaluation: Evaluation = field(default_factory=Evaluation)
    version_id: UUID | None = None
    decided_by: str | None = None

    @property
    def final(self) -> bool:
        """Whether nothing of it changes by itself any more; an approved one can still be rolled back."""
        return self.status in {"rejected", "rolled_back"}


@dataclass(frozen=True, slots=True)
class RulesAlert:
    """Outputs are rated worse since a version of rules: means of scores from 1 to 5, before it and with it."""

    version_id: UUID
    scope: RuleScope
    subject: str
    version: int
    before: float
    after: float
    count: int
    chart: bytes | None = None
    """A PNG of the scores, where one could be drawn."""


@dataclass(frozen=True, slots=True)
class BudgetNear:
    """A monthly limit is about to be reached, or is: for all of a person's runs, or for those of one client."""

    client: str | None
    spent_usd: Decimal
    limit_usd: Decimal
    resets_at: datetime


@dataclass(frozen=True, slots=True)
class WebhookSwitchedOff:
    """An address that failed so often in a row that nothing more is sent there."""

    url: str
    failures: int


@dataclass(frozen=True, slots=True)
class AccountDeleted:
    """An account is gone, with everything in it."""


RunState = Progress | Finished | Failed | Stopped
ChannelState = RunState | WorkflowCard | ProposalCard
News = ChannelState | WebhookSwitchedOff | RulesAlert | BudgetNear | AccountDeleted


class Channel(Protocol):
    """One way to reach people."""

    def pace(self, delivery: Delivery) -> float:
        """The least number of seconds between two edits of this message."""

    async def show(self, delivery: Delivery, state: ChannelState) -> None:
        """Make the message of a run, a workflow or a proposal say `state`.

        Repeating it changes nothing; failures to reach are its own affair.
        Progress may be left out when the channel is busy; an end may not.

        Raises:
            ChannelAwayError: an end could not be shown now, and should be tried again.
        """

    async def announce(self, place: Place, news: News) -> int:
        """Say something in a new message; its id.

        Raises:
            ChannelAwayError: it could not be said.
        """


class ChannelAwayError(Exception):
    """The channel does not answer, or asks to wait: `retry_after` seconds."""

    def __init__(self, detail: str, retry_after: float = 5.0) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
