"""A rule for many tells nothing that belongs to one client: canaries."""

import pytest

from core.learning.leaks import Private, leaks, vocabulary

CRAFT = vocabulary(("Write a headline that says what it is. Launch early. We help four depots plan their week in",))
PRIVATE = Private(
    names=("Yaz Automate", "Launch"),
    said=("Too long for quokkafarm people", "it costs 48213 dollars", "The zebracorn appears too late"),
    files=("We help four depots in Leeds plan their week.", "Motto: Größer denken"),
)


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("Keep the headline short for Yaz Automate.", ["Yaz Automate"]),
        ("Keep the headline short for yaz-automate.", ["Yaz Automate"]),
        ("Say zebracorn early.", ["zebracorn"]),
        ("Say Zebracorns early.", ["zebracorns"]),
        ("Say zebra corn early.", ["zebracorn"]),
        ("Say ZEBRACORN's name.", ["zebracorn"]),
        ("Say z e b r a c o r n early.", ["zebracorn"]),
        ("Say z-eb-ra-co-rn early.", ["zebracorn"]),
        ("Say ZebracornHeadline early.", ["zebracornheadline"]),
        ("Say zebrаcorn early.", ["zebrаcorn"]),  # with a Cyrillic letter
        ("Say ᴢebracorn early.", ["ᴢebracorn"]),
        ("Say 𝐙𝐞𝐛𝐫𝐚𝐜𝐨𝐫𝐧 early.", ["zebracorn"]),
        ("Say zébrácörn early.", ["zebracorn"]),
        ("Name the 48213.", ["48213"]),
        ("Name the 48 21 3.", ["48213"]),
        ("Name the ٤٨٢١٣.", ["٤٨٢١٣"]),
        ("Denke grosser.", ["grosser"]),
        ("We help four depots in the headline.", ["we help four depots in"]),
        ("Plan a Launch early.", ["Launch"]),
        ("Launch early, and say what it is.", []),
        ("Say what it is in the headline; keep the headline short.", []),
        ("Write something unrelated, such as pelicans.", []),
    ],
)
def test_only_the_words_of_the_craft_come_through(rule: str, told: list[str]) -> None:
    found = leaks(rule, PRIVATE, CRAFT)
    assert [it for it in told if it in found] == told
    assert bool(found) == bool(told)


def test_the_words_of_criticism_are_free_whoever_said_them() -> None:
    private = Private(said=("Boring, stiff and full of buzzwords",))
    assert leaks("Never be boring, stiff, or full of buzzwords.", private, CRAFT) == []
