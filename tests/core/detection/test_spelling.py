import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.detection.spelling import Spelling, one_slip

WORDS = st.text("abcdef", min_size=1, max_size=9)


@pytest.mark.parametrize("typed", ["calendar", "calender", "calndar", "calenddar", "claendar"])
def test_one_slip_is_forgiven(typed: str) -> None:
    assert Spelling(["calendar", "referral"]).near(typed) == {"calendar"}


@pytest.mark.parametrize("typed", ["callender", "cal", "schedule"])
def test_more_than_one_is_not(typed: str) -> None:
    assert not Spelling(["calendar"]).near(typed)


def test_short_words_may_only_have_neighbours_swapped() -> None:
    known = Spelling(["test", "form"])
    assert known.near("tset") == {"test"}
    assert not known.near("rest")
    assert not known.near("farm")


@given(WORDS, WORDS)
def test_a_slip_goes_both_ways(one: str, other: str) -> None:
    assert one_slip(one, other) == one_slip(other, one)


@given(WORDS.filter(lambda word: len(word) >= 6), st.integers(0, 5))
def test_a_lost_letter_is_always_found(word: str, at: int) -> None:
    assert word in Spelling([word]).near(word[:at] + word[at + 1 :])
