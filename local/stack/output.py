"""Which lines of a process's log somebody who runs the stack should see at once."""

import re

_ERROR = re.compile(r"Traceback \(most recent call last\)|\[(error|critical)\s*\]|\b(ERROR|CRITICAL)\b")
_TRACEBACK = re.compile(r"Traceback \(most recent call last\)")
_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


class ErrorLines:
    """Picks errors, with whole tracebacks, out of a log that comes in pieces."""

    def __init__(self) -> None:
        self._rest = b""
        self._in_traceback = False

    def feed(self, data: bytes) -> list[str]:
        """The lines of the next piece of log that tell of an error; a line that is not ended yet waits."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        texts = (_COLOUR.sub("", line.decode(errors="replace")).rstrip() for line in lines)
        return [text for text in texts if self._tells(text)]

    def _tells(self, line: str) -> bool:
        if _TRACEBACK.search(line):
            self._in_traceback = True
        elif self._in_traceback:
            self._in_traceback = line.startswith(
                " "
            )  # the line after the frames names the exception, and is the last
            return True
        return _ERROR.search(line) is not None
