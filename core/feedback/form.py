"""The long form of a judgement, question by question: what was answered so far, and where it stands. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self
from uuid import UUID

from core.feedback.service import MAX_COMMENT, Severity
from storage.models import Feedback

Aspect = Literal["accuracy", "quality", "usefulness", "rule_compliance", "overall"]
Step = Literal[
    "accuracy", "quality", "usefulness", "rule_compliance", "issues", "severity", "rule", "overall", "end"
]
ORDER: tuple[Step, ...] = ("accuracy", "quality", "usefulness", "rule_compliance", "issues", "rule", "end")
"""The way through. `severity` is asked after each issue; `overall` last, and only where nothing tells it."""
MOST_ISSUES = 20
_SCORED: tuple[Aspect, ...] = ("accuracy", "quality", "usefulness", "rule_compliance")


@dataclass(frozen=True, slots=True)
class Form:
    """One person's judgement of one output, being made. Scores go from 1 to 5.

    It begins with what that person said of the output before, so that a question which is skipped changes nothing.
    `issue` waits for its severity. `changed`: something was answered that is not kept yet.
    """

    output_id: UUID
    title: str
    step: Step = "accuracy"
    scores: Mapping[Aspect, int] = field(default_factory=dict)
    issues: tuple[Mapping[str, Any], ...] = ()
    issue: str = ""
    rules: tuple[Mapping[str, Any], ...] = ()
    worked: str | None = None
    changed: bool = False

    @classmethod
    def begin(cls, output_id: UUID, title: str, known: Feedback | None) -> Self:
        """A form with what is known of this person's judgement."""
        if known is None:
            return cls(output_id, title)
        given: dict[Aspect, int | None] = {
            "accuracy": known.accuracy_score,
            "quality": known.quality_score,
            "usefulness": known.usefulness_score,
            "rule_compliance": known.rule_compliance_score,
            "overall": known.overall_score,
        }
        return cls(
            output_id,
            title,
            scores={aspect: score for aspect, score in given.items() if score is not None},
            issues=tuple(known.issues_json),
            rules=tuple(known.suggested_rule_changes),
            worked=known.what_worked_well,
        )

    @property
    def overall(self) -> int | None:
        """The mean of what was scored, halves upwards; else what was said before; None where nothing tells it."""
        scored = [self.scores[aspect] for aspect in _SCORED if aspect in self.scores]
        return int(sum(scored) / len(scored) + 0.5) if scored else self.scores.get("overall")

    def score(self, aspect: Aspect, score: int) -> Self:
        """Answer a question by a score, and go on."""
        return replace(self, scores={**self.scores, aspect: score}, changed=True).forward()

    def write(self, text: str) -> Self:
        """Answer a question in words: an issue, which then asks how bad it is, or a rule, which ends the form."""
        text = text.strip()[:MAX_COMMENT]
        if self.step == "rule":
            rule = {"file": "RULES.md", "suggested_change": text, "rationale": ""}
            return replace(self, rules=(*self.rules, rule), changed=True).forward()
        return replace(self, issue=text, step="severity")

    def judge(self, severity: Severity) -> Self:
        """Say how bad the issue is that was written last, and ask for another."""
        issue = {"description": self.issue, "severity": severity, "source": "form"}
        issues = (*self.issues, issue)[-MOST_ISSUES:]
        return replace(self, issues=issues, issue="", step="issues", changed=True)

    def forward(self) -> Self:
        """The next question."""
        if self.step == "severity":
            return self.judge("medium")
        following = ORDER[ORDER.index(self.step) + 1] if self.step in ORDER[:-1] else "end"
        return self.end() if following == "end" else replace(self, step=following)

    def end(self) -> Self:
        """The end, or the one question that is open before it."""
        return replace(self, step="end" if self.overall is not None else "overall")

    def back(self) -> Self:
        """The question before; of the first the first."""
        if self.step == "severity":
            return replace(self, step="issues", issue="")
        if self.step == "overall":
            return replace(self, step="rule")
        return replace(self, step=ORDER[max(ORDER.index(self.step) - 1, 0)])

    def as_feedback(self, user_id: UUID, rater: str, source: str) -> Feedback:
        """What is kept of it.

        Raises:
            ValueError: nothing tells the overall score.
        """
        if self.overall is None:
            raise ValueError("a judgement needs an overall score")
        return Feedback(
            user_id=user_id,
            output_id=self.output_id,
            rater=rater,
            source=source,
            accuracy_score=self.scores.get("accuracy"),
            quality_score=self.scores.get("quality"),
            usefulness_score=self.scores.get("usefulness"),
            rule_compliance_score=self.scores.get("rule_compliance"),
            overall_score=self.overall,
            what_worked_well=self.worked,
            issues_json=[dict(issue) for issue in self.issues],
            suggested_rule_changes=[dict(rule) for rule in self.rules],
        )

    def to_json(self) -> dict[str, Any]:
        """As it is kept while it is open."""
        return {
            "output_id": str(self.output_id),
            "title": self.title,
            "step": self.step,
            "scores": dict(self.scores),
            "issues": [dict(issue) for issue in self.issues],
            "issue": self.issue,
            "rules": [dict(rule) for rule in self.rules],
            "worked": self.worked,
            "changed": self.changed,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Read one that is open."""
        values = {**kept, "output_id": UUID(kept["output_id"])}
        return cls(**{**values, "issues": tuple(kept["issues"]), "rules": tuple(kept["rules"])})
