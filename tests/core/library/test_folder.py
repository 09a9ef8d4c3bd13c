from pathlib import Path

from core.library.folder import read_library

GOOD = "---\nname: {name}\ndescription: Something.\n---\nBody\n"


def _skill(root: Path, name: str, text: str | None = None) -> Path:
    folder = root / "skills" / name
    folder.mkdir(parents=True)
    (folder / "SKILL.md").write_text(text or GOOD.format(name=name))
    return folder


def test_a_broken_skill_is_named_with_its_line_and_the_others_are_read(tmp_path: Path) -> None:
    _skill(tmp_path, "good")
    _skill(tmp_path, "broken", "---\nname: broken\n---\nBody")
    _skill(tmp_path, "misnamed", GOOD.format(name="another"))
    library = read_library(tmp_path)
    assert [skill.document.name for skill in library.skills] == ["good"]
    assert library.problems == [
        "broken/SKILL.md:1: description: is missing",
        "misnamed/SKILL.md:2: name is 'another', but the folder is 'misnamed'",
    ]


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret")
    folder = _skill(tmp_path, "sly")
    (folder / "notes.md").symlink_to(tmp_path / "secret.md")
    library = read_library(tmp_path)
    assert library.skills == []
    assert library.problems == ["sly/notes.md: is a link that leads out of the folder"]


def test_a_file_of_five_megabytes_is_refused(tmp_path: Path) -> None:
    _skill(tmp_path, "heavy", GOOD.format(name="heavy") + "x" * 5_000_000)
    assert read_library(tmp_path).problems == ["heavy/SKILL.md: is larger than 1024 KB"]


def test_a_folder_of_skills_by_others_is_read_too(tmp_path: Path) -> None:
    _skill(tmp_path, "theirs")
    assert [skill.document.name for skill in read_library(tmp_path / "skills").skills] == ["theirs"]


def test_the_kind_of_a_skill_follows_from_what_lies_beside_it(tmp_path: Path) -> None:
    folder = _skill(tmp_path, "rich")
    (folder / "RULES.md").write_text("# Rules")
    (folder / "templates").mkdir()
    (folder / "templates" / "one.md").write_text("one")
    (skill,) = read_library(tmp_path).skills
    assert skill.has_rules
    assert skill.has_subdirs
    before = skill.content_hash
    (folder / "templates" / "one.md").write_text("two")
    assert read_library(tmp_path).skills[0].content_hash != before


def test_a_folder_that_is_not_there_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    assert read_library(tmp_path / "nowhere").problems == [f"{tmp_path / 'nowhere'}: there is no such folder"]
