"""What the tests of a replay share: two texts, who writes which, and what came of it."""

from core.learning.evaluation import Evaluation
from core.runtime import Runtime
from local.claude.client import ClaudeStandIn, ReceivedRequest
from storage.models import RuleProposal
from tests.core.learning.past import RULE

NEW, OLD = "# A number first", "# Welcome"
COMPLAINT = "canary-complaint: nothing but fog"


async def let_write(claude: ClaudeStandIn) -> None:
    """The stand-in writes another text where it reads the rule, and finds that one better in either place."""
    await claude.script({"json": {"better": "A", "reason": "Text A is concrete."}}, user=f'/"Text A">\n{NEW}/')
    await claude.script({"json": {"better": "B", "reason": "Text B is concrete."}}, user=f'/"Text B">\n{NEW}/')
    await claude.script(f"<output>{NEW}</output>", system=RULE)
    await claude.script(f"<output>{OLD}</output>")


async def now(runtime: Runtime, proposal: RuleProposal) -> tuple[str, Evaluation]:
    """The state of a proposal, and its test."""
    async with runtime.system_unit() as unit:
        found = await unit.proposals.get(proposal.id)
    return found.status, Evaluation.from_json(found.evaluation)


async def written(claude: ClaudeStandIn) -> list[ReceivedRequest]:
    return [request for request in await claude.requests() if not request.call.tools]


async def judged(claude: ClaudeStandIn) -> list[ReceivedRequest]:
    return [request for request in await claude.requests() if request.call.tool("judge_pair")]
