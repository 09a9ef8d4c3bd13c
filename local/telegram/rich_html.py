"""The HTML of rich messages, read into blocks. Tags that mean nothing here lose their tag, never their text.

Source: https://core.telegram.org/bots/api#rich-message-formatting-options
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Union

from .text import parts
from .wire import Json

_INLINE = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "sub": "subscript", "sup": "superscript", "mark": "marked", "code": "code",
}  # fmt: skip
_HEADINGS = {f"h{size}": size for size in range(1, 7)}
_BLOCKS = {
    *_HEADINGS, "p", "ul", "ol", "blockquote", "pre", "hr", "table", "details", "footer", "aside", "div",
    "section", "article", "tg-math-block",
}  # fmt: skip
_DEPTH = 100  # elements nested deeper are read as siblings: nobody means them, and recursion has an end
_TEXT_BLOCKS = {"p": "paragraph", "aside": "pullquote", "footer": "footer"}
_VOID = {"br", "hr", "img", "input"}
_CLOSED_BY_ITSELF = {"li", "p", "td", "th", "tr"}
_FOUND_TYPES = {"email": "email_address"}
_FOUND = {
    "url": "url", "email": "email_address", "mention": "username", "hashtag": "hashtag",
    "bot_command": "bot_command",
}  # fmt: skip


@dataclass
class _Node:
    """An element and what is in it."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Union["_Node", str]] = field(default_factory=list)

    def all(self, *tags: str) -> list["_Node"]:
        """Give the children that are elements of one of the tags."""
        return [child for child in self.children if isinstance(child, _Node) and child.tag in tags]


class _Tree(HTMLParser):
    """Builds a tree of whatever comes, forgiving as a browser is."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = _Node("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _CLOSED_BY_ITSELF and self._open[-1].tag == tag:
            self._open.pop()
        node = _Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in _VOID and len(self._open) < _DEPTH:
            self._open.append(node)

    def handle_endtag(self, tag: str) -> None:
        tags = [node.tag for node in self._open]
        if tag in tags:
            del self._open[len(tags) - 1 - tags[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def blocks_of_html(source: str, *, detect: bool) -> list[Json]:
    """Give the blocks of an HTML text.

    Args:
        source: HTML, possibly broken.
        detect: whether to make URLs, commands and mentions in plain text tappable.
    """
    tree = _Tree()
    tree.feed(source)
    tree.close()
    return _Reader(detect=detect).blocks(tree.root.children)


class _Reader:
    """Turns nodes into blocks and rich texts."""

    def __init__(self, *, detect: bool) -> None:
        self._detect = detect

    def blocks(self, nodes: list[_Node | str]) -> list[Json]:
        """Give the blocks of nodes; what stands loose between them becomes paragraphs."""
        blocks: list[Json] = []
        loose: list[_Node | str] = []
        for node in [*nodes, _Node("hr-end")]:
            if isinstance(node, str) or (node.tag not in _BLOCKS and node.tag != "hr-end"):
                loose.append(node)
                continue
            text = self.text(loose)
            loose = []
            if text:
                blocks.append({"type": "paragraph", "text": text})
            if node.tag != "hr-end":
                blocks += self._block(node)
        return blocks

    def _block(self, node: _Node) -> list[Json]:  # noqa: PLR0911 - one for each kind of block
        readers: dict[str, Callable[[_Node], Json]] = {
            "ul": self._list, "ol": self._list, "pre": self._pre, "table": self._table, "details": self._details,
        }  # fmt: skip
        tag, text = node.tag, self.text(node.children)
        if tag in readers:
            return [readers[tag](node)]
        if tag in _HEADINGS:
            return [{"type": "heading", "text": text, "size": _HEADINGS[tag]}]
        if tag in _TEXT_BLOCKS:
            return [{"type": _TEXT_BLOCKS[tag], "text": text}] if text else []
        if tag == "blockquote":
            return [{"type": "blockquote", "blocks": self.blocks(node.children)}]
        if tag == "hr":
            return [{"type": "divider"}]
        if tag == "tg-math-block":
            return [{"type": "mathematical_expression", "expression": _words(node).strip()}]
        return self.blocks(node.children)

    def _list(self, node: _Node) -> Json:
        return {"type": "list", "items": self._items(node)}

    def _items(self, node: _Node) -> list[Json]:
        items = []
        start = int(node.attributes.get("start", "1")) if node.attributes.get("start", "1").isdigit() else 1
        for number, item in enumerate(node.all("li"), start):
            entry: Json = {"label": "•"}
            if node.tag == "ol":
                entry = {"label": f"{number}.", "value": number, "type": "1"}
            for box in item.all("input"):
                entry |= {"has_checkbox": True} | ({"is_checked": True} if "checked" in box.attributes else {})
            content = [child for child in item.children if getattr(child, "tag", "") != "input"]
            items.append({**entry, "blocks": self.blocks(content)})
        return items

    def _pre(self, node: _Node) -> Json:
        language = next((c.attributes.get("class", "") for c in node.all("code")), "").removeprefix("language-")
        block: Json = {"type": "pre", "text": _words(node).removesuffix("\n")}
        return block | ({"language": language} if language else {})

    def _table(self, node: _Node) -> Json:
        rows = node.all("tr") + [row for part in node.all("thead", "tbody", "tfoot") for row in part.all("tr")]
        cells = [[self._cell(cell) for cell in row.all("td", "th")] for row in rows]
        block: Json = {"type": "table", "cells": cells, "is_bordered": True}
        captions = node.all("caption")
        return block | ({"caption": self.text(captions[0].children)} if captions else {})

    def _cell(self, node: _Node) -> Json:
        style = node.attributes.get("align") or node.attributes.get("style", "").partition("text-align:")[2]
        align = style.strip(" ;") if style.strip(" ;") in {"left", "center", "right"} else "left"
        cell: Json = {"align": align, "valign": "top", "text": self.text(node.children)}
        if node.tag == "th":
            cell["is_header"] = True
        spans = {name: int(n) for name in ("colspan", "rowspan") if (n := node.attributes.get(name, "")).isdigit()}
        return cell | spans

    def _details(self, node: _Node) -> Json:
        summaries = node.all("summary")
        rest = [child for child in node.children if child not in summaries]
        summary = self.text(summaries[0].children) if summaries else "…"
        block: Json = {"type": "details", "summary": summary, "blocks": self.blocks(rest)}
        return block | ({"is_open": True} if "open" in node.attributes else {})

    def text(self, nodes: list[_Node | str]) -> Any:
        """Give the rich text of inline nodes: a string where nothing is marked, else a list."""
        pieces = [piece for node in nodes for piece in self._inline(node)]
        joined: list[Any] = []
        for piece in pieces:
            if isinstance(piece, str) and joined and isinstance(joined[-1], str):
                joined[-1] += piece
            else:
                joined.append(piece)
        if joined and isinstance(joined[0], str):
            joined[0] = joined[0].lstrip()
        if joined and isinstance(joined[-1], str):
            joined[-1] = joined[-1].rstrip()
        joined = [piece for piece in joined if piece]
        return joined[0] if len(joined) == 1 and isinstance(joined[0], str) else joined or ""

    def _inline(self, node: _Node | str) -> list[Any]:  # noqa: PLR0911 - one for each kind of inline tag
        if isinstance(node, str):
            return self._detected(node)
        tag, inner = node.tag, self._spaced(node.children)
        if tag == "br":
            return ["\n"]
        if tag == "img":
            return [node.attributes.get("alt", "")]
        if tag == "tg-math":
            return [{"type": "mathematical_expression", "expression": _words(node)}]
        if tag == "code":
            return [{"type": "code", "text": _words(node)}]
        if not inner:
            return []
        if tag == "a" and node.attributes.get("href"):
            words = _Reader(detect=False).text(node.children)
            return [{"type": "url", "text": words, "url": node.attributes["href"]}]
        if tag == "span" and node.attributes.get("class") == "tg-spoiler":
            tag = "tg-spoiler"
        if tag in _INLINE:
            return [{"type": _INLINE[tag], "text": inner}]
        return inner if isinstance(inner, list) else [inner]

    def _spaced(self, nodes: list[_Node | str]) -> Any:
        pieces = [piece for node in nodes for piece in self._inline(node)]
        return pieces[0] if len(pieces) == 1 and isinstance(pieces[0], str) else pieces

    def _detected(self, text: str) -> list[Any]:
        if not self._detect:
            return [text]
        return [
            {"type": _FOUND_TYPES.get(kind, kind), "text": part, _FOUND[kind]: _target(kind, part)}
            if kind else part
            for kind, part in parts(text)
        ]  # fmt: skip


def _target(kind: str, part: str) -> str:
    match kind:
        case "url":
            return part if "://" in part else f"https://{part}"
        case "mention" | "hashtag":
            return part[1:]
        case _:
            return part


def _words(node: _Node | str) -> str:
    return node if isinstance(node, str) else "".join(map(_words, node.children))
