"""Feedback on outputs."""

from bot.http.call import Call
from bot.http.routing import PREFIX, Routes
from bot.http.schemas.common import PageOf
from bot.http.schemas.feedback import FeedbackQuery, FeedbackRequest, FeedbackView
from core.errors import NotFoundError
from storage.models import Feedback

routes = Routes("Feedback")


@routes.add("POST", "/feedback", "run", status=201, limits=["feedback"], creates=True, errors=[NotFoundError])
async def give_feedback(call: Call, body: FeedbackRequest) -> FeedbackView:
    """Judge an output, from 1 to 5. Doing so again replaces what you said before."""
    judged = Feedback(
        user_id=call.user_id,
        rater=call.account.person,
        issues_json=[issue.model_dump() for issue in body.issues],
        suggested_rule_changes=[change.model_dump() for change in body.suggested_rule_changes],
        **body.model_dump(exclude={"issues", "suggested_rule_changes"}),
    )
    async with call.runtime.unit(call.user_id) as unit:
        kept = await unit.feedback.judge(judged)
    call.headers["Location"] = f"{PREFIX}/feedback?output_id={kept.output_id}"
    return FeedbackView.model_validate(kept)


@routes.add("GET", "/feedback", "read")
async def list_feedback(call: Call, query: FeedbackQuery) -> PageOf[FeedbackView]:
    """List the judgements on your outputs, newest first."""
    async with call.runtime.unit(call.user_id) as unit:
        page = await unit.feedback.page(
            call.user_id, after=call.after(query), limit=query.limit, output_id=query.output_id
        )
    return call.page([FeedbackView.model_validate(it) for it in page.items], page.next_after)
