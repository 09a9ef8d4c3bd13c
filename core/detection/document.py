"""What detection needs to know of skills, workflows and clients. Plain values."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class OutputType:
    """A kind of text a skill makes: id `homepage`, label `homepage copy`, and the words people use for it."""

    id: str
    label: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SkillText:
    """The words of a skill. In one written by others only `name` and `description` are sure to be there."""

    name: str
    description: str
    title: str = ""
    category: str = ""
    purpose: str = ""
    triggers: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    body: str = ""
    output_types: tuple[OutputType, ...] = ()
    output_label: str = ""


@dataclass(frozen=True, slots=True)
class WorkflowText:
    """The words of a workflow: several skills in a row."""

    name: str
    title: str = ""
    triggers: tuple[str, ...] = ()
    description: str = ""


@dataclass(frozen=True, slots=True)
class ClientName:
    """How a client of one user may be called in a message."""

    id: UUID
    name: str
    slug: str = ""
    aliases: tuple[str, ...] = ()
