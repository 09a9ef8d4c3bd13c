"""Rich messages: Markdown, HTML or blocks in, blocks out, as the servers do it.

Source: https://core.telegram.org/bots/api#inputrichmessage
"""

from typing import Any

import pyromark

from .rich_html import blocks_of_html
from .wire import Json, bad_request

CHARACTER_LIMIT = 32_768
BLOCK_LIMIT = 500
DEPTH_LIMIT = 16
COLUMN_LIMIT = 20
_MARKDOWN = (
    pyromark.Options.ENABLE_TABLES | pyromark.Options.ENABLE_STRIKETHROUGH | pyromark.Options.ENABLE_TASKLISTS
)


def rich_message(given: Any) -> Json:
    """Give the `RichMessage` that an `InputRichMessage` becomes.

    Raises:
        ApiError: 400 when it is empty, not exactly one of the three forms, or over a limit.
    """
    if not isinstance(given, dict):
        raise bad_request("can't parse rich message JSON object")
    forms = [name for name in ("markdown", "html", "blocks") if given.get(name)]
    if len(forms) != 1:
        raise bad_request("rich message must be specified by exactly one of html, markdown and blocks")
    source, detect = given[forms[0]], not given.get("skip_entity_detection")
    match forms[0]:
        case "markdown":
            blocks = blocks_of_html(pyromark.html(source, options=_MARKDOWN), detect=detect)
        case "html":
            blocks = blocks_of_html(source, detect=detect)
        case _:
            blocks = [_completed(block) for block in source]
    _check(blocks)
    return {"blocks": blocks} | ({"is_rtl": True} if given.get("is_rtl") else {})


def plain_text(blocks: list[Json]) -> str:
    """Give the words of blocks, one block a line, for previews, notifications and tests."""
    return "\n".join(filter(None, map(_plain_block, blocks)))


def plain(text: Any) -> str:
    """Give the words of a `RichText`: a string, a list of rich texts, or an object around one."""
    if isinstance(text, str):
        return text
    if isinstance(text, list):
        return "".join(map(plain, text))
    return plain(text.get("text") or text.get("expression") or "") if isinstance(text, dict) else ""


def _plain_block(block: Json) -> str:
    match block["type"]:
        case "list":
            return "\n".join(f"{item['label']} {plain_text(item['blocks'])}" for item in block["items"])
        case "table":
            return "\n".join(" | ".join(plain(cell.get("text", "")) for cell in row) for row in block["cells"])
        case "buttons":
            return " ".join(plain(button["text"]) for button in block["buttons"])
        case "details":
            return f"{plain(block['summary'])}\n{plain_text(block['blocks'])}"
        case _ if "blocks" in block:
            return plain_text(block["blocks"])
        case _:
            return plain(block.get("text") or block.get("expression") or "")


def _check(blocks: list[Json]) -> None:
    if not plain_text(blocks).strip():
        raise bad_request("rich message is empty")
    if len(plain_text(blocks)) > CHARACTER_LIMIT:
        raise bad_request("RICH_MESSAGE_TEXT_TOO_LONG")
    count, depth = _size(blocks)
    if count > BLOCK_LIMIT:
        raise bad_request("RICH_MESSAGE_BLOCKS_TOO_MUCH")
    if depth > DEPTH_LIMIT:
        raise bad_request("RICH_MESSAGE_DEPTH_TOO_MUCH")


def _size(blocks: list[Json]) -> tuple[int, int]:
    """Count blocks, and how deep they are nested."""
    count, depth = len(blocks), 1
    for block in blocks:
        if any(len(row) > COLUMN_LIMIT for row in block.get("cells", [])):
            raise bad_request("RICH_MESSAGE_TABLE_COLUMNS_TOO_MUCH")
        inner = [block["blocks"]] if "blocks" in block else []
        inner += [item["blocks"] for item in block.get("items", [])]
        for nested in inner:
            more, deeper = _size(nested)
            count, depth = count + more, max(depth, deeper + 1)
    return count, depth


def _completed(block: Json) -> Json:
    """Add to an input block what the servers add: labels of list items, alignment of cells."""
    if "items" in block:
        ordered = any(item.get("type") or item.get("value") for item in block["items"])
        items = [
            {"label": f"{item.get('value') or n}." if ordered else "•", **item,
             "blocks": [_completed(inner) for inner in item.get("blocks", [])]}
            for n, item in enumerate(block["items"], 1)
        ]  # fmt: skip
        return {**block, "items": items}
    if "cells" in block:
        cells = [[{"align": "left", "valign": "top", **cell} for cell in row] for row in block["cells"]]
        return {**block, "cells": cells}
    if "blocks" in block:
        return {**block, "blocks": [_completed(inner) for inner in block["blocks"]]}
    return block
