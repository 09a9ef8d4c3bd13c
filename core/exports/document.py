"""A Markdown text as a tree of blocks, which each writer lays out in its own format. Pure.

What stands in the text stays text: HTML is not passed through, images become links, links lead to web addresses,
mail and telephones only, and characters that are not seen but change what is are dropped.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

DEEPEST = 6
_NESTING = 100
_LINK = re.compile(r"(?:https?://|mailto:|tel:)[^\s<>\"]+", re.IGNORECASE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TASK = re.compile(r"\[([ xX])\]\s+")
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2060-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
_LINE_CHARACTERS = 92  # of a table on one page
_CELL_PADDING = 4
_SHORT, _LONG = 20, 60


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text that looks one way, line feeds included; `link` is an address that is safe to offer."""

    text: str
    bold: bool = False
    italic: bool = False
    strike: bool = False
    code: bool = False
    link: str | None = None


Line = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 to 6."""

    level: int
    line: Line


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text."""

    line: Line


@dataclass(frozen=True, slots=True)
class Code:
    """Text that keeps its spaces."""

    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """What somebody else said."""

    blocks: tuple["Block", ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One point of a list. `done` is None unless it is a task."""

    blocks: tuple["Block", ...]
    done: bool | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """Points; numbered from `start`, or bullets if that is None. `tight`: without space between them."""

    items: tuple[Item, ...]
    start: int | None
    tight: bool


@dataclass(frozen=True, slots=True)
class Table:
    """`rows[0]` is the head. `align` has left, center, right or an empty string for each column."""

    rows: tuple[tuple[Line, ...], ...]
    align: tuple[str, ...]

    @property
    def widths(self) -> tuple[int, ...]:
        """Shares of the width for the columns: what is short stays on one line, what is long shares the rest."""
        needs = [max(len(part) for row in self.rows for part in plain(row[n]).split("\n")) for n in self._columns]
        short = sum(need + _CELL_PADDING for need in needs if need <= _SHORT)
        long = sum(min(need, _LONG) for need in needs if need > _SHORT)
        room = _LINE_CHARACTERS - short
        if not long or room < _LINE_CHARACTERS // 3:
            return tuple(min(need, _LONG) + _CELL_PADDING for need in needs)
        return tuple(need + _CELL_PADDING if need <= _SHORT else room * min(need, _LONG) // long for need in needs)

    @property
    def _columns(self) -> range:
        return range(len(self.align))


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""


Block = Heading | Paragraph | Code | Quote | Listing | Table | Rule


@dataclass(frozen=True, slots=True)
class Document:
    """A title and what follows it."""

    title: Line
    blocks: tuple[Block, ...]


def parse_document(text: str, title: str) -> Document:
    """The tree of a Markdown text. Its title is its first heading if that opens it at level 1, else `title`."""
    markdown = MarkdownIt("commonmark", {"html": False, "maxNesting": _NESTING}).enable(["table", "strikethrough"])
    blocks = tuple(_blocks(SyntaxTreeNode(markdown.parse(clean(text))), 0))
    if blocks and isinstance(blocks[0], Heading) and blocks[0].level == 1 and plain(blocks[0].line).strip():
        return Document(blocks[0].line, blocks[1:])
    return Document((Span(clean(title)),), blocks)


def clean(text: str) -> str:
    """`text` without controls, direction overrides and what no document format can hold. Joiners stay."""
    return _UNWANTED.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def plain(line: Line) -> str:
    """The characters of a line."""
    return "".join(span.text for span in line)


def is_rtl(text: str) -> bool:
    """Whether the first letter that has a direction is written from right to left."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


def runs_rtl(block: Block) -> bool:
    """Whether a block runs from right to left: by its first words."""
    match block:
        case Heading() | Paragraph():
            return is_rtl(plain(block.line))
        case Quote():
            return any(runs_rtl(inner) for inner in block.blocks[:1])
        case Listing():
            return any(runs_rtl(inner) for item in block.items[:1] for inner in item.blocks[:1])
        case Table():
            return is_rtl(" ".join(plain(cell) for cell in block.rows[0]))
        case Code() | Rule():
            return False


def _blocks(parent: SyntaxTreeNode, depth: int) -> Iterator[Block]:
    for node in parent.children:
        match node.type:
            case "heading":
                yield Heading(int(node.tag[1:]), _line(node))
            case "paragraph":
                yield Paragraph(_line(node))
            case "fence" | "code_block":
                yield Code(node.content.rstrip("\n"))
            case "hr":
                yield Rule()
            case "table":
                yield _table(node)
            case "blockquote" if depth < DEEPEST:
                yield Quote(tuple(_blocks(node, depth + 1)))
            case "bullet_list" | "ordered_list" if depth < DEEPEST:
                yield _listing(node, depth)
            case _:  # what is nested deeper than a page can show stays at the last level
                yield from _blocks(node, depth)


def _listing(node: SyntaxTreeNode, depth: int) -> Listing:
    ordered = node.type == "ordered_list"
    start = int(node.attrs.get("start", 1)) if ordered else None
    hidden = [it.hidden for item in node.children for it in item.children if it.type == "paragraph"]
    items = tuple(_item(tuple(_blocks(item, depth + 1))) for item in node.children)
    return Listing(items, start, tight=all(hidden))


def _item(blocks: tuple[Block, ...]) -> Item:
    """A point of a list, and whether it is a task: `[ ] …` or `[x] …`."""
    first = blocks[0] if blocks else None
    if not isinstance(first, Paragraph) or not first.line or first.line[0].code:
        return Item(blocks)
    head = first.line[0]
    mark = _TASK.match(head.text)
    if mark is None:
        return Item(blocks)
    line = (replace(head, text=head.text[mark.end() :]), *first.line[1:])
    return Item((Paragraph(line), *blocks[1:]), done=mark[1] != " ")


def _table(node: SyntaxTreeNode) -> Table:
    found = [row for part in node.children for row in part.children]
    align = tuple(str(cell.attrs.get("style", "")).removeprefix("text-align:") for cell in found[0].children)
    return Table(tuple(tuple(_line(cell) for cell in row.children) for row in found), align)


def _line(node: SyntaxTreeNode) -> Line:
    """The spans of a block's text, neighbours of one look joined."""
    joined: list[Span] = []
    for span in _spans(node, Span("")):
        if joined and replace(joined[-1], text="") == replace(span, text=""):
            joined[-1] = replace(span, text=joined[-1].text + span.text)
        elif span.text:
            joined.append(span)
    return tuple(joined)


def _spans(node: SyntaxTreeNode, look: Span) -> Iterator[Span]:
    for child in node.children:
        match child.type:
            case "text":
                yield replace(look, text=_BREAK.sub("\n", child.content))
            case "softbreak" | "hardbreak":  # models break lines where they mean it, and chats show it so
                yield replace(look, text="\n")
            case "code_inline":
                yield replace(look, text=child.content, code=True)
            case "strong":
                yield from _spans(child, replace(look, bold=True))
            case "em":
                yield from _spans(child, replace(look, italic=True))
            case "s":
                yield from _spans(child, replace(look, strike=True))
            case "link":
                yield from _spans(child, replace(look, link=_address(child.attrs.get("href")) or look.link))
            case "image":
                yield replace(look, text=child.content or "image", link=_address(child.attrs.get("src")))
            case _:
                yield from _spans(child, look)


def _address(written: object) -> str | None:
    """An address that may be offered as a link, or None."""
    address = str(written)
    return address if _LINK.fullmatch(address) else None
