from bot.words import has_words
from core.clients.profile import PROFILE_PATHS, missing


def test_what_is_missing_begins_with_what_helps_most() -> None:
    assert missing([])[:2] == ["profile.md", "product/overview.md"]
    assert missing(["profile.md", "research/calls.md"])[0] == "product/overview.md"
    assert sorted(missing([])) == sorted(PROFILE_PATHS)
    assert missing(PROFILE_PATHS) == []


def test_every_part_of_a_profile_has_a_name_that_people_use() -> None:
    parts = [path.rsplit("/", 1)[-1].removesuffix(".md") for path in PROFILE_PATHS]
    assert all(has_words(f"profile-part-{part}") for part in parts)
