"""Reading a library's folder: every file checked, every problem named with its file and line."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from core.skills.catalogue import content_hash
from core.skills.document import SkillDocument, SkillFileError, parse_skill
from core.workflows.document import WorkflowDocument, WorkflowFileError, parse_workflow

MAX_FILE_BYTES = 1024 * 1024
MAX_FILES = 200


@dataclass(frozen=True, slots=True)
class SkillFolder:
    """A skill as it lies on disk: its document and all its files by path."""

    document: SkillDocument
    files: Mapping[str, bytes]

    @property
    def content_hash(self) -> str:
        """Changes when any file does."""
        return content_hash(
            "\n".join(f"{path} {content_hash(data)}" for path, data in sorted(self.files.items())).encode()
        )

    @property
    def has_rules(self) -> bool:
        """Whether a RULES.md stands beside its SKILL.md."""
        return "RULES.md" in self.files

    @property
    def has_subdirs(self) -> bool:
        """Whether it brings folders that the agent may read."""
        return any("/" in path for path in self.files)


@dataclass(frozen=True, slots=True)
class WorkflowFile:
    """A workflow as it lies on disk."""

    document: WorkflowDocument
    data: bytes


@dataclass(slots=True)
class Library:
    """What a folder holds. `problems` are sentences with file and line; what they name was left out."""

    skills: list[SkillFolder] = field(default_factory=list)
    workflows: list[WorkflowFile] = field(default_factory=list)
    house_rules: bytes = b""
    clients: dict[str, dict[str, bytes]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


class _FileError(Exception):
    """A file that can't be taken, and why."""


def read_library(root: Path) -> Library:
    """Read `root`, laid out as in the bucket: `skills/<name>/SKILL.md`, `clients/<slug>/…`, `workflows/<name>.md`.

    A folder that holds skills directly (as libraries of others do) is read as well.
    """
    library = Library()
    skills_root = root / "skills" if (root / "skills").is_dir() else root
    if not skills_root.is_dir():
        library.problems.append(f"{root}: there is no such folder")
        return library
    rules = skills_root / "RULES.md"
    if rules.is_file():
        library.house_rules = rules.read_bytes()
    for folder in sorted(path for path in skills_root.iterdir() if (path / "SKILL.md").exists()):
        try:
            library.skills.append(_read_skill(folder))
        except (SkillFileError, _FileError) as error:
            library.problems.append(str(error))
    if (root / "clients").is_dir():
        for folder in sorted(path for path in (root / "clients").iterdir() if path.is_dir()):
            library.clients[folder.name] = dict(_read_files(folder, "*.md"))
    if (root / "workflows").is_dir():
        try:
            _read_workflows(root / "workflows", library)
        except _FileError as error:
            library.problems.append(str(error))
    return library


def _read_workflows(folder: Path, library: Library) -> None:
    """Every workflow; a skill whose own file is broken is there all the same, as it was before."""
    skills = {path.parent.name for path in folder.parent.glob("skills/*/SKILL.md")}
    for name, data in _read_files(folder, "*.md"):
        try:
            document = parse_workflow(name.removesuffix(".md"), data, skills=skills)
        except WorkflowFileError as error:
            library.problems.append(str(error))
        else:
            library.workflows.append(WorkflowFile(document, data))


def _read_skill(folder: Path) -> SkillFolder:
    files = dict(_read_files(folder, "*"))
    if "SKILL.md" not in files:
        raise _FileError(f"{folder.name}/SKILL.md: is not a file of this folder")
    return SkillFolder(parse_skill(folder.name, files["SKILL.md"]), files)


def _read_files(folder: Path, pattern: str) -> Iterator[tuple[str, bytes]]:
    """Every file below `folder`; a link that leads out of it is refused, hidden files are passed over."""
    base = folder.resolve()
    count = 0
    for path in sorted(folder.rglob(pattern)):
        name = path.relative_to(folder).as_posix()
        if any(part.startswith(".") for part in path.relative_to(folder).parts) or path.is_dir():
            continue
        count += 1
        if count > MAX_FILES:
            raise _FileError(f"{folder.name}: holds more than {MAX_FILES} files")
        if not path.resolve().is_relative_to(base):
            raise _FileError(f"{folder.name}/{name}: is a link that leads out of the folder")
        if path.stat().st_size > MAX_FILE_BYTES:
            raise _FileError(f"{folder.name}/{name}: is larger than {MAX_FILE_BYTES // 1024} KB")
        yield name, path.read_bytes()
