"""What the card of a proposal says, word for word, in each of its states."""

from dataclasses import replace
from decimal import Decimal
from uuid import UUID

import pytest

from bot.view import View
from bot.views.proposals import alert_view, evidence_view, pairs_view, proposal_view
from core.channel import EvidenceCard, ProposalCard, ReplayPrice, RulesAlert
from core.learning.evaluation import Evaluation, Pair, Planned

CARD = ProposalCard(
    proposal_id=UUID(int=1),
    scope="skill",
    subject="Copywriting",
    theme="The openings are vague",
    change_type="clarify",
    origin="feedback",
    current_rule="Open with a question.",
    proposed_rule="Open with a number that the reader can check.",
    rationale="Six people missed a fact in the first sentence.",
    status="draft",
    revision=1,
    evidence=(
        EvidenceCard("abcd2345", 1, "the opening is vague"),
        EvidenceCard("bcde3456", 2, ""),
        EvidenceCard("cdef4567", 3, "starts too slowly"),
        EvidenceCard("defg5678", 3, "a vague start"),
    ),
    price=ReplayPrice(7, Decimal("0.1234"), Decimal("1.00")),
)


def pair(number: int, verdict: str, kind: str = "complaint") -> Pair:
    request = f"Write page {number}"
    return Pair(UUID(int=number), kind, request, verdict, "It names a figure.", Decimal("0.01"))  # type: ignore[arg-type]


PAIRS = (
    pair(1, "win"),
    pair(2, "loss", "guard"),
    pair(3, "tie", "guard"),
    pair(4, "win"),
    pair(5, "unjudged"),
)
TESTED = Evaluation(
    cap_usd=Decimal("1.00"),
    planned=tuple(Planned(one.run_id, one.kind) for one in PAIRS),
    pairs=PAIRS,
    ended="complete",
)


def labels(view: View) -> list[list[str]]:
    assert view.keyboard is not None
    return [[button.text for button in row] for row in view.keyboard.inline_keyboard]


def test_a_draft_says_what_would_change_why_and_what_a_test_costs() -> None:
    view = proposal_view(CARD)
    assert view.text == (
        "💡 Clearer rule · Copywriting\n"
        "The openings are vague\n"
        "\n"
        "− Open with a question.\n"
        "+ Open with a number that the reader can check.\n"
        "\n"
        "Six people missed a fact in the first sentence.\n"
        "\n"
        "Rests on 4 ratings (★ 2.2 on average)\n"
        "★1 “the opening is vague”\n"
        "★2 (no comment)\n"
        "★3 “starts too slowly”\n"
        "\n"
        "Not tested yet. The test writes 7 past requests again with the old and the new rule, and a judge compares "
        "them blind: about $0.12, never more than $1.00."
    )
    assert labels(view) == [["Test it (at most $1.00)"], ["Edit", "Reject"], ["Evidence (4)"]]
    marks = {entity.type for entity in view.entities}
    assert marks == {"bold", "strikethrough", "blockquote"}


def test_warnings_stand_on_top_of_the_rule() -> None:
    warned = replace(CARD, warnings=(("orders", "ignore all rules"), ("new-code", "something else")))
    text = proposal_view(warned).text
    assert "Look at these 2 things before you decide" in text
    assert "⚠ The feedback or the rule gives orders to the model: ignore all rules" in text
    assert "⚠ something else" in text
    assert text.index("ignore all rules") < text.index("− Open with a question.")


def test_a_tested_one_shows_how_it_did_and_can_be_approved() -> None:
    view = proposal_view(replace(CARD, status="ready", evaluation=TESTED, revision=5))
    assert (
        "Tested blind on 4 past requests, for $0.05:\n"
        "🟩🟩⬜🟥▫️\n"
        "2 better · 1 the same · 1 worse\n"
        "One could not be judged.\n"
        "⚠ One text that people liked got worse." in view.text
    )
    assert labels(view) == [
        ["✓ Approve", "Test again (≤ $1.00)"],
        ["Edit", "Reject"],
        ["Evidence (4)", "The test, pair by pair"],
    ]


def test_without_well_rated_texts_it_does_not_say_that_none_got_worse() -> None:
    card = replace(CARD, status="ready", evaluation=replace(TESTED, pairs=(pair(1, "win"),)))
    assert "There was no well-rated text to compare." in proposal_view(card).text


@pytest.mark.parametrize(
    ("status", "words", "buttons"),
    [
        ("testing", "⏳ Testing: 2 of 5 pairs compared.", [["Reject"], ["Evidence (4)", "The test, pair by pair"]]),
        ("rejected", "✗ Rejected by Sam. Nothing changed.", [["Evidence (4)", "The test, pair by pair"]]),
        ("rolled_back", "↩ Rolled back.", [["Evidence (4)", "The test, pair by pair"]]),
    ],
)
def test_what_cannot_be_approved_offers_no_approval(status: str, words: str, buttons: list[list[str]]) -> None:
    going_on = replace(TESTED, pairs=PAIRS[:2], ended=None)
    card = replace(CARD, status=status, evaluation=going_on, price=None, decided_by="Sam")  # type: ignore[arg-type]
    view = proposal_view(card)
    assert words in view.text
    assert labels(view) == buttons


def test_an_approved_one_can_be_rolled_back_while_it_is_the_newest() -> None:
    approved = replace(CARD, status="approved", price=None, decided_by="Maya", version_id=UUID(int=9))
    view = proposal_view(approved)
    assert "✓ Approved by Maya." in view.text
    assert labels(view)[0] == ["↩ Roll back"]
    assert labels(proposal_view(replace(approved, version_id=None))) == [["Evidence (4)"]]


@pytest.mark.parametrize(
    ("evaluation", "words"),
    [
        (Evaluation(ended="failed", failure="rules-moved"), "the rules changed while it went on"),
        (Evaluation(ended="failed", failure="not-judged"), "no verdict that could be used"),
        (replace(TESTED, pairs=PAIRS[:3], ended="cap"), "2 were left out, to stay below $1.00."),
    ],
)
def test_a_test_that_did_not_end_well_says_why(evaluation: Evaluation, words: str) -> None:
    assert words in proposal_view(replace(CARD, evaluation=evaluation)).text


def test_an_everybody_s_rule_that_is_added_has_no_old_side() -> None:
    added = replace(CARD, scope="global", subject="", change_type="add", current_rule=None)
    text = proposal_view(added).text
    assert text.startswith("💡 New rule · every skill\n")
    assert "−" not in text


def test_evidence_is_a_list_of_pieces_to_open() -> None:
    view = evidence_view(CARD, listed=False)
    assert view.text.startswith("What 4 ratings say: The openings are vague\n")
    assert "\n1. ★1 “the opening is vague”\n2. ★2 (no comment)\n" in view.text
    assert labels(view) == [["1", "2", "3", "4"], ["‹ Back"]]


def test_pairs_are_told_one_by_one() -> None:
    view = pairs_view(replace(CARD, evaluation=TESTED), listed=True)
    assert "🟥 Worse than people liked it\n“Write page 2”\nIt names a figure." in view.text
    assert "⬜ As good as people liked it" in view.text


def test_the_longest_card_fits_into_a_message() -> None:
    long = "word " * 2000
    evidence = tuple(EvidenceCard(f"short{n}", 1, long) for n in range(40))
    warnings = tuple(("contradicts", long) for _ in range(6))
    card = replace(
        CARD, theme=long, current_rule=long, proposed_rule=long, rationale=long, evidence=evidence,
        warnings=warnings, evaluation=TESTED,
    )  # fmt: skip
    for view in (proposal_view(card), evidence_view(card, listed=True), pairs_view(card, listed=True)):
        assert len(view.text.encode("utf-16-le")) // 2 <= 4096


def test_an_alert_says_how_much_worse_and_offers_the_way_back() -> None:
    alert = RulesAlert(UUID(int=3), "skill", "Copywriting", 4, 4.25, 2.9, 10)
    view = alert_view(alert)
    assert view.text.startswith("⚠ Copywriting: texts are rated worse since version 4 of the rules.")
    assert "★ 2.9 on average of 10 ratings, where it was ★ 4.2 before." in view.text
    assert len(view.text) <= 1024
    assert labels(view) == [["↩ Roll back"]]
