"""A workflow's file is taken as it is meant, or refused with the line that is wrong."""

import pytest

from core.library.folder import read_library
from core.workflows.document import WorkflowFileError, parse_workflow
from tests.conftest import ROOT

HEAD = "---\nname: launch\ntitle: Launch\ndescription: A page, then its test.\nsteps:\n"
STEP = "  - id: {id}\n    skill: {skill}\n    title: Write\n    ask: Write it.\n    uses: [{uses}]\n"
SKILLS = {"copywriting", "page-cro"}


def _file(*steps: tuple[str, str, str]) -> bytes:
    listed = "".join(STEP.format(id=step, skill=skill, uses=uses) for step, skill, uses in steps)
    return f"{HEAD}{listed}---\n# Launch\n\nFor a page.\n".encode()


def test_a_workflow_is_read() -> None:
    raw = _file(("copy", "copywriting", ""), ("review", "page-cro", "copy"))
    workflow = parse_workflow("launch", raw, skills=SKILLS)
    assert [step.id for step in workflow.steps] == ["copy", "review"]
    assert workflow.steps[1].uses == ("copy",)
    assert workflow.steps[0].gate == "approve"
    assert workflow.body == "# Launch\n\nFor a page."


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (_file(("copy", "copywriting", "review"), ("review", "page-cro", "copy")),
         "launch.md:10: goes round in a loop: copy → review → copy"),
        (_file(("copy", "copywriting", "copy")), "launch.md:10: goes round in a loop: copy → copy"),
        (_file(("copy", "poetry", "")), "launch.md:7: there is no skill 'poetry'"),
        (_file(("copy", "copywriting", "brief")), "launch.md:10: uses 'brief', but there is no such step"),
        (_file(("copy", "copywriting", "review"), ("review", "page-cro", "")),
         "launch.md:10: uses 'review', which comes after it"),
        (_file(("copy", "copywriting", ""), ("copy", "page-cro", "")), "launch.md:11: there are two steps 'copy'"),
        (f"{HEAD}---\n".encode(), "launch.md:5: steps: Input should be a valid tuple"),
        (b"---\nname: launch\ntitle: L\ndescription: D\n---\n", "launch.md:1: steps: is missing"),
        (_file(("copy", "copywriting", "")).replace(b"    ask: Write it.\n", b""),
         "launch.md:6: steps.0.ask: is missing"),
        (_file(("copy", "copywriting", "")).replace(b"name: launch", b"name: lunch"),
         "launch.md:2: name is 'lunch', but the file is 'launch'"),
        (_file(("copy", "copywriting", "")).replace(b"title: Launch", b"title: \xff"),
         "launch.md:3: is not UTF-8 text"),
        (b"x" * 200_000, "launch.md:1: is larger than 128 KB"),
        (b"no frontmatter", "launch.md:1: the file must begin with a line --- and its frontmatter"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_line(raw: bytes, message: str) -> None:
    with pytest.raises(WorkflowFileError) as caught:
        parse_workflow("launch", raw, skills=SKILLS)
    assert str(caught.value) == f"workflows/{message}"


def test_the_shipped_workflows_are_in_order() -> None:
    library = read_library(ROOT / "library")
    assert [it.document.name for it in library.workflows] == [
        "content-batch",
        "email-campaign",
        "landing-page-launch",
        "skill-improvement",
    ]
    steps = {it.document.name: [step.skill for step in it.document.steps] for it in library.workflows}
    assert steps["email-campaign"] == ["email-sequence", "copy-editing", "analytics-tracking"]
    assert not library.problems
