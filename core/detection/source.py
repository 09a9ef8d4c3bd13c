"""Skills and workflows read from a folder, for the command line, the bench and tests."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from core.detection.document import OutputType, SkillText, WorkflowText

_FENCE = "---\n"


def read_library(root: Path) -> tuple[list[SkillText], list[WorkflowText]]:
    """The skills under `root/skills` and the workflows under `root/workflows`, by name."""
    skills = [skill_text(*_split(path)) for path in sorted(root.glob("skills/*/SKILL.md"))]
    workflows = [_workflow_text(_split(path)[0]) for path in sorted(root.glob("workflows/*.md"))]
    return skills, workflows


def skill_text(front: Mapping[str, Any], body: str) -> SkillText:
    """What detection needs of a skill's frontmatter and body."""
    meta = front.get("metadata") or {}
    output = meta.get("output") or {}
    types = output.get("types") or {}
    return SkillText(
        name=front["name"],
        description=front.get("description", ""),
        title=meta.get("title", ""),
        category=meta.get("category", ""),
        purpose=meta.get("purpose", ""),
        triggers=_strings(meta.get("triggers")),
        examples=_strings(meta.get("examples")),
        body=body,
        output_types=tuple(
            OutputType(key, kind.get("label", key), _strings(kind.get("words"))) for key, kind in types.items()
        ),
        output_label=output.get("label", ""),
    )


def _workflow_text(front: Mapping[str, Any]) -> WorkflowText:
    return WorkflowText(
        front["name"], front.get("title", ""), _strings(front.get("triggers")), front.get("description", "")
    )


def _strings(values: Sequence[Any] | None) -> tuple[str, ...]:
    return tuple(str(value) for value in values or ())


def _split(path: Path) -> tuple[Mapping[str, Any], str]:
    front, _, body = path.read_text(encoding="utf-8").removeprefix(_FENCE).partition(_FENCE)
    return yaml.safe_load(front), body
