"""Which tool calls may go ahead: refused unless they are known to do no harm."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.agent.workspace import MAX_FILE_BYTES, MAX_FILES, MAX_TOTAL_BYTES, Workspace

WEB_FETCH = "mcp__web__WebFetch"  # our own tool, as the CLI names it
_MAX_LINE = 2_000  # of a query or an address


class Guard:
    """Looks at each call of a run before it is made. The CLI's own rules come second, and must agree."""

    def __init__(self, space: Workspace, tools: tuple[str, ...]) -> None:
        self._space = space
        self._tools = tools

    def refusal(self, tool: str, arguments: Mapping[str, Any]) -> str | None:
        """Why a call may not be made; None if it may."""
        name = "WebFetch" if tool == WEB_FETCH else tool
        if name not in self._tools or tool == "WebFetch":  # the CLI's own would fetch from inside its process
            return f"{tool} is not one of your tools."
        if name == "Read":
            return self._refused_path(arguments.get("file_path"), self._space.work)
        if name == "Write":
            return self._refused_write(arguments)
        text = arguments.get("query" if name == "WebSearch" else "url")
        short = isinstance(text, str) and len(text) <= _MAX_LINE
        return None if short else f"Give {name} {_MAX_LINE} characters at most."

    def _refused_write(self, arguments: Mapping[str, Any]) -> str | None:
        path, content = arguments.get("file_path"), arguments.get("content")
        refused = self._refused_path(path, self._space.out)
        if refused or not isinstance(path, str):
            return refused
        if not isinstance(content, str) or len(content.encode("utf-8", "replace")) > MAX_FILE_BYTES:
            return f"A file may have {MAX_FILE_BYTES} bytes at most."
        others = [facts.st_size for other, facts in self._space.written() if other != Path(path)]
        if len(others) >= MAX_FILES or sum(others) + len(content.encode("utf-8", "replace")) > MAX_TOTAL_BYTES:
            return f"All files together may be {MAX_FILES} with {MAX_TOTAL_BYTES} bytes at most."
        return None

    def _refused_path(self, raw: object, folder: Path) -> str | None:
        """A path must be absolute as the CLI gives it, lie in the folder, be plain, and lead through no link."""
        outside = f"Only files in {folder} are open to you here."
        if not isinstance(raw, str) or not raw.isprintable() or not Path(raw).is_absolute():
            return outside
        path = Path(os.path.normpath(raw))
        if not path.is_relative_to(folder) or path == folder:
            return outside
        if any(part.startswith(".") for part in path.relative_to(folder).parts):
            return outside
        return None if path.resolve() == path else outside


def summary_of(tool: str, arguments: Mapping[str, Any]) -> tuple[str, str]:
    """A call in a name and a line that people may see: the query, the address, or the file's name."""
    name = "WebFetch" if tool == WEB_FETCH else tool
    key = {"WebSearch": "query", "WebFetch": "url"}.get(name, "file_path")
    line = str(arguments.get(key, ""))
    if name == "WebFetch":
        line = line.split("?", 1)[0].split("#", 1)[0].removeprefix("https://").removeprefix("http://")
    elif key == "file_path":
        line = line.rsplit("/", 1)[-1]
    return name, "".join(char for char in line if char.isprintable())[:120]
