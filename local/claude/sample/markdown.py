"""Reading Markdown of any make for its facts: sections with their paragraphs, items and table rows."""

import re
from dataclasses import dataclass, field

FRONTMATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
HEADING = re.compile(r"#{1,6}\s+(.*)")
ITEM = re.compile(r"\s{0,3}(?:[-*+]|\d+[.)])\s+(.*)")
NOTE = re.compile(r"\*[^*].*[^*]\*")  # a line all in italics is a remark, not a fact
ASIDE = re.compile(r"\s*\((?:\d+ of \d+|[^()]*(?:/|\bsee\b|\bI-\d))[^()]*\)")  # a source, not part of the sentence


@dataclass
class Section:
    """What stands under one heading of the file `path`."""

    path: str
    heading: str
    paragraphs: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)


def sections(path: str, text: str) -> list[Section]:
    """Split a file at its headings; what stands before the first one has an empty heading."""
    found = [Section(path, "")]
    paragraph = item = False  # whether the line before can be continued
    for line in FRONTMATTER.sub("", text.strip() + "\n").splitlines():
        current = found[-1]
        if heading := HEADING.fullmatch(line):
            found.append(Section(path, plain(heading[1])))
            paragraph = item = False
        elif not line.strip() or NOTE.fullmatch(line.strip()):
            paragraph = item = False
        elif line.lstrip().startswith("|"):
            _add_row(current, line)
        elif matched := ITEM.fullmatch(line):
            current.items.append(matched[1].strip())
            paragraph, item = False, True
        elif item:
            current.items[-1] += " " + line.strip()
        elif paragraph:
            current.paragraphs[-1] += " " + line.lstrip("> ").strip()
        else:
            current.paragraphs.append(line.lstrip("> ").strip())
            paragraph = True
    return found


def plain(text: str) -> str:
    """Return text without emphasis, links and asides to other files."""
    text = re.sub(r"\[([^\]]+)\]\([^)]*\)", r"\1", text)
    return re.sub(r"\*\*|__|(?<!\w)[*_]|[*_](?!\w)|`", "", ASIDE.sub("", text)).strip()


def first_sentence(text: str) -> str:
    """Return the first sentence of a text, with its full stop."""
    match = re.match(r"(.+?[.!?][”\"']?)(?=\s|$)", plain(text), re.DOTALL)
    return match[1] if match else plain(text)


def lead(text: str) -> tuple[str, str]:
    """Split `**Fit call.** 20 minutes, free.` into its bold beginning and the rest; ("", text) without one."""
    match = re.match(r"\*\*(.+?)\*\*[:.]?\s*(.*)", text, re.DOTALL)
    return (plain(match[1]).rstrip(".:"), plain(match[2])) if match else ("", plain(text))


def _add_row(section: Section, line: str) -> None:
    cells = [plain(cell) for cell in line.strip().strip("|").split("|")]
    if not set("".join(cells)) <= set("-: "):
        section.rows.append(cells)
