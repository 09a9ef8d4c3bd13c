"""A document as one self-contained web page: our own stylesheet, nothing fetched, nothing run."""

from functools import cache
from html import escape
from importlib import resources

from core.exports.document import (
    Block,
    Code,
    Document,
    Heading,
    Item,
    Line,
    Listing,
    Paragraph,
    Quote,
    Rule,
    Span,
    Table,
    is_rtl,
    plain,
    runs_rtl,
)

_PAGE = """<!DOCTYPE html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<header><h1{direction}>{heading}</h1></header>
<main>
{body}
</main>
</body>
</html>
"""


def write_html(document: Document) -> bytes:
    """One HTML file in UTF-8. Its policy forbids scripts and every request, should an escape ever fail."""
    page = _PAGE.format(
        title=escape(plain(document.title)),
        style=_style(),
        direction=_direction(rtl=is_rtl(plain(document.title))),
        heading=_line(document.title),
        body="\n".join(_block(block) for block in document.blocks),
    )
    return page.encode()


@cache
def _style() -> str:
    return resources.files("core.exports").joinpath("page.css").read_text(encoding="utf-8")


def _block(block: Block) -> str:
    direction = _direction(rtl=runs_rtl(block))
    match block:
        case Heading():
            made = f"<h{block.level}{direction}>{_line(block.line)}</h{block.level}>"
        case Paragraph():
            made = f"<p{direction}>{_line(block.line)}</p>"
        case Code():
            made = f"<pre><code>{escape(block.text)}</code></pre>"
        case Quote():
            made = f"<blockquote{direction}>\n{_blocks(block.blocks)}\n</blockquote>"
        case Listing():
            items = "\n".join(_item(item, tight=block.tight) for item in block.items)
            tag, start = ("ul", "") if block.start is None else ("ol", f' start="{block.start}"')
            made = f"<{tag}{direction}{start}>\n{items}\n</{tag}>"
        case Table():
            made = f'<div class="table"><table{direction}>\n{_rows(block)}\n</table></div>'
        case Rule():
            made = "<hr>"
    return made


def _blocks(blocks: tuple[Block, ...]) -> str:
    return "\n".join(_block(block) for block in blocks)


def _item(item: Item, *, tight: bool) -> str:
    parts = [_line(it.line) if tight and isinstance(it, Paragraph) else _block(it) for it in item.blocks]
    body = "\n".join(parts)
    if item.done is None:
        return f"<li>{body}</li>"
    return f'<li class="task"><span class="box">{"☑" if item.done else "☐"}</span> {body}</li>'


def _rows(table: Table) -> str:
    sides = [f' class="{side}"' if side else "" for side in table.align]

    def row(cells: tuple[Line, ...], tag: str) -> str:
        made = [f"<{tag}{side}>{_line(cell)}</{tag}>" for cell, side in zip(cells, sides, strict=True)]
        return f"<tr>{''.join(made)}</tr>"

    head, *rows = table.rows
    body = "\n".join(row(cells, "td") for cells in rows)
    return f"<thead>{row(head, 'th')}</thead>\n<tbody>\n{body}\n</tbody>"


def _direction(*, rtl: bool) -> str:
    return ' dir="rtl"' if rtl else ""


def _line(line: Line) -> str:
    return "".join(_span(span) for span in line)


def _span(span: Span) -> str:
    text = escape(span.text).replace("\n", "<br>\n")
    for wanted, tag in ((span.code, "code"), (span.strike, "s"), (span.italic, "em"), (span.bold, "strong")):
        if wanted:
            text = f"<{tag}>{text}</{tag}>"
    if span.link is not None:
        text = f'<a href="{escape(span.link)}" rel="noopener noreferrer nofollow">{text}</a>'
    return text
