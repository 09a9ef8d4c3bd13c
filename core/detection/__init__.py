"""Detection: from a message to a skill, a client, an output type and a language."""

from core.detection.detector import Detector
from core.detection.document import ClientName, OutputType, SkillText, WorkflowText
from core.detection.judge import ClaudeJudge, Judge, Option, Verdict
from core.detection.result import Candidate, Detection

__all__ = [
    "Candidate",
    "ClaudeJudge",
    "ClientName",
    "Detection",
    "Detector",
    "Judge",
    "Option",
    "OutputType",
    "SkillText",
    "Verdict",
    "WorkflowText",
]
