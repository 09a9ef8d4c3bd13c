"""A document as a PDF, set by Typst, a typesetter in a wheel: https://typst.app/docs

The text travels as data beside the template (`page.typ`), never as Typst source.
"""

import json
from dataclasses import asdict
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from core.exports.document import (
    Block,
    Code,
    Document,
    Heading,
    Line,
    Listing,
    Paragraph,
    Quote,
    Rule,
    Table,
    is_rtl,
    plain,
    runs_rtl,
)

_FOLDER = resources.files("core.exports")


def write_pdf(document: Document) -> bytes:
    """A tagged PDF on A4 pages, its fonts embedded; the same bytes for the same document."""
    import typst

    content = {
        "title": plain(document.title).replace("\n", " "),
        "line": _line(document.title),
        "rtl": is_rtl(plain(document.title)),
        "blocks": [_block(block) for block in document.blocks],
    }
    return typst.compile(
        _FOLDER.joinpath("page.typ").read_bytes(),
        font_paths=_fonts(),
        sys_inputs={"document": json.dumps(content, ensure_ascii=False)},
        timestamp=0,
    )


@cache
def _fonts() -> Any:
    """Our fonts first; for scripts that they lack, such as Chinese, whatever the machine has."""
    import typst

    return typst.Fonts(include_system_fonts=True, font_paths=[Path(str(_FOLDER.joinpath("fonts")))])


def _block(block: Block) -> dict[str, Any]:
    content: dict[str, Any] = {"kind": type(block).__name__.lower(), "rtl": runs_rtl(block)}
    match block:
        case Heading():
            content |= {"level": block.level, "line": _line(block.line)}
        case Paragraph():
            content |= {"line": _line(block.line)}
        case Code():
            content |= {"text": block.text}
        case Quote():
            content |= {"blocks": [_block(inner) for inner in block.blocks]}
        case Listing():
            items = [{"done": it.done, "blocks": [_block(inner) for inner in it.blocks]} for it in block.items]
            content |= {"start": block.start, "tight": block.tight, "items": items}
        case Table():
            rows = [[_line(cell) for cell in row] for row in block.rows]
            content |= {"rows": rows, "align": block.align, "widths": block.widths}
        case Rule():
            pass
    return content


def _line(line: Line) -> list[dict[str, Any]]:
    return [asdict(span) for span in line]
