"""Rating: one judgement for each output and person, which a second tap changes."""

from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import NotFoundError, StaleButtonError
from storage.models import Feedback, Output
from storage.outputs import FeedbackRepository, OutputRepository
from storage.pages import Page

Severity = Literal["high", "medium", "low"]
LOW_SCORE = 3
MAX_COMMENT = 4000
_SCORES = ("accuracy_score", "quality_score", "usefulness_score", "overall_score")
_WORDS = ("rule_compliance_score", "what_worked_well", "issues_json", "suggested_rule_changes", "source")
_LONG_FORM = (*_SCORES, *_WORDS)


class FeedbackService:
    """Works in the transaction of the output's owner; the rater may be somebody else."""

    def __init__(self, session: AsyncSession) -> None:
        self._outputs = OutputRepository(session)
        self._feedback = FeedbackRepository(session)

    async def rate(self, output_id: UUID, rater: str, score: int, *, source: str) -> tuple[Output, Feedback]:
        """Keep one tap: accuracy, quality, usefulness and overall alike.

        Raises:
            NotFoundError: this user has no such output.
            StaleButtonError: the score is none of 1 to 5.
        """
        if score not in range(1, 6):
            raise StaleButtonError
        output = await self._outputs.get(output_id)
        if output is None:
            raise NotFoundError
        judged = Feedback(
            user_id=output.user_id,
            output_id=output_id,
            rater=rater,
            source=source,
            accuracy_score=score,
            quality_score=score,
            usefulness_score=score,
            overall_score=score,
        )
        return output, await self._feedback.put(judged, replace=_SCORES)

    async def judge(self, judged: Feedback) -> Feedback:
        """Keep the long form. It replaces all that this person said of this output before.

        Raises:
            NotFoundError: this user has no such output.
        """
        output = await self._outputs.get(judged.output_id)
        if output is None:
            raise NotFoundError
        return await self._feedback.put(judged, replace=_LONG_FORM)

    async def page(
        self, user_id: UUID, *, after: UUID | None, limit: int, output_id: UUID | None = None
    ) -> Page[Feedback]:
        """Judgements on a user's outputs, newest first."""
        return await self._feedback.page(user_id, after=after, limit=limit, output_id=output_id)

    async def score_of(self, output_id: UUID, rater: str) -> int | None:
        """How this person rated this output."""
        found = await self._feedback.get(output_id, rater)
        return found.overall_score if found else None

    async def comment(self, feedback_id: UUID, text: str) -> Feedback:
        """Add what somebody said: what worked after a high score, an issue after a low one.

        Raises:
            NotFoundError: there is no such judgement.
        """
        judged = await self._get(feedback_id)
        text = text.strip()[:MAX_COMMENT]
        if judged.overall_score > LOW_SCORE:
            judged.what_worked_well = text
        else:
            others = [issue for issue in judged.issues_json if issue.get("source") != "comment"]
            judged.issues_json = [*others, {"description": text, "severity": "medium", "source": "comment"}]
        judged.processed_at = None
        return judged

    async def severity(self, feedback_id: UUID, severity: Severity) -> None:
        """Say how bad the issues are.

        Raises:
            NotFoundError: there is no such judgement.
        """
        judged = await self._get(feedback_id)
        judged.issues_json = [{**issue, "severity": severity} for issue in judged.issues_json]
        judged.processed_at = None

    async def _get(self, feedback_id: UUID) -> Feedback:
        judged = await self._feedback.by_id(feedback_id)
        if judged is None:
            raise NotFoundError
        return judged
