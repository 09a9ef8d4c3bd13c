"""The two markup languages of plain messages, turned into text and entities.

Source: https://core.telegram.org/bots/api#formatting-options
"""

import html
import re
from dataclasses import dataclass, field
from typing import Any

from .text import units
from .wire import Json, bad_request

_TAGS = {
    "b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
    "s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler",
    "span": "spoiler", "a": "text_link", "code": "code", "pre": "pre", "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}  # fmt: skip
_TOKEN = re.compile(r"<(?P<close>/)?(?P<tag>[a-zA-Z][\w-]*)(?P<attributes>[^<>]*)>|(?P<bare><)")
_ATTRIBUTE = re.compile(r"([\w-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_RESERVED = "_*[]()~`>#+-=|{}.!"
_MARKS = {
    "||": "spoiler", "__": "underline", "*": "bold", "_": "italic", "~": "strikethrough",
}  # fmt: skip


def parsed(text: str, mode: str | None) -> tuple[str, list[Json]]:
    """Give the text without its markup, and the entities that the markup stood for.

    Args:
        text: what the bot sent.
        mode: `HTML` or `MarkdownV2`, in any case; None leaves the text as it is.

    Raises:
        ApiError: 400 `can't parse entities: …`, or for a mode that is neither.
    """
    match (mode or "").lower():
        case "":
            return text, []
        case "html":
            return _from_html(text)
        case "markdownv2":
            return _from_markdown(text)
        case _:
            raise bad_request("unsupported parse_mode")


@dataclass
class _Open:
    """An entity whose end has not been met."""

    mark: str
    start: int
    entity: Json


@dataclass
class _Builder:
    """Text and entities as they grow."""

    text: list[str] = field(default_factory=list)
    size: int = 0
    open: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def add(self, text: str) -> None:
        self.text.append(text)
        self.size += units(text)

    def begin(self, mark: str, kind: str, **more: Any) -> None:
        self.open.append(_Open(mark, self.size, {"type": kind, **more}))

    def end(self) -> None:
        opened = self.open.pop()
        if self.size > opened.start and opened.entity["type"]:
            place = {"offset": opened.start, "length": self.size - opened.start}
            self.entities.append({**opened.entity, **place})

    def result(self) -> tuple[str, list[Json]]:
        if self.open:
            opened = self.open[-1]
            what = "tag corresponding to start tag" if opened.mark in _TAGS else "of the entity starting with"
            raise bad_request(f"can't parse entities: Can't find end {what} \"{opened.mark}\"")
        return "".join(self.text), sorted(self.entities, key=lambda e: (e["offset"], -e["length"]))


def _from_html(source: str) -> tuple[str, list[Json]]:
    out, at = _Builder(), 0
    for token in _TOKEN.finditer(source):
        out.add(html.unescape(source[at : token.start()]))
        at = token.end()
        place = len(source[: token.start()].encode())
        if token["bare"]:
            raise bad_request(f'can\'t parse entities: Unsupported start tag "" at byte offset {place}')
        tag = token["tag"].lower()
        if token["close"]:
            if not out.open:
                raise bad_request(f"can't parse entities: Unexpected end tag at byte offset {place}")
            if (expected := out.open[-1].mark) != tag:
                raise bad_request(
                    f"can't parse entities: Unmatched end tag at byte offset {place}, "
                    f'expected "</{expected}>", found "</{tag}>"'
                )
            out.end()
        else:
            _begin_tag(out, tag, token["attributes"], place)
    out.add(html.unescape(source[at:]))
    return out.result()


def _begin_tag(out: _Builder, tag: str, attributes: str, place: int) -> None:
    values = {name.lower(): html.unescape(a or b or c) for name, a, b, c in _ATTRIBUTE.findall(attributes)}
    if tag not in _TAGS or (tag == "span" and values.get("class") != "tg-spoiler"):
        raise bad_request(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {place}')
    kind, more = _TAGS[tag], {}
    if tag == "a":
        more["url"] = values.get("href", "")
    elif tag == "tg-emoji":
        more["custom_emoji_id"] = values.get("emoji-id", "")
    elif tag == "blockquote" and "expandable" in values:
        kind = "expandable_blockquote"
    if tag == "code" and out.open and out.open[-1].mark == "pre":
        kind = ""  # <pre><code class="language-…"> is one entity, and the inner tag its language
        if language := values.get("class", "").removeprefix("language-"):
            out.open[-1].entity["language"] = language
    out.begin(tag, kind, **more)


def _from_markdown(source: str) -> tuple[str, list[Json]]:
    out, at, line_start = _Builder(), 0, True
    while at < len(source):
        opened = out.open[-1].mark if out.open else ""
        if opened == ">" and source[at] == "\n" and not source.startswith(">", at + 1):
            out.end()
            continue
        if line_start and source[at] == ">":
            if opened != ">":
                out.begin(">", "blockquote")
            at, line_start = at + 1, False
            continue
        line_start = source[at] == "\n"
        at = _markdown_step(out, source, at, opened)
    if out.open and out.open[-1].mark == ">":
        out.end()
    return out.result()


def _markdown_step(out: _Builder, source: str, at: int, opened: str) -> int:
    """Take one character or mark at `at`; give where to go on."""
    if source[at] == "\\" and at + 1 < len(source) and ord(source[at + 1]) < 127:  # noqa: PLR2004 - ASCII
        out.add(source[at + 1])
        return at + 2
    if source[at] == "`":
        return _markdown_code(out, source, at)
    if source[at] == "]" and opened == "[":
        return _markdown_link(out, source, at)
    if source.startswith("![", at) or source[at] == "[":
        mark = "[" if source[at] == "[" else "!["
        out.begin("[", "text_link")
        return at + len(mark)
    for mark, kind in _MARKS.items():
        if source.startswith(mark, at):
            if opened == mark:
                out.end()
            else:
                out.begin(mark, kind)
            return at + len(mark)
    if source[at] in _RESERVED:
        raise bad_request(
            f"can't parse entities: Character '{source[at]}' is reserved "
            "and must be escaped with the preceding '\\'"
        )
    out.add(source[at])
    return at + 1


def _markdown_code(out: _Builder, source: str, at: int) -> int:
    fence = "```" if source.startswith("```", at) else "`"
    end = source.find(fence, at + len(fence))
    if end < 0:
        kind = "Pre" if fence == "```" else "Code"
        place = len(source[:at].encode())
        raise bad_request(f"can't parse entities: Can't find end of {kind} entity at byte offset {place}")
    body, more = source[at + len(fence) : end], {}
    if fence == "```":
        first, newline, rest = body.partition("\n")
        if newline and re.fullmatch(r"[\w+#-]*", first):
            body, more = rest, {"language": first} if first else {}
    out.begin(fence, "pre" if fence == "```" else "code", **more)
    out.add(re.sub(r"\\([\\`])", r"\1", body))
    out.end()
    return end + len(fence)


def _markdown_link(out: _Builder, source: str, at: int) -> int:
    target = re.compile(r"\]\(((?:\\.|[^\\)])*)\)").match(source, at)
    if target is None:
        raise bad_request("can't parse entities: Can't find end of a URL")
    out.open[-1].entity["url"] = re.sub(r"\\(.)", r"\1", target[1])
    out.end()
    return target.end()
