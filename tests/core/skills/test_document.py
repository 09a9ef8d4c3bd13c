import pytest

from core.skills.document import MAX_SKILL_BYTES, SkillFileError, parse_skill

PLAIN = "---\nname: seo-audit\ndescription: Audit a site's search visibility.\n---\n\n# SEO audit\n\nLook at it.\n"


def test_a_file_with_name_and_description_alone_works() -> None:
    skill = parse_skill("seo-audit", PLAIN.encode())
    assert skill.title == "Seo audit"
    assert skill.purpose == "Audit a site's search visibility"
    assert skill.category == "Other"
    assert skill.output_label == "seo audit"
    assert skill.command == "seo_audit"
    assert skill.metadata.tools == ()
    assert skill.metadata.context[0] == "profile"
    assert skill.body.startswith("# SEO audit")


def test_what_this_product_adds_is_read() -> None:
    raw = """---
name: copywriting
description: Write a page.
license: MIT
metadata:
  title: Copywriting
  category: Copywriting and content
  triggers: homepage copy, landing page copy
  tools: [WebSearch, WebFetch]
  output: {label: copy, types: {homepage: {label: homepage copy, words: [home page]}}}
  max-turns: 12
  somebody-elses: value
---
Body
"""
    skill = parse_skill("copywriting", raw.encode())
    assert skill.metadata.triggers == ("homepage copy", "landing page copy")
    assert skill.metadata.tools == ("WebSearch", "WebFetch")
    assert skill.metadata.max_turns == 12
    (kind,) = skill.for_detection().output_types
    assert (kind.id, kind.label, kind.words) == ("homepage", "homepage copy", ("home page",))


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("# no frontmatter", "SKILL.md:1: the file must begin"),
        ("---\nname: x\ndescription: y\n", "SKILL.md:1: the frontmatter is not closed"),
        ("---\nname: x\n---\nbody", "description: is missing"),
        ("---\nname: other\ndescription: y\n---\nbody", "SKILL.md:2: name is 'other', but the folder is 'x'"),
        ("---\nname: x\ndescription: y\nmetadata:\n  tools: [Bash]\n---\nbody", "SKILL.md:5: metadata.tools.0"),
        ("---\nname: x\ndescription: y\nmetadata:\n  timeout: 5\n---\nbody", "SKILL.md:5: metadata.timeout"),
        ("---\nname: x\ndescription: 'y\n---\nbody", "SKILL.md:"),
        ("---\nname: x\nname: x\ndescription: y\n---\nbody", "SKILL.md:3: name stands twice"),
        ("---\n- a\n- b\n---\nbody", "must be a mapping"),
        ("---\na: &a [x, x]\nb: *a\n---\nbody", "SKILL.md:3: aliases"),
        ("---\nname: x\ndescription: y\n---\n", "body"),
        ("---\nname: X y\ndescription: y\n---\nbody", "SKILL.md:2: name"),
        ("---\na: " + "[" * 200 + "]" * 200 + "\n---\nbody", "nested too deeply"),
        ("---\na: " + "x" * 40_000 + "\n---\nbody", "larger than"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(raw: str, message: str) -> None:
    with pytest.raises(SkillFileError) as caught:
        parse_skill("x", raw.encode())
    assert str(caught.value).startswith("x/SKILL.md:")
    assert message in str(caught.value)


def test_a_file_that_is_no_text_or_too_large_is_refused() -> None:
    with pytest.raises(SkillFileError, match=r"x/SKILL\.md:2: is not UTF-8"):
        parse_skill("x", b"---\n\xff\n---\n")
    with pytest.raises(SkillFileError, match="larger than 512 KB"):
        parse_skill("x", b"x" * (MAX_SKILL_BYTES + 1))


def test_windows_line_ends_and_a_byte_order_mark_are_no_obstacle() -> None:
    raw = "\ufeff" + PLAIN.replace("\n", "\r\n")
    assert parse_skill("seo-audit", raw.encode()).name == "seo-audit"
