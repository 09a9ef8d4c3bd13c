"""From HTML to text that a model reads well: headings, lists, links, and what the page says of itself. Pure.

One pass over tokens of which each always matches to its end, so hostile markup costs no more than any other.
"""

import html
import re
from urllib.parse import urljoin

_SKIPPED = "style|noscript|template|svg|iframe|object|textarea|select"
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    rf"|<(?P<skipped>{_SKIPPED})\b.*?(?:</(?P=skipped)\s*>|\Z)"
    r"|<script\b(?P<kind>[^>]*)(?:>|\Z)(?P<code>.*?)(?:</script\s*>|\Z)"
    r"|<(?P<close>/?)(?P<name>[a-z][a-z0-9]*)(?P<rest>[^>]*)(?:>|\Z)"
    r"|<[!?][^>]*(?:>|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"""([a-z:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_LONGEST_ATTRIBUTES = 4_000
_BLOCK = re.compile(
    r"address|article|aside|blockquote|body|dd|details|div|dl|dt|fieldset|figcaption|figure|footer|form|header|hr"
    r"|main|nav|ol|p|pre|section|summary|table|tbody|thead|title|ul"
)
_MARKS = {"li": "\n- ", "td": " | ", "th": " | ", "br": "\n", "tr": "\n"}
_HEADINGS = {f"h{level}": "#" * level for level in range(1, 7)}
_META = {"description": "Description", "robots": "Robots", "og:title": "Shared as", "og:description": "Shared with"}
_TIDY: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"[^\S\n]+"), " "),
    (re.compile(r" ?\n ?"), "\n"),
    (re.compile(r"(?:^|\n)(?:-|#{1,6}|\||!)? ?(?=\n)"), "\n"),
    (re.compile(r"\n{3,}"), "\n\n"),
)


def readable(markup: str, url: str) -> str:
    """The text of a page as Markdown. `url` makes its links absolute."""
    text = _Page(url).read(markup)
    for pattern, replacement in _TIDY:
        text = pattern.sub(replacement, text)
    return text.strip()


class _Page:
    """A page on its way to text."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._pieces: list[str] = []
        self._link: tuple[str, int] | None = None  # where the open one leads, and where its words begin

    def read(self, markup: str) -> str:
        at = 0
        for token in _TOKEN.finditer(markup):
            self._pieces.append(_words(markup[at : token.start()]))
            at = token.end()
            if token["code"] is not None:
                self._pieces.append(_structured_data(token["kind"], token["code"]))
            elif token["name"]:
                self._pieces.append(self._tag(token["name"].lower(), token["rest"], closes=bool(token["close"])))
        self._pieces.append(_words(markup[at:]))
        return "".join(self._pieces)

    def _tag(self, name: str, rest: str, *, closes: bool) -> str:
        if name == "a":
            return self._end_of_link() if closes else self._begin_link(rest)
        if _BLOCK.fullmatch(name):
            return "\n\n"
        if name in _HEADINGS:
            return "\n\n" if closes else f"\n\n{_HEADINGS[name]} "
        if closes or name in _MARKS:
            return "" if closes else _MARKS[name]
        return self._described(name, _attributes(rest)) if name in ("img", "meta", "link", "html") else ""

    def _described(self, name: str, attributes: dict[str, str]) -> str:
        """What stands in a tag's attributes only."""
        label, value = "", ""
        if name == "img":
            words = attributes.get("alt", "").strip()
            return f"![{_words(words)}]" if words else ""
        if name == "meta":
            label = _META.get((attributes.get("name") or attributes.get("property") or "").lower(), "")
            value = attributes.get("content", "")
        elif name == "html":
            label, value = "Language", attributes.get("lang", "")
        elif attributes.get("rel", "").lower() == "canonical":
            label, value = "Canonical", self._absolute(attributes.get("href", ""))
        return f"\n{label}: {_words(value)}\n" if label and value else ""

    def _begin_link(self, rest: str) -> str:
        target = self._absolute(_attributes(rest).get("href", "").strip())
        self._link = (target, len(self._pieces)) if target else None
        return ""

    def _end_of_link(self) -> str:
        if self._link is None:
            return ""
        target, begin = self._link
        self._link = None
        words = "".join(self._pieces[begin:]).strip()
        return f" ({target})" if words else ""

    def _absolute(self, target: str) -> str:
        if not target or target.startswith("#"):
            return ""
        try:
            absolute = urljoin(self._url, target)
        except ValueError:
            return ""
        return absolute if absolute.startswith(("http://", "https://")) else ""


def _structured_data(attributes: str, code: str) -> str:
    """JSON-LD says what a page is about; other scripts say nothing to a reader."""
    return f"\n\nStructured data: {_words(code)}\n\n" if "application/ld+json" in attributes.lower() else ""


def _attributes(rest: str) -> dict[str, str]:
    found = _ATTRIBUTE.finditer(rest[:_LONGEST_ATTRIBUTES])
    return {match[1].lower(): _unescaped(match[2] or match[3] or match[4] or "") for match in found}


def _words(text: str) -> str:
    return re.sub(r"\s+", " ", _unescaped(text))


def _unescaped(text: str) -> str:
    try:
        return html.unescape(text)
    except ValueError:  # a character reference of thousands of digits
        return text
