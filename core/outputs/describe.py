"""Describing a text: its title, its preview, the name it is kept under. Pure functions."""

import re
import unicodedata
from datetime import date

from core.plaintext import as_text

PREVIEW_CHARACTERS = 500
_HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
_CONTROLS = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def title_of(text: str, fallback: str) -> str:
    """The first heading, in plain characters, or `fallback`; at most 120 characters."""
    match = _HEADING.search(text)
    found = re.sub(r"[*_`]", "", match[1]).strip() if match else ""
    return shorten(found or fallback, 120)


def preview_of(text: str) -> str:
    """The first 500 characters as a person reads them: no markup, no title, cut at a word."""
    match = _HEADING.search(text)
    body = text[match.end() :] if match and not text[: match.start()].strip() else text
    plain = as_text(body.strip())
    return shorten(re.sub(r"\n{3,}", "\n\n", plain).strip(), PREVIEW_CHARACTERS)


def shorten(text: str, limit: int) -> str:
    """`text`, or its beginning cut at a word with an ellipsis, within `limit` characters."""
    text = without_controls(text)
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    space = max(head.rfind(" "), head.rfind("\n"))
    return (head[:space] if space > limit // 2 else head).rstrip(" \n,;:–-") + "…"


def without_controls(text: str) -> str:
    """`text` without characters that are not seen but change what is: direction marks, zero widths, controls."""
    return _CONTROLS.sub("", text)


def file_stem(client_slug: str | None, output_type: str, day: date) -> str:
    """`yaz-automate-homepage-2026-01-25`; `no-client` where there is none."""
    return f"{client_slug or 'no-client'}-{slugify(output_type)}-{day.isoformat()}"


def slugify(text: str) -> str:
    """Lower-case letters, digits and hyphens, at most 60 characters; `x` if nothing is left."""
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text.lower()).strip("-")[:60].strip("-") or "x"
