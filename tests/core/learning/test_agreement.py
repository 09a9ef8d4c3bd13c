from itertools import permutations
from pathlib import Path

import pytest

from core.learning.agreement import contradicted, disagreement, repeated
from core.rules.document import rules_in
from tests.conftest import ROOT

STANDING = [
    "Keep paragraphs to three sentences and sentences to one idea; vary their length by sense, not for rhythm.",
    "Do not use emoji in headings.",
    "Write short paragraphs.",
    'Give every heading a point. *Not:* "Our services" alone.',
]


@pytest.mark.parametrize(
    ("rule", "stands"),
    [
        ("Do not use emoji in headings", STANDING[1]),
        ("Never use an emoji in a heading.", STANDING[1]),
        ("Keep paragraphs to three sentences.", STANDING[0]),
        ("Write short paragraphs!", STANDING[2]),
        ("Use emoji in headings.", None),
        ("Write long paragraphs.", None),
        ("Place a number beside every claim.", None),
    ],
)
def test_a_rule_that_stands_in_other_words_is_found(rule: str, stands: str | None) -> None:
    assert repeated(rule, STANDING) == stands


@pytest.mark.parametrize(
    ("rule", "opposite"),
    [
        ("Always use emoji in headings.", STANDING[1]),
        ("Write long paragraphs.", STANDING[2]),
        ("Never give a heading a point.", STANDING[3]),
        ("Never use an emoji in a heading.", None),
        ("Place a number beside every claim.", None),
    ],
)
def test_a_rule_that_stands_the_other_way_round_is_found(rule: str, opposite: str | None) -> None:
    assert contradicted(rule, STANDING) == opposite


@pytest.mark.parametrize("path", sorted((ROOT / "library/skills").rglob("RULES.md")), ids=lambda it: it.parent.name)
def test_shipped_rules_neither_repeat_nor_contradict_each_other(path: Path) -> None:
    rules = rules_in(path.read_text(encoding="utf-8"))
    for one, other in permutations(rules, 2):
        assert repeated(one, [other]) is None, one
        assert contradicted(one, [other]) is None, one


@pytest.mark.parametrize(
    ("evidence", "others", "found"),
    [
        (["too long", "shorter please", "cut it"], ["longer!", "too short"], "longer, shorter (2 : 3)"),
        (["too long", "shorter please", "cut it"], ["not long enough"], None),
        (["too long", "it is wordy", "isn't short enough"], [], None),
        (["too long", "too short", "so so"], [], "longer, shorter (1 : 1)"),
        (["too formal", "so stiff"], ["more professional please"], "more formal, more casual (1 : 2)"),
        (["too many emojis", "no emojis"], ["more emojis please"], "more, less emoji (1 : 2)"),
        (["wrong price"], ["too long", "too short"], None),
        (["short, but not too short"], ["too long"], None),
    ],
)
def test_people_who_want_the_opposite_are_heard(evidence: list[str], others: list[str], found: str | None) -> None:
    assert disagreement(evidence, [*evidence, *others]) == found
