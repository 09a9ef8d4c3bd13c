"""Rules are read, changed and merged one by one, and what was learned is never lost."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.rules.document import Conflict, Merged, RuleMissingError, apply_change, diff_of, merge, rules_in

RULES = "# Rules\n\nProse.\n\n- Be brief.\n- Be true,\n  and say where it stands.\n\n## Form\n\n1. One heading.\n"
ADDED = f"{RULES}\n## Learned from feedback\n\n- No dashes.\n"
_words = st.text("abc -*#`<1.\n", min_size=1, max_size=30).filter(lambda it: any(c in "abc" for c in it))
_simple = st.lists(st.text("abcd ", min_size=1, max_size=8).map(str.strip).filter(bool), unique=True, max_size=6)
_deeds = st.lists(st.tuples(st.integers(0, 9), st.sampled_from(["add", "change", "remove"])), max_size=6)


def _text(rules: list[str]) -> str:
    return "# Rules\n\n" + "".join(f"- {rule}\n" for rule in rules)


def _changed(text: str, deeds: list[tuple[int, str]], mark: str) -> str:
    for number, (which, deed) in enumerate(deeds):
        rules = rules_in(text)
        current = rules[which % len(rules)] if rules and deed != "add" else None
        text = apply_change(text, current, None if deed == "remove" else f"{mark} {number}")
    return text


def test_a_rule_is_a_point_with_all_that_belongs_to_it() -> None:
    assert rules_in(RULES) == ["Be brief.", "Be true,\nand say where it stands.", "One heading."]
    assert rules_in("- a\n\n  b\n  - c\n\n```\n- code\n```\n> - quote\n\n* d\n") == ["a\nb\n- c", "d"]
    assert rules_in("") == []


def test_one_rule_is_added_changed_or_removed_and_the_rest_stays_byte_for_byte() -> None:
    assert apply_change(RULES, None, "- No dashes.") == ADDED
    assert apply_change(ADDED, "No dashes.", None) == RULES
    assert apply_change(ADDED, None, "Be kind.") == f"{ADDED}- Be kind.\n"
    changed = apply_change(RULES, "- Be true,\n  and say where it stands.", "Be exact.")
    assert changed == RULES.replace("Be true,\n  and say where it stands.", "Be exact.")
    assert apply_change("", None, "Be kind.") == "## Learned from feedback\n\n- Be kind.\n"
    assert apply_change("## Learned from feedback\n\n# More\n\n- b\n", None, "a").startswith(
        "## Learned from feedback\n\n- a\n\n# More"
    )


def test_what_does_not_stand_cannot_be_changed() -> None:
    with pytest.raises(RuleMissingError):
        apply_change(RULES, "Be long.", "Be longer.")
    with pytest.raises(ValueError, match="words"):
        apply_change(RULES, None, " - \n")


@settings(deadline=None)
@example("--\na")
@given(_words)
def test_whatever_is_added_is_one_rule_and_can_be_taken_back(rule: str) -> None:
    added = apply_change(RULES, None, rule)
    assert rules_in(added)[:-1] == rules_in(RULES)
    assert apply_change(added, rules_in(added)[-1], None) == RULES
    assert apply_change(added, rule, None) == RULES


def test_a_diff_shows_the_rule_and_its_neighbour() -> None:
    assert diff_of(RULES, RULES) == ""
    assert diff_of(RULES, RULES.replace("brief", "short")).splitlines()[1:] == [
        " ", "-- Be brief.", "+- Be short.", " - Be true,",
    ]  # fmt: skip


def test_each_side_keeps_its_changes() -> None:
    base = _text(["one", "two", "three", "four"])
    learned = apply_change(apply_change(base, "two", "two, learned"), None, "five")
    shipped = _text(["zero", "four", "three, shipped", "two"])
    assert rules_in(merge(base, learned, shipped).text) == [
        "zero", "four", "three, shipped", "two, learned", "five",
    ]  # fmt: skip
    assert merge(base, learned, shipped).conflicts == []


@pytest.mark.parametrize(
    ("learned", "shipped", "stands"),
    [
        ("Keep it very short.", "Keep it short, please.", ["a", "Keep it very short.", "z"]),
        ("Keep it very short.", None, ["a", "z", "Keep it very short."]),
        (None, "Keep it short, please.", ["a", "z"]),
    ],
)
def test_where_both_changed_a_rule_the_learned_one_stands(
    learned: str | None, shipped: str | None, stands: list[str]
) -> None:
    base = _text(["a", "Keep it short.", "z"])
    merged = merge(
        base, apply_change(base, "Keep it short.", learned), apply_change(base, "Keep it short.", shipped)
    )
    assert merged.conflicts == [Conflict("Keep it short.", learned, shipped)]
    assert rules_in(merged.text) == stands


def test_a_new_shipped_rule_is_not_taken_for_another_wording_of_one_that_went() -> None:
    base = _text(["Keep it short."])
    merged = merge(base, _text(["Keep it very short."]), _text(["Name a source for each number."]))
    assert merged.conflicts == [Conflict("Keep it short.", "Keep it very short.", None)]
    assert rules_in(merged.text) == ["Name a source for each number.", "Keep it very short."]


def test_both_sides_saying_the_same_is_no_conflict() -> None:
    base, same = _text(["Keep it short.", "b"]), _text(["Keep it very short.", "c"])
    assert merge(base, same, same) == Merged(same, [])


@settings(deadline=None)
@given(_simple, _deeds, _deeds)
def test_what_was_learned_stands_and_what_is_shipped_does_unless_a_person_is_asked(
    rules: list[str], learned_deeds: list[tuple[int, str]], shipped_deeds: list[tuple[int, str]]
) -> None:
    base = _text(rules)
    learned, shipped = _changed(base, learned_deeds, "learned"), _changed(base, shipped_deeds, "shipped")
    merged = merge(base, learned, shipped)
    stands, asked = set(rules_in(merged.text)), {it.shipped_rule for it in merged.conflicts}
    was, theirs, ours = set(rules_in(base)), set(rules_in(learned)), set(rules_in(shipped))
    assert theirs - was <= stands
    assert not (was - theirs) & stands
    assert ours - was <= stands | asked
    assert stands <= theirs | ours
    assert set(rules_in(merge(base, learned, base).text)) == theirs
    assert merge(base, base, shipped) == Merged(shipped, [])
    assert set(rules_in(merge(shipped, merged.text, shipped).text)) == stands
