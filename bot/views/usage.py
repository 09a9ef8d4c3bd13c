"""What people read about money: what it costs, what it will cost, and how far a limit is."""

from decimal import Decimal
from uuid import UUID

from bot.keyboards import usage as keyboards
from bot.view import View
from bot.views.runs import described
from bot.words import dollars, say
from core.channel import BudgetNear, Subject
from core.runs.plan import ConfirmCost, Ready
from core.usage.months import Month
from core.usage.service import ClientUsage, MonthlyUsage
from storage.usage import Sum

_NONE = "none"


def usage(seen: MonthlyUsage) -> View:
    """The month so far against its limit, by client, and what the month before came to."""
    lines = [say("usage-month", month=_name(seen.month)), _sum(seen.total)]
    if seen.limit_usd is None:
        lines.append(say("usage-no-limit"))
    else:
        spent, limit = dollars(seen.total.cost_usd), dollars(seen.limit_usd)
        lines.append(say("usage-limit", spent=spent, limit=limit, resets=_resets(seen.month)))
    if seen.clients:
        lines += ["", say("usage-by-client"), *(_client(row) for row in seen.clients)]
    before = say("usage-before", month=_name(seen.month.before), runs=seen.before.runs, sum=_sum(seen.before))
    lines += ["", before]
    return View("\n".join(lines))


def confirm_cost(question: ConfirmCost, pending: UUID) -> View:
    """What it is, for whom, and about how much; Go and Cancel."""
    plan = question.plan
    label = plan.label if isinstance(plan, Ready) else plan.workflow.title
    name = described(Subject(pending, label, plan.client.name if plan.client else None))
    text = say("confirm-cost", subject=name[:1].upper() + name[1:], dollars=dollars(question.estimate_usd))
    return View(f"{text}\n\n{say('confirm-cost-how')}", keyboards.confirm_cost(pending))


def budget_line(limit: Decimal | None, spent: Decimal) -> str:
    """A client's limit on its card."""
    return say("client-budget", limit=_NONE if limit is None else dollars(limit), spent=dollars(spent))


def budget_kept(client: str, limit: Decimal | None, spent: Decimal) -> View:
    """What was set."""
    if limit is None:
        return View(say("budget-unset", client=client))
    return View(say("budget-set", client=client, limit=dollars(limit), spent=dollars(spent)))


def budget_near(news: BudgetNear) -> View:
    """That a limit is near, or reached; what follows, and who can raise it."""
    spent, limit = dollars(news.spent_usd), dollars(news.limit_usd)
    then = "budget-near-full" if news.spent_usd >= news.limit_usd else "budget-near-then"
    lines = [
        say("budget-near", client=news.client or _NONE, spent=spent, limit=limit),
        say(then, resets=f"{news.resets_at:%-d %B}"),
        say("budget-raise-client" if news.client else "budget-raise-user"),
    ]
    return View(" ".join(lines))


def _client(row: ClientUsage) -> str:
    name = row.name or say("usage-no-client")
    values = {"name": name, "runs": row.sum.runs, "dollars": dollars(row.sum.cost_usd)}
    if row.limit_usd is None:
        return say("usage-client", **values)
    return say("usage-client-limit", **values, limit=dollars(row.limit_usd))


def _sum(amount: Sum) -> str:
    return say("usage-sum", runs=amount.runs, tokens=f"{amount.tokens:,}", dollars=dollars(amount.cost_usd))


def _name(month: Month) -> str:
    return f"{month.first:%B %Y}"


def _resets(month: Month) -> str:
    return f"{month.until:%-d %B}"
