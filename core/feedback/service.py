"""Rating: one judgement for each output and person, which a second tap changes. Learning hears of each change."""

from collections.abc import Awaitable, Callable
from typing import Literal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import NotFoundError, NotYourRatingError, StaleButtonError
from core.queue import Job
from storage.models import Feedback, Output
from storage.models.base import utc_now
from storage.outputs import FeedbackRepository, OutputRepository, Rated
from storage.pages import Page

Severity = Literal["high", "medium", "low"]
Tell = Callable[[Job], Awaitable[None]]
LOW_SCORE = 3
MAX_COMMENT = 4000
_SCORES = ("accuracy_score", "quality_score", "usefulness_score", "overall_score")
_WORDS = ("rule_compliance_score", "what_worked_well", "issues_json", "suggested_rule_changes", "source")
_LONG_FORM = (*_SCORES, *_WORDS)


class FeedbackService:
    """Works in the transaction of the output's owner; the rater may be somebody else."""

    def __init__(self, session: AsyncSession, tell: Tell, *, delay_seconds: float) -> None:
        """Learn from what is said once nothing was said of the skill for `delay_seconds`."""
        self._tell = tell
        self._delay = delay_seconds
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
        kept = await self._feedback.put(judged, replace=_SCORES)
        await self._tell(feedback_bell(output.skill_id, self._delay))
        return output, kept

    async def judge(self, judged: Feedback) -> Feedback:
        """Keep the long form. It replaces all that this person said of this output before.

        Raises:
            NotFoundError: this user has no such output.
        """
        output = await self._outputs.get(judged.output_id)
        if output is None:
            raise NotFoundError
        kept = await self._feedback.put(judged, replace=_LONG_FORM)
        await self._tell(feedback_bell(output.skill_id, self._delay))
        return kept

    async def page(
        self, user_id: UUID, *, after: UUID | None, limit: int, output_id: UUID | None = None
    ) -> Page[Feedback]:
        """Judgements on a user's outputs, newest first."""
        return await self._feedback.page(user_id, after=after, limit=limit, output_id=output_id)

    async def score_of(self, output_id: UUID, rater: str) -> int | None:
        """How this person rated this output."""
        found = await self.of(output_id, rater)
        return found.overall_score if found else None

    async def of(self, output_id: UUID, rater: str) -> Feedback | None:
        """What this person said of this output."""
        return await self._feedback.get(output_id, rater)

    async def rated(self, output_id: UUID) -> Rated | None:
        """How all people together rated this output; None if nobody did."""
        return await self._feedback.rated(output_id)

    async def owner_of(self, feedback_id: UUID) -> UUID:
        """Whose output a judgement is about. Needs a system unit: who judged may be anybody.

        Raises:
            NotFoundError: there is no such judgement.
        """
        judged = await self._feedback.by_id(feedback_id)
        if judged is None:
            raise NotFoundError
        return judged.user_id

    async def comment(self, feedback_id: UUID, text: str, *, rater: str) -> Feedback:
        """Add what the one who rated said: what worked after a high score, an issue after a low one.

        Raises:
            NotFoundError: there is no such judgement.
            NotYourRatingError: somebody else rated.
        """
        judged = await self._get(feedback_id, rater)
        text = text.strip()[:MAX_COMMENT]
        if judged.overall_score > LOW_SCORE:
            judged.what_worked_well = text
        else:
            others = [issue for issue in judged.issues_json if issue.get("source") != "comment"]
            judged.issues_json = [*others, {"description": text, "severity": "medium", "source": "comment"}]
        await self._changed(judged)
        return judged

    async def take_back_comment(self, feedback_id: UUID, *, rater: str) -> str:
        """Forget a comment that was no comment; its text.

        Raises:
            NotFoundError: there is no such judgement.
            NotYourRatingError: somebody else rated.
            StaleButtonError: there is no comment.
        """
        judged = await self._get(feedback_id, rater)
        said = [issue["description"] for issue in judged.issues_json if issue.get("source") == "comment"]
        text = next(iter(said), judged.what_worked_well)
        if not text:
            raise StaleButtonError
        judged.what_worked_well = judged.what_worked_well if said else None
        judged.issues_json = [issue for issue in judged.issues_json if issue.get("source") != "comment"]
        await self._changed(judged)
        return text

    async def require_rater(self, feedback_id: UUID, rater: str) -> None:
        """See to it that this is who judged.

        Raises:
            NotFoundError: there is no such judgement.
            NotYourRatingError: somebody else rated.
        """
        await self._get(feedback_id, rater)

    async def severity(self, feedback_id: UUID, severity: Severity, *, rater: str) -> None:
        """Say how bad the issues are.

        Raises:
            NotFoundError: there is no such judgement.
            NotYourRatingError: somebody else rated.
        """
        judged = await self._get(feedback_id, rater)
        judged.issues_json = [{**issue, "severity": severity} for issue in judged.issues_json]
        await self._changed(judged)

    async def _get(self, feedback_id: UUID, rater: str) -> Feedback:
        judged = await self._feedback.by_id(feedback_id)
        if judged is None:
            raise NotFoundError
        if judged.rater != rater:
            raise NotYourRatingError
        return judged

    async def _changed(self, judged: Feedback) -> None:
        """It is as of now, and to be counted anew."""
        judged.processed_at, judged.changed_at = None, utc_now()
        output = await self._outputs.get(judged.output_id)
        if output is not None:
            await self._tell(feedback_bell(output.skill_id, self._delay))


def feedback_bell(skill_id: UUID, delay_seconds: float = 0.0, suffix: str = "") -> Job:
    """What has the feedback on a skill processed, one at a time; `suffix` rings for it again."""
    return Job("process_feedback", (str(skill_id),), f"feedback:{skill_id}{suffix}", delay_seconds)
