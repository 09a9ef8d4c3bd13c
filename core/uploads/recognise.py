"""What a file is, by its content. Its name may say anything."""

import io
import re
import zipfile
from typing import Literal

from core.exports.document import clean

Kind = Literal["text", "pdf", "docx"]
_PDF_HEAD = 1024  # readers look for the mark there: ISO 32000-1, annex H.3.4.1
_WORD_PARTS = {"[Content_Types].xml", "word/document.xml"}
_MARKUP = re.compile(r"\s*(?:\{\\rtf|%!PS)")
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_MOST_CONTROLS = 0.001  # of all characters; a stray form feed is no reason to refuse a text


def recognise(data: bytes) -> Kind | None:
    """The kind of a file, or None if it is none that can be read."""
    if b"%PDF-" in data[:_PDF_HEAD]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return "docx" if _is_word(data) else None
    return "text" if decode(data) is not None else None


def decode(data: bytes) -> str | None:
    """The text of a file in UTF-8, or in UTF-16 that says so; None if it is something else."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    is_text = "\0" not in text and len(_CONTROLS.findall(text)) <= len(text) * _MOST_CONTROLS
    return clean(text) if is_text and not _MARKUP.match(text) else None


def _is_word(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return set(archive.namelist()) >= _WORD_PARTS
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError):
        return False
