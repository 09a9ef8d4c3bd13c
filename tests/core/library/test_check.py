from pathlib import Path

from core.library.check import check_library
from core.library.folder import read_library
from tests.conftest import ROOT

PARAGRAPH = (
    "Begin with the reader's own words about the trouble they have, then name what changes once it is gone, and "
    "only then say what you sell, since nobody looks for a product before they feel that somebody understood them."
)


def _skill(
    root: Path, name: str, *, triggers: str, context: str = "profile", body: str = "", purpose: str = "p"
) -> None:
    folder = root / "skills" / name
    folder.mkdir(parents=True)
    filler = "\n".join(f"{name} line {number}" for number in range(70))
    (folder / "SKILL.md").write_text(
        f"---\nname: {name}\ndescription: d\nmetadata:\n  category: Email\n  purpose: {purpose}\n"
        f"  triggers: [{triggers}]\n  examples: [e]\n  context: [{context}]\n---\n{filler}\n\n{body}\n"
    )


def test_each_kind_of_complaint_names_its_file(tmp_path: Path) -> None:
    _skill(tmp_path, "one", triggers="a, b, c, d, shared", body=f"{PARAGRAPH}\n\n[see](missing.md)")
    _skill(
        tmp_path, "two", triggers="f, g, h, i, Shared, f", context="brand/vioce", body=PARAGRAPH, purpose="p" * 50
    )
    complaints = check_library(read_library(tmp_path))
    assert complaints == [
        "one/SKILL.md: links to missing.md, which is not there",
        "two/SKILL.md: purpose has 50 characters; 1 to 40 fit on a button",
        "two/SKILL.md: trigger 'f' stands twice",
        "two/SKILL.md: context 'brand/vioce' is no file of a client's profile",
        "one/SKILL.md: trigger 'shared' belongs to two too",
        f"two/SKILL.md: a paragraph is much like one of one: {PARAGRAPH[:60]}…",
    ]


def test_the_library_that_ships_is_in_order_and_complete() -> None:
    library = read_library(ROOT / "library")
    assert check_library(library) == []
    assert len(library.skills) == 37
    assert {skill.document.category for skill in library.skills} == {
        "Copywriting and content", "Conversion", "Email", "SEO and technical",
        "Strategy", "Research", "Sales and growth", "Advertising",
    }  # fmt: skip
    spec = next(skill for skill in library.skills if skill.document.name == "idea-to-spec")
    folders = [path.split("/")[0] for path in spec.files if "/" in path]
    assert folders.count("document-templates") == 7
    assert folders.count("expert-modes") == 4
    assert "research-prompts" in folders
    assert {slug: len(files) for slug, files in library.clients.items()} == {
        "yaz-automate": 21,
        "pellow-and-daughters": 21,
    }
