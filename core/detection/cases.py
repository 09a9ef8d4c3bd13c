"""Labelled messages: what the detector is fitted on (one half) and measured with (the other)."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Half = Literal["dev", "test"]


@dataclass(frozen=True, slots=True)
class Case:
    """A message and what it asks for: one of a skill, a workflow, or nothing (`off_topic`).

    Attributes:
        text: The message.
        skill: Name of the skill that is meant.
        workflow: Name of the workflow that is meant.
        off_topic: The kind of small talk that it is.
        kind: Sort of message: short, plain, casual, rambling, typo, two, client, language, off_topic, workflow,
            practice, calibration.
        language: ISO 639-1 code.
        client: Name of the client that is named.
    """

    text: str
    skill: str | None = None
    workflow: str | None = None
    off_topic: str | None = None
    kind: str = "plain"
    language: str | None = None
    client: str | None = None

    @property
    def half(self) -> Half:
        """The half that the message falls into: decided by its hash, once and for all; practice is never tested."""
        return "dev" if self.kind == "practice" or hashlib.sha256(self.text.encode()).digest()[0] % 2 else "test"


def read_cases(*files: Path) -> list[Case]:
    """The cases of JSON Lines files, in their order."""
    return [
        Case(**json.loads(line))
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
        if line.strip()
    ]
