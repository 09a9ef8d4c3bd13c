"""Libraries and labelled messages read from files, for the command line, the bench and tests."""

import json
from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import yaml

from core.detection.cases import Case, read_cases
from core.detection.document import ClientName, SkillText, WorkflowText
from core.skills.document import parse_skill
from core.skills.frontmatter import parse_frontmatter

LIBRARY = Path("library")
DATA = Path("tests/data/detection")


@dataclass(frozen=True, slots=True)
class Labelled:
    """The labelled messages.

    Attributes:
        requests: Messages that ask for one of our skills.
        off_topic: Small talk, questions about the bot, everyday matters.
        workflows: Messages that ask for a workflow.
        calibration: Requests that neither words nor weights were fitted on, for the curve alone.
        clients: The clients that the messages name.
        other_library: Skills as others write them.
        other_requests: Messages that ask for one of those.
    """

    requests: list[Case]
    off_topic: list[Case]
    workflows: list[Case]
    calibration: list[Case]
    clients: tuple[ClientName, ...]
    other_library: list[SkillText]
    other_requests: list[Case]


def read_library(root: Path) -> tuple[list[SkillText], list[WorkflowText]]:
    """The skills under `root/skills` and the workflows under `root/workflows`, by name."""
    skills = [
        parse_skill(path.parent.name, path.read_bytes()).for_detection()
        for path in sorted(root.glob("skills/*/SKILL.md"))
    ]
    return skills, [_workflow(path) for path in sorted(root.glob("workflows/*.md"))]


def _workflow(path: Path) -> WorkflowText:
    data = parse_frontmatter(path.read_text(encoding="utf-8")).data
    return WorkflowText(
        data["name"], data.get("title", ""), tuple(data.get("triggers", ())), data.get("description", "")
    )


def read_labelled(root: Path) -> Labelled:
    """Everything under `tests/data/detection`."""
    practice = read_cases(root / "practice.jsonl")
    others = yaml.safe_load((root / "other-library" / "skills.yaml").read_text(encoding="utf-8"))
    names = json.loads((root / "clients.json").read_text(encoding="utf-8"))
    return Labelled(
        requests=[*read_cases(root / "requests.jsonl"), *(case for case in practice if case.skill)],
        off_topic=[*read_cases(root / "off_topic.jsonl"), *(case for case in practice if case.off_topic)],
        workflows=read_cases(root / "workflows.jsonl"),
        calibration=read_cases(root / "calibration.jsonl"),
        clients=tuple(ClientName(uuid5(NAMESPACE_URL, name), name) for name in names),
        other_library=[SkillText(one["name"], one["description"], body=one["body"]) for one in others],
        other_requests=read_cases(root / "other-library" / "requests.jsonl"),
    )


def as_others_write(skill: SkillText) -> SkillText:
    """The skill as somebody else would publish it: without triggers, examples or a title."""
    return SkillText(skill.name, skill.description, body=skill.body)
