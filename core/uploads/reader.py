"""Reads the text of a PDF or Word file, in a process of its own: `python -I reader.py pdf|docx`.

The file comes on stdin; one JSON object goes to stdout: `{"text": …}`, or `{"error": …}` with one of `broken`,
`locked`, `too-long`. The process knows nothing of ours, holds no secrets, and limits itself before it looks at a
byte, so that a file which was made to break its reader breaks nothing else.
"""

import io
import json
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

_CPU_SECONDS = 15
_MEMORY = 1024 * 1024 * 1024
MOST_PAGES = 300
MOST_CHARACTERS = 1_000_000
_MOST_PARTS = 2000
_LARGEST_UNPACKED = 100 * 1024 * 1024
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_HEADINGS = 6


class TooLongError(Exception):
    """There is more in it than is read."""


class LockedError(Exception):
    """It asks for a password."""


def read_pdf(data: bytes) -> str:
    """The text of a PDF, page after page. A password that only keeps people from printing is none."""
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted and not reader.decrypt(""):
        raise LockedError
    if len(reader.pages) > MOST_PAGES:
        raise TooLongError
    return _joined(page.extract_text() for page in reader.pages)


def read_word(data: bytes) -> str:
    """The text of a Word file as Markdown: headings, lists and tables; inserted text in, deleted text out."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = archive.infolist()
        if any(part.flag_bits & 1 for part in parts):
            raise LockedError
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST_UNPACKED:
            raise TooLongError
    import docx

    document = docx.Document(io.BytesIO(data))
    names = {style.style_id: style.name or "" for style in document.styles}
    body = document.element.body
    for fallback in list(body.iter(_FALLBACK)):  # a second telling of the same drawing
        fallback.getparent().remove(fallback)
    return _joined(_blocks(body, names))


def _blocks(parent: Any, names: dict[str, str]) -> Iterator[str]:
    for element in parent:
        if element.tag == f"{_W}p":
            yield _paragraph(element, names)
        elif element.tag == f"{_W}tbl":
            yield _table(element)
        elif element.tag in {f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"}:
            yield from _blocks(element, names)


def _paragraph(element: Any, names: dict[str, str]) -> str:
    text = _text(element)
    properties = element.find(f"{_W}pPr")
    style = properties.find(f"{_W}pStyle") if properties is not None else None
    name = names.get(style.get(f"{_W}val"), "") if style is not None else ""
    if not text.strip():
        return ""
    if name == "Title":
        return f"# {text}"
    if name.startswith("Heading "):
        with suppress(ValueError):
            return f"{'#' * min(int(name.removeprefix('Heading ')), _HEADINGS)} {text}"
    listed = properties is not None and properties.find(f"{_W}numPr") is not None
    return f"- {text}" if listed or name.startswith("List ") else text


def _table(element: Any) -> str:
    rows = [
        [" ".join(_text(cell).split()).replace("|", "\\|") for cell in row.findall(f"{_W}tc")]
        for row in element.iter(f"{_W}tr")
    ]
    lines = [f"| {' | '.join(row)} |" for row in rows if row]
    if lines:
        lines.insert(1, f"|{'---|' * len(rows[0])}")
    return "\n".join(lines)


def _text(element: Any) -> str:
    said: list[str] = []
    for part in element.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}p"):
        if part.tag == f"{_W}t":
            said.append(part.text or "")
        elif part.tag == f"{_W}tab":
            said.append("\t")
        elif said:
            said.append("\n")
    return "".join(said).strip()


def _joined(parts: Iterator[str]) -> str:
    """Parts with a blank line between them, points of a list without."""
    said = ""
    length = 0
    kept: list[str] = []
    for part in parts:
        length += len(part) + 2
        if length > MOST_CHARACTERS:
            raise TooLongError
        if part.strip():
            kept.append("\n" if said.startswith("- ") and part.startswith("- ") else "\n\n")
            kept.append(said := part.strip())
    return "".join(kept).strip()


def _limit() -> None:
    """What a file may cost. The parent's clock stands behind it where the system knows no such limits."""
    try:
        import resource
    except ImportError:
        return
    limits = (("RLIMIT_CPU", _CPU_SECONDS), ("RLIMIT_AS", _MEMORY), ("RLIMIT_FSIZE", 0), ("RLIMIT_CORE", 0))
    for name, value in limits:
        with suppress(ValueError, OSError):
            resource.setrlimit(getattr(resource, name), (value, value))


def _answer(kind: str, data: bytes) -> dict[str, str]:
    try:
        return {"text": read_pdf(data) if kind == "pdf" else read_word(data)}
    except LockedError:
        return {"error": "locked"}
    except (TooLongError, MemoryError):
        return {"error": "too-long"}
    except Exception as error:  # noqa: BLE001 - whatever a parser says of it, the file can't be read
        too_long = type(error).__name__ == "LimitReachedError"  # pypdf's own bound on what a stream unpacks to
        return {"error": "too-long" if too_long else "broken"}


def main() -> None:
    """Limit, read, answer."""
    _limit()
    answer = _answer(sys.argv[1], sys.stdin.buffer.read())
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
