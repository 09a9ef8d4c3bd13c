"""What detection found in a message."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from core.detection.document import OutputType

Kind = Literal["skill", "unsure", "off_topic", "workflow"]
Method = Literal["command", "keyword", "claude", "none"]
OffTopicKind = Literal["thanks", "greeting", "about_bot", "other"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A skill, and the probability (0 to 1) that it is the one that is meant."""

    skill: str
    probability: float


@dataclass(frozen=True, slots=True)
class Detection:
    """The answer to: which skill, for which client, which output, in which language?

    Attributes:
        kind: `skill`: run it. `unsure`: let the person choose among `alternatives`. `off_topic`: answer in a
            line, run nothing. `workflow`: offer `workflow`.
        skill: The skill to run; set when `kind` is `skill` only.
        confidence: Probability (0 to 1) that `kind` and what it names are right; for `unsure`, that the first
            alternative is.
        method: The stage that decided; `none` when none did.
        alternatives: The best five, best first, whatever the kind. Empty after a command.
        client_ids: The clients that are named. Two or more is a question to the person.
        output_type: The kind of text asked for, of `skill` or else of the first alternative.
        language: ISO 639-1 code of the message's language.
        workflow: A workflow that fits; also set beside a skill that runs, when both do.
        off_topic_kind: Which kind of small talk, when `kind` is `off_topic`.
    """

    kind: Kind
    skill: str | None = None
    confidence: float = 0.0
    method: Method = "none"
    alternatives: tuple[Candidate, ...] = ()
    client_ids: tuple[UUID, ...] = ()
    output_type: OutputType | None = None
    language: str = "en"
    workflow: str | None = None
    off_topic_kind: OffTopicKind | None = None
