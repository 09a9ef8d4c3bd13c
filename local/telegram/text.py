"""Text as Telegram counts it: UTF-16 code units, entities over them, and what is found in plain text.

Source: https://core.telegram.org/api/entities
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from .wire import Json, bad_request

MESSAGE_LIMIT = 4096
CAPTION_LIMIT = 1024

_FOUND = re.compile(
    r"(?P<url>\bhttps?://[^\s<>\"]+[^\s<>\".,:;!?)\]}'»”])"
    r"|(?P<email>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b)"
    r"|(?P<bot_command>(?<![\w/])/[A-Za-z0-9_]{1,32}(?:@\w{3,32})?(?![\w/]))"
    r"|(?P<mention>(?<!\w)@[A-Za-z]\w{3,31}\b)"
    r"|(?P<hashtag>(?<!\w)#\w*[^\W\d]\w*)"
    r"|(?P<bare_url>\b(?:[a-z0-9-]+\.)+(?:com|org|net|io|me|dev|ai|app|co)\b(?:/[^\s<>\"]*[^\s<>\".,:;!?)])?)",
    re.IGNORECASE,
)
_OPAQUE = {"code", "pre", "text_link", "text_mention"}  # nothing is looked for inside these


def units(text: str) -> int:
    """Count the UTF-16 code units of `text`: an emoji beyond the first plane counts as two."""
    return len(text.encode("utf-16-le")) // 2


def piece(text: str, offset: int, length: int) -> str:
    """Give the part of `text` that an entity covers; offset and length are in UTF-16 code units."""
    raw = text.encode("utf-16-le")
    return raw[2 * offset : 2 * (offset + length)].decode("utf-16-le", errors="replace")


def find_entities(text: str) -> list[Json]:
    """Find the URLs, addresses, commands, mentions and hashtags that every client makes tappable."""
    found, at = [], 0
    for kind, part in parts(text):
        length = units(part)
        if kind:
            found.append({"type": kind, "offset": at, "length": length})
        at += length
    return found


def parts(text: str) -> Iterator[tuple[str, str]]:
    """Cut `text` into pairs of the kind of thing found, or `""` for plain text, and the piece itself."""
    at = 0
    for match in _FOUND.finditer(text):
        if match.start() > at:
            yield "", text[at : match.start()]
        yield (match.lastgroup or "").removeprefix("bare_"), match.group()
        at = match.end()
    if at < len(text):
        yield "", text[at:]


def with_found(text: str, given: list[Json]) -> list[Json]:
    """Give the entities of `text`: those the sender set, and those found where the sender's leave room."""
    taken = [(e["offset"], e["offset"] + e["length"]) for e in given if e["type"] in _OPAQUE]
    found = [
        entity
        for entity in find_entities(text)
        if not any(entity["offset"] < end and start < entity["offset"] + entity["length"] for start, end in taken)
    ]
    return sorted(given + found, key=lambda e: (e["offset"], -e["length"]))


def check_entities(text: str, entities: list[Json]) -> list[Json]:
    """Give the entities that count, in order.

    Raises:
        ApiError: 400 for an entity that ends after the text, or begins or ends inside a UTF-16 pair.
    """
    size = units(text)
    breaks = _character_starts(text)
    kept = []
    for entity in entities:
        offset, length = int(entity.get("offset", -1)), int(entity.get("length", 0))
        if offset < 0 or length <= 0 or "type" not in entity:
            continue
        end = offset + length
        if end > size:
            raise bad_request(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset {end}"
            )
        for place, word in ((offset, "begins"), (end, "ends")):
            if place not in breaks:
                at = len(text.encode("utf-16-le")[: 2 * place].decode("utf-16-le", "ignore").encode())
                raise bad_request(
                    f"entity beginning at UTF-16 offset {offset} {word} "
                    f"in a middle of a UTF-16 symbol at byte offset {at}"
                )
        kept.append({**entity, "offset": offset, "length": length})
    return _nested(kept)


def trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Take the white space off both ends, as the servers do, and move the entities along."""
    shift = units(text) - units(text.lstrip())
    text = text.strip()
    size = units(text)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - shift, 0)
        end = min(entity["offset"] + entity["length"] - shift, size)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return text, kept


def checked_text(text: str, entities: list[Json], limit: int, too_long: str) -> tuple[str, list[Json]]:
    """Give text and entities as they will be shown.

    Raises:
        ApiError: 400 `too_long` when the text has over `limit` characters, or for bad entities.
    """
    text, entities = trimmed(text, check_entities(text, entities))
    if units(text) > limit:
        raise bad_request(too_long)
    return text, with_found(text, entities)


def _character_starts(text: str) -> set[int]:
    starts, at = {0}, 0
    for character in text:
        at += 2 if ord(character) > 0xFFFF else 1  # noqa: PLR2004 - the last character of the first plane
        starts.add(at)
    return starts


def _nested(entities: list[Json]) -> list[Json]:
    """Drop entities that begin inside another and end outside of it: clients can't show those."""
    ordered = sorted(entities, key=lambda e: (e["offset"], -e["length"]))
    crossing = {
        id(inner)
        for outer, inner in pairwise(ordered)
        if inner["offset"] < outer["offset"] + outer["length"] < inner["offset"] + inner["length"]
    }
    return [entity for entity in ordered if id(entity) not in crossing]
