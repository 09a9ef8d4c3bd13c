"""Markdown as plain characters, for previews and where no rich message can be shown."""

import re
from itertools import pairwise

from telegramify_markdown import RenderConfig, convert
from telegramify_markdown.entity import MessageEntity


def _config() -> RenderConfig:
    """Our own rendering: no emoji before headings, a plain bullet."""
    config = RenderConfig.isolated()
    symbols = config.markdown_symbol
    symbols.heading_level_1 = symbols.heading_level_2 = ""
    symbols.heading_level_3 = symbols.heading_level_4 = ""
    symbols.unordered_list_item = "•"
    return config


_CONFIG = _config()
_UNDER_HEADER = re.compile(r"-*(?:-\+-+)*")


def as_text(markdown: str) -> str:
    """The words, without any markup; a row of a table is a line, its cells parted by dots."""
    text, entities = as_entities(markdown)
    units = text.encode("utf-16-le")
    for block in reversed([one for one in entities if one.type == "pre"]):
        start, end = 2 * block.offset, 2 * (block.offset + block.length)
        rows = _rows(units[start:end].decode("utf-16-le"))
        units = units[:start] + rows.encode("utf-16-le") + units[end:]
    return units.decode("utf-16-le")


def as_entities(markdown: str) -> tuple[str, list[MessageEntity]]:
    """The words, and where they are bold, linked and so on: offsets in UTF-16 units, as Telegram counts."""
    return convert(markdown, config=_CONFIG)


def _rows(block: str) -> str:
    """A drawn table (`a | b` over `--+--`) without its drawing; any other block as it is."""
    header, _, below = block.partition("\n")
    rule, _, body = below.partition("\n")
    if not rule or len(rule) != len(header) or not _UNDER_HEADER.fullmatch(rule):
        return block
    edges = [-2, *(place.start() for place in re.finditer(r"\+", rule)), len(rule) + 1]
    lines = []
    for row in (header, *body.splitlines()):
        cells = (row[left + 2 : right - 1].strip() for left, right in pairwise(edges))
        lines.append(" · ".join(cell for cell in cells if cell))
    return "\n".join(lines)
