"""What the message about a proposed change of rules says. Pure."""

from aiogram.utils.formatting import BlockQuote, Bold, Text, as_list

from bot.keyboards import proposals as keyboards
from bot.view import View
from bot.views.difference import difference
from bot.words import dollars, has_words, say
from core.channel import EvidenceCard, ProposalCard, RulesAlert
from core.learning.evaluation import Evaluation, Pair
from core.outputs.describe import shorten

_RULE_CHARACTERS = 700
_RATIONALE_CHARACTERS = 500
_THEME_CHARACTERS = 200
_QUOTE_CHARACTERS = 140
_REASON_CHARACTERS = 160
_QUOTES = 3
_MOST_WARNINGS = 4
_SQUARES = {"win": "🟩", "tie": "⬜", "loss": "🟥", "unjudged": "▫️"}


def proposal_view(card: ProposalCard, *, listed: bool = False) -> View:
    """The card: what is wrong, what would change and why, what it rests on, how its test went, what can be done."""
    parts: list[Text] = [_headline(card)]
    if card.warnings:
        parts.append(_warnings(card))
    parts.append(BlockQuote(*difference(_cut(card.current_rule), _cut(card.proposed_rule))))
    if card.rationale:
        parts.append(Text(shorten(card.rationale, _RATIONALE_CHARACTERS)))
    if card.evidence:
        parts.append(_quotes(card))
    parts += [Text(line) for line in _state(card)]
    return View.of(as_list(*parts, sep="\n\n"), keyboards.proposal(card, listed=listed))


def evidence_view(card: ProposalCard, *, listed: bool) -> View:
    """Everything that people said and that the proposal rests on; its number opens the piece it was said of."""
    shown = card.evidence[: keyboards.MOST_EVIDENCE]
    lines = [f"{number}. {_quote(one)}" for number, one in enumerate(shown, 1)]
    head = say("proposal-evidence", count=len(card.evidence), theme=_theme(card))
    text = "\n".join([head, "", *lines, "", say("proposal-evidence-how")])
    return View(text, keyboards.evidence(card, listed=listed))


def pairs_view(card: ProposalCard, *, listed: bool) -> View:
    """Each pair of the test: what was asked, which text was the better one, and why."""
    parts = [_pair(pair) for pair in card.evaluation.pairs]
    head = Text(say("proposal-pairs"))
    return View.of(as_list(head, *parts, sep="\n\n"), keyboards.back_to_card(card, listed=listed))


def alert_view(alert: RulesAlert) -> View:
    """Outputs are rated worse since a version of rules; with Roll back."""
    text = say(
        "rules-alert",
        subject=alert.subject or say("proposal-everybody"),
        version=alert.version,
        before=f"{alert.before:.1f}",
        after=f"{alert.after:.1f}",
        count=alert.count,
    )
    return View(text, keyboards.roll_back(alert.version_id))


def label(card: ProposalCard) -> str:
    """A proposal as one line of a list."""
    return f"{say(f'proposal-mark-{card.status}')} {subject(card)}: {card.theme}"


def subject(card: ProposalCard) -> str:
    """Whose rules: a skill's title, a client's name, or everybody's."""
    return card.subject or say("proposal-everybody")


def _headline(card: ProposalCard) -> Text:
    kind = say("proposal-library") if card.origin == "library" else say(f"proposal-type-{card.change_type}")
    return Text(Bold(f"{kind} · {subject(card)}"), "\n", _theme(card))


def _theme(card: ProposalCard) -> str:
    return shorten(card.theme, _THEME_CHARACTERS)


def _warnings(card: ProposalCard) -> Text:
    lines = [Text("⚠ ", _warning(code, detail)) for code, detail in card.warnings[:_MOST_WARNINGS]]
    return as_list(Bold(say("proposal-warnings", count=len(card.warnings))), *lines)


def _warning(code: str, detail: str) -> str:
    name = f"proposal-warning-{code}"
    return say(name if has_words(name) else "proposal-warning-other", detail=shorten(detail, _QUOTE_CHARACTERS))


def _cut(rule: str | None) -> str | None:
    return shorten(rule, _RULE_CHARACTERS) if rule is not None else None


def _quotes(card: ProposalCard) -> Text:
    shown = [_quote(one) for one in card.evidence[:_QUOTES]]
    mean = sum(one.score for one in card.evidence) / len(card.evidence)
    head = say("proposal-rests-on", count=len(card.evidence), mean=f"{mean:.1f}")
    return as_list(Bold(head), *shown)


def _quote(one: EvidenceCard) -> str:
    if not one.quote:
        return say("proposal-score", score=one.score)
    return say("proposal-quote", score=one.score, quote=shorten(one.quote, _QUOTE_CHARACTERS))


def _state(card: ProposalCard) -> list[str]:
    """Where it stands: the price of a test, how it went, who decided."""
    lines = _test(card.evaluation)
    match card.status:
        case "draft" if card.price is not None:
            lines.append(_price(card))
        case "testing":
            lines.append(say("proposal-testing", done=len(card.evaluation.pairs), of=len(card.evaluation.planned)))
        case "approved" | "rejected" | "rolled_back":
            name = f"proposal-is-{card.status.replace('_', '-')}"
            lines.append(say(name, by=card.decided_by or say("proposal-somebody")))
    return lines


def _price(card: ProposalCard) -> str:
    price = card.price
    if price is None or price.pairs == 0:
        return say("proposal-nothing-to-test")
    return say(
        "proposal-price", pairs=price.pairs, expected=dollars(price.expected_usd), cap=dollars(price.cap_usd)
    )


def _test(test: Evaluation) -> list[str]:
    if test.ended is None:
        return []
    if test.ended == "failed":
        return [say(f"proposal-failure-{test.failure or 'not-judged'}")]
    squares = "".join(_SQUARES[pair.verdict] for pair in sorted(test.pairs, key=_order))
    figures = say("test-figures", wins=test.wins, ties=test.ties, losses=test.losses)
    lines = [say("test-title", count=test.judged, dollars=dollars(test.cost_usd)), squares, figures]
    if test.unjudged:
        lines.append(say("test-unjudged", count=test.unjudged))
    if test.ended == "cap":
        lines.append(say("test-cap", count=len(test.planned) - len(test.pairs), cap=dollars(test.cap_usd)))
    liked = any(pair.kind == "guard" and pair.verdict != "unjudged" for pair in test.pairs)
    lines.append(say("test-regressions", count=test.regressions) if liked else say("test-none-liked"))
    return ["\n".join(lines)]


def _order(pair: Pair) -> int:
    return list(_SQUARES).index(pair.verdict)


def _pair(pair: Pair) -> Text:
    head = say(f"pair-{pair.verdict}-{pair.kind}")
    reason = shorten(pair.reason, _REASON_CHARACTERS)
    return as_list(Text(_SQUARES[pair.verdict], " ", Bold(head)), f"“{pair.request}”", reason)
