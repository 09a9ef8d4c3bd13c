"""From answers to files: what was said, where skills look for it, and nothing else."""

from datetime import date

import pytest

from core.clients.interview import (
    QUESTIONS,
    ClientNameTakenError,
    ClientNameTooLongError,
    ClientNameUnreadableError,
    Interview,
    Question,
    clean_name,
    free_slug,
    profile_files,
)
from core.clients.profile import PROFILE_PATHS
from core.errors import NothingToRunError, StaleButtonError
from core.outputs.checks import forbidden_words
from core.skills.frontmatter import parse_frontmatter

DAY = date(2026, 2, 3)
ALL: dict[Question, str] = {
    "name": 'The "Quoted" Bakery: est. 2019',
    "offer": "Bread, to cafés.\n# Not a heading\n---\n- by van\n- by bike",
    "voice": "warm, plain & dry",
    "difference": "We bake at night.",
    "proof": "31 cafés since 2019",
    "never": "artisan, seamless; and delight\n- “crafted with love”",
}


def test_each_answer_lies_where_skills_look_for_it() -> None:
    files = profile_files(ALL, DAY)
    assert sorted(files) == [
        "audience/primary-icp.md",
        "brand/messaging.md",
        "brand/voice.md",
        "market/proof.md",
        "product/differentiators.md",
        "product/overview.md",
        "profile.md",
    ]
    assert set(files) <= set(PROFILE_PATHS)
    assert parse_frontmatter(files["profile.md"]).data == {"name": ALL["name"]}
    assert "**Warm. Plain. Dry.**" in files["brand/voice.md"]
    assert forbidden_words([files["brand/voice.md"]]) == ["artisan", "seamless", "delight", "crafted with love"]


def test_nothing_is_said_that_was_not_answered() -> None:
    assert list(profile_files({"name": "Bare"}, DAY)) == ["profile.md"]
    body = parse_frontmatter(profile_files({"name": "Bare"}, DAY)["profile.md"]).body
    assert body.strip() == "# Bare\n\n*In the words of the interview of 2026-02-03.*"
    for question in QUESTIONS[1:]:
        files = profile_files({"name": "Bare", question: "zebra"}, DAY)
        assert all("zebra" in text.casefold() for text in files.values())
        assert all(text.count("\n## ") == 1 for text in files.values())


def test_a_line_of_an_answer_is_no_heading_but_may_be_a_list() -> None:
    overview = profile_files(ALL, DAY)["product/overview.md"]
    assert "\n\\# Not a heading\n\\---\n- by van\n- by bike\n" in overview


def test_a_long_answer_about_the_voice_is_left_as_it_is() -> None:
    said = "We sound like a neighbour who happens to know a lot about bread, and never like an advertisement."
    assert said in profile_files({"name": "Bare", "voice": said}, DAY)["brand/voice.md"]


def test_the_way_there_and_back() -> None:
    interview = Interview().answered("Harbor Lane")
    with pytest.raises(StaleButtonError):
        Interview().skipped()
    assert interview.skipped().question == "voice"
    assert interview.back().skipped() == interview
    assert interview.back().back().step == 0
    while interview.question is not None:
        interview = interview.answered("yes")
    assert len(interview.answers) == 6
    with pytest.raises(StaleButtonError):
        interview.answered("more")


@pytest.mark.parametrize(
    ("written", "error"),
    [
        ("", NothingToRunError),
        (" \u200b\u202e\n", NothingToRunError),
        ("x" * 300, ClientNameTooLongError),
        ("🍞🥐 — !", ClientNameUnreadableError),
        ("  HARBOR   lâne ", ClientNameTakenError),
    ],
)
def test_what_is_no_name(written: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        clean_name(written, known=["Harbor Lane"])


def test_what_is_a_name() -> None:
    assert clean_name("  <b>Bold\n& Co</b> 🍞 ") == "<b>Bold & Co</b> 🍞"
    assert clean_name("\u202bمخبز الميناء\u202c") == "مخبز الميناء"
    assert clean_name("x" * 80) == "x" * 80


def test_every_client_has_a_folder_of_its_own() -> None:
    assert free_slug("Harbor Lane", ()) == "harbor-lane"
    assert free_slug("Harbor Lane!", {"harbor-lane", "harbor-lane-2"}) == "harbor-lane-3"
    assert free_slug("مخبز", ()) == "client"
    assert free_slug("X", ()) == "x"
