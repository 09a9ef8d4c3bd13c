from pathlib import Path
from uuid import uuid4

import pytest

from core.agent.guard import WEB_FETCH, Guard, summary_of
from core.agent.workspace import MAX_FILE_BYTES, MAX_FILES, WorkerFolder, Workspace

TOOLS = ("Read", "Write", "WebSearch", "WebFetch")


@pytest.fixture
def space(tmp_path: Path) -> Workspace:
    space = Workspace(tmp_path.resolve())
    space.lay_out("system", {"notes/a.md": b"a"})
    return space


@pytest.fixture
def guard(space: Workspace) -> Guard:
    return Guard(space, TOOLS)


def test_lets_through_what_its_tools_are_for(guard: Guard, space: Workspace) -> None:
    assert guard.refusal("Read", {"file_path": f"{space.work}/notes/a.md"}) is None
    assert guard.refusal("Read", {"file_path": f"{space.work}/notes/../notes/a.md"}) is None
    assert guard.refusal("Write", {"file_path": f"{space.out}/deep/b.md", "content": "b"}) is None
    assert guard.refusal("WebSearch", {"query": "prices"}) is None
    assert guard.refusal(WEB_FETCH, {"url": "https://example.com"}) is None


@pytest.mark.parametrize("tool", ["Bash", "Edit", "Glob", "WebFetch", "Task", "mcp__web__Other", ""])
def test_refuses_every_other_tool(guard: Guard, tool: str) -> None:
    assert guard.refusal(tool, {"file_path": "a", "url": "https://example.com"})


def test_refuses_a_tool_that_this_task_does_not_have(space: Workspace) -> None:
    assert Guard(space, ("Read",)).refusal(WEB_FETCH, {"url": "https://example.com"})


@pytest.mark.parametrize(
    "path",
    [
        *("/etc/passwd", "{work}/../system.md", "{work}", "notes/a.md", "~/a", "{work}/.hidden", "", None, 7),
        *("{work}\0/a", "{work}/a\n", "{work}-other/a", "//etc/passwd", "{work}/link/a.md"),
    ],
)
def test_reads_plain_paths_in_the_folder_only(guard: Guard, space: Workspace, path: object) -> None:
    (space.work / "link").symlink_to(space.home)
    raw = path.format(work=space.work) if isinstance(path, str) else path
    assert guard.refusal("Read", {"file_path": raw})


def test_writes_below_out_only(guard: Guard, space: Workspace) -> None:
    assert guard.refusal("Write", {"file_path": f"{space.work}/notes/a.md", "content": "b"})
    assert guard.refusal("Write", {"file_path": f"{space.out}", "content": "b"})
    assert guard.refusal("Write", {"file_path": f"{space.out}/../b.md", "content": "b"})


def test_writes_so_much_and_no_more(guard: Guard, space: Workspace) -> None:
    path = f"{space.out}/b.md"
    assert guard.refusal("Write", {"file_path": path, "content": "ü" * (MAX_FILE_BYTES // 2)}) is None
    assert guard.refusal("Write", {"file_path": path, "content": "ü" * (MAX_FILE_BYTES // 2 + 1)})
    assert guard.refusal("Write", {"file_path": path, "content": b"b"})

    for number in range(MAX_FILES):
        (space.out / f"{number}.md").write_text("b")
    assert guard.refusal("Write", {"file_path": path, "content": "b"})
    assert guard.refusal("Write", {"file_path": f"{space.out}/7.md", "content": "again"}) is None


def test_writes_five_megabytes_in_all(guard: Guard, space: Workspace) -> None:
    for number in range(5):
        (space.out / f"{number}.md").write_bytes(b"b" * MAX_FILE_BYTES)

    assert guard.refusal("Write", {"file_path": f"{space.out}/5.md", "content": "b"})


def test_collects_regular_files_only(space: Workspace) -> None:
    (space.out / "a.md").write_text("a")
    (space.out / "link.md").symlink_to(space.system_prompt)
    (space.out / "folder").symlink_to(space.folder)

    assert space.collect() == {"a.md": b"a"}


@pytest.mark.parametrize("name", ["/etc/passwd", "../a", "a/../../b", "out/a.md", ""])
async def test_a_skill_can_not_have_files_elsewhere(tmp_path: Path, name: str) -> None:
    folder = WorkerFolder(tmp_path)
    with pytest.raises(ValueError, match="can't have a file"):
        async with folder.workspace(uuid4(), "system", {name: b""}):
            pytest.fail("it was laid out")
    folder.close()


@pytest.mark.parametrize(
    ("tool", "arguments", "summary"),
    [
        ("Read", {"file_path": "/somewhere/else/notes/a.md"}, ("Read", "a.md")),
        ("WebSearch", {"query": "prices\n\x1b[31m of Zapier"}, ("WebSearch", "prices[31m of Zapier")),
        (WEB_FETCH, {"url": "https://zapier.com/pricing?key=s#t"}, ("WebFetch", "zapier.com/pricing")),
        ("WebSearch", {"query": "x" * 500}, ("WebSearch", "x" * 120)),
        ("Write", {}, ("Write", "")),
    ],
)
def test_summaries_are_short_and_safe_to_show(
    tool: str, arguments: dict[str, str], summary: tuple[str, str]
) -> None:
    assert summary_of(tool, arguments) == summary
