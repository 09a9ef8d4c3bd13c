"""YAML frontmatter, read so that an error names its line and no document can be a bomb."""

from dataclasses import dataclass
from typing import Any

import yaml

MAX_FRONTMATTER_BYTES = 32_768
MAX_DEPTH = 8


class FrontmatterError(Exception):
    """What is wrong in a file, and in which line (counted from 1)."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line
        self.message = message


@dataclass(frozen=True, slots=True)
class Document:
    """A Markdown file in two parts. `lines` tells where each key of the frontmatter stands."""

    data: dict[str, Any]
    body: str
    lines: dict[tuple[str, ...], int]

    def line_of(self, *path: str) -> int:
        """The line of the key at `path`, or of the nearest key above it."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 1


class _Loader(yaml.SafeLoader):
    """Without aliases, which are what makes a small document large."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent):
            line = event.start_mark.line if event.start_mark else 0
            raise FrontmatterError(line + 2, "aliases (*name) are not allowed")
        return super().compose_node(parent, index)


def parse_frontmatter(text: str) -> Document:
    """Split a file into its frontmatter and its body.

    Raises:
        FrontmatterError: there is no frontmatter, or it is not a plain YAML mapping.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if not text.startswith("---\n"):
        raise FrontmatterError(1, "the file must begin with a line --- and its frontmatter")
    end = text.find("\n---\n", 3)
    if end == -1 and text.rstrip().endswith("\n---"):
        end = text.rstrip().rfind("\n---")
    if end == -1:
        raise FrontmatterError(1, "the frontmatter is not closed by a line ---")
    source = text[4 : end + 1]
    if len(source.encode()) > MAX_FRONTMATTER_BYTES:
        raise FrontmatterError(1, f"the frontmatter is larger than {MAX_FRONTMATTER_BYTES} bytes")
    try:
        loader = _Loader(source)
        node = loader.get_single_node()
        lines: dict[tuple[str, ...], int] = {}
        if node is not None:
            _walk(node, (), lines)
        data = loader.construct_document(node) if node is not None else {}
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise FrontmatterError(line, error.problem or "is not valid YAML") from error
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise FrontmatterError(1, "is not valid YAML") from error
    if not isinstance(data, dict):
        raise FrontmatterError(2, "the frontmatter must be a mapping of names to values")
    return Document(data, text[end + 5 :].strip() + "\n", lines)


def _walk(node: yaml.Node, path: tuple[str, ...], lines: dict[tuple[str, ...], int]) -> None:
    """Note the line of each key; refuse depth and keys that stand twice."""
    line = node.start_mark.line + 2
    if len(path) > MAX_DEPTH:
        raise FrontmatterError(line, "is nested too deeply")
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*path, str(key.value))
            if inner in lines:
                raise FrontmatterError(key.start_mark.line + 2, f"{key.value} stands twice")
            lines[inner] = key.start_mark.line + 2
            _walk(value, inner, lines)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            lines[(*path, str(number))] = value.start_mark.line + 2
            _walk(value, (*path, str(number)), lines)
