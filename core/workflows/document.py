"""What a workflow's file says: its steps in order, and which earlier outputs each of them uses."""

from collections.abc import Collection, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from core.detection.document import WorkflowText
from core.skills.document import Names
from core.skills.frontmatter import Document, FrontmatterError, parse_frontmatter

MAX_WORKFLOW_BYTES = 128 * 1024
MOST_STEPS = 12
Gate = Literal["approve", "none"]
_NAME = r"^[a-z0-9]+(-[a-z0-9]+)*$"
_LONGEST_NAME = 40
"""A name travels in a button, whose data Telegram limits to 64 bytes."""


class StepField(BaseModel):
    """One step: a run of `skill`, asked `ask`, with the outputs of `uses` as its material."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=_NAME, max_length=_LONGEST_NAME)
    skill: str = Field(pattern=_NAME, max_length=64)
    title: str = Field(min_length=1, max_length=60)
    ask: str = Field(min_length=1, max_length=4000)
    uses: Names = ()
    gate: Gate = "approve"


class WorkflowDocument(BaseModel):
    """A workflow, read and checked: each step uses earlier ones only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field(pattern=_NAME, max_length=_LONGEST_NAME)
    title: str = Field(min_length=1, max_length=60)
    description: str = Field(min_length=1, max_length=1024)
    triggers: Names = ()
    steps: tuple[StepField, ...] = Field(min_length=1, max_length=MOST_STEPS)
    body: str = ""

    def for_detection(self) -> WorkflowText:
        """The words that the detector looks for."""
        return WorkflowText(self.name, self.title, self.triggers, self.description)


class WorkflowFileError(Exception):
    """What is wrong in a workflow's file, and in which line (counted from 1)."""

    def __init__(self, name: str, line: int, message: str) -> None:
        super().__init__(f"workflows/{name}.md:{line}: {message}")
        self.name = name
        self.line = line
        self.message = message


def parse_workflow(name: str, raw: bytes, *, skills: Collection[str]) -> WorkflowDocument:
    """Read `workflows/<name>.md`, where `skills` are the names of those that there are.

    Raises:
        WorkflowFileError: it is too large, not UTF-8, not in the format, names a skill or a step that is not there,
            or goes round in a loop; the message names the line.
    """
    if len(raw) > MAX_WORKFLOW_BYTES:
        raise WorkflowFileError(name, 1, f"is larger than {MAX_WORKFLOW_BYTES // 1024} KB")
    try:
        document = parse_frontmatter(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise WorkflowFileError(name, line, "is not UTF-8 text") from error
    except FrontmatterError as error:
        raise WorkflowFileError(name, error.line, error.message) from error
    try:
        workflow = WorkflowDocument.model_validate({**document.data, "body": document.body.strip()})
    except ValidationError as error:
        raise _explain(name, document, error) from error
    if workflow.name != name:
        raise WorkflowFileError(
            name, document.line_of("name"), f"name is {workflow.name!r}, but the file is {name!r}"
        )
    for number, message, *path in _complaints(workflow.steps, skills):
        raise WorkflowFileError(name, document.line_of("steps", str(number), *path), message)
    return workflow


def _complaints(steps: Sequence[StepField], skills: Collection[str]) -> list[tuple[int, str, str]]:
    """What is wrong with the steps as a whole: the step's number, the words, and the key that they are about."""
    found: list[tuple[int, str, str]] = []
    ids = [step.id for step in steps]
    for number, step in enumerate(steps):
        if step.id in ids[:number]:
            found.append((number, f"there are two steps {step.id!r}", "id"))
        if step.skill not in skills:
            found.append((number, f"there is no skill {step.skill!r}", "skill"))
        unknown = [used for used in step.uses if used not in ids]
        if unknown:
            found.append((number, f"uses {unknown[0]!r}, but there is no such step", "uses"))
        elif loop := _loop(steps, step.id):
            found.append((number, f"goes round in a loop: {' → '.join(loop)}", "uses"))
        elif later := [used for used in step.uses if used not in ids[:number]]:
            found.append((number, f"uses {later[0]!r}, which comes after it", "uses"))
    return found


def _loop(steps: Sequence[StepField], start: str) -> list[str]:
    """A way along `uses` from a step back to itself, or nothing."""
    uses = {step.id: step.uses for step in steps}
    ways = [[start]]
    seen: set[str] = set()
    while ways:
        way = ways.pop()
        for used in uses.get(way[-1], ()):
            if used == start:
                return [*way, start]
            if used not in seen:
                seen.add(used)
                ways.append([*way, used])
    return []


def _explain(name: str, document: Document, error: ValidationError) -> WorkflowFileError:
    problem = error.errors(include_url=False)[0]
    path = tuple(str(part) for part in problem["loc"])
    what = "is missing" if problem["type"] == "missing" else problem["msg"]
    return WorkflowFileError(name, document.line_of(*path), f"{'.'.join(path)}: {what}")
