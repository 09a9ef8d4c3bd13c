"""Checks of a text before it is shown. They flag, and never hold anything back. Pure functions."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal[
    "placeholder", "forbidden-word", "unsupported-number", "unsupported-quote", "foreign-link", "bad-json"
]
_PLACEHOLDER = re.compile(r"\[(?:[A-Z][\w' ]{1,40}|your [\w' ]{1,40}|insert [\w' ]{1,40})\](?!\()")
_NUMBER = re.compile(r"(?<![\w.])[$€£]?\d(?:[\d.,]*\d)?(?:\s?%|k\b|x\b)?")
_QUOTE = re.compile(r"[“\"]([^“”\"\n]{25,300})[”\"]\s*[—–-]\s*\*{0,2}[A-Z]")
_LINK = re.compile(r"https?://([\w.-]+)")
_FORBIDDEN_HEADING = re.compile(
    r"^#{1,6}.*(?:words? (?:to avoid|we never|never)|never (?:use|say)|forbidden|banned).*$",
    re.IGNORECASE | re.MULTILINE,
)
_SMALL_NUMBERS = 12


@dataclass(frozen=True, slots=True)
class Flag:
    """Something a person should look at, with the words it stands in."""

    kind: Kind
    found: str

    def as_json(self) -> dict[str, Any]:
        """How it is kept."""
        return {"kind": self.kind, "found": self.found}


def check(
    text: str, *, sources: Sequence[str], request: str, output_format: str = "md", from_the_web: bool = False
) -> list[Flag]:
    """Every flag of a text, given the client's files and the request that it may draw on; ten of a kind at most.

    A text that was researched on the web names its sources, so that its links say nothing.
    """
    known = "\n".join((*sources, request))
    flags: list[Flag] = []
    flags += _some("placeholder", _PLACEHOLDER.findall(text))
    flags += _some("forbidden-word", [word for word in forbidden_words(sources) if _says(text, word)])
    numbers = {_digits(match) for match in _NUMBER.findall(known)}
    flags += _some(
        "unsupported-number",
        [match for match in _NUMBER.findall(text) if _is_claim(match) and _digits(match) not in numbers],
    )
    squeezed = _squeeze(known)
    flags += _some("unsupported-quote", [q for q in _QUOTE.findall(text) if _squeeze(q) not in squeezed])
    if not from_the_web:
        hosts = [host for host in _LINK.findall(text) if host.lower() not in known.lower()]
        flags += _some("foreign-link", hosts)
    if output_format == "json" and not _is_json(text):
        flags.append(Flag("bad-json", "the text is not valid JSON"))
    return flags


def forbidden_words(sources: Sequence[str]) -> list[str]:
    """Words listed in a client's files under a heading such as *Words we never use*."""
    words: list[str] = []
    for source in sources:
        for heading in _FORBIDDEN_HEADING.finditer(source):
            section = source[heading.end() :].split("\n#", 1)[0]
            for line in section.splitlines():
                item = re.match(r"\s*[-*]\s+(.+)", line)
                if item:
                    words += _quoted_or_listed(item[1])
    return words


def _quoted_or_listed(item: str) -> list[str]:
    quoted = re.findall(r"[\"“]([^\"”]{2,40})[\"”]", item)
    head = re.split(r"\s[—–(:]|\s-\s|: ", item)[0]
    listed = quoted or [part.strip(' *_."“”') for part in head.split(",")]
    return [word for word in listed if 1 < len(word) <= 40 and len(word.split()) <= 4]  # noqa: PLR2004 - a phrase


def _some(kind: Kind, found: Sequence[str]) -> list[Flag]:
    return [Flag(kind, words) for words in list(dict.fromkeys(found))[:10]]


def _says(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number)


def _is_claim(number: str) -> bool:
    """Whether a number claims something: small bare counts (three steps, 5 emails) do not."""
    digits = _digits(number)
    return bool(digits) and (not number[-1:].isdigit() or number[0] in "$€£" or int(digits) > _SMALL_NUMBERS)


def _squeeze(text: str) -> str:
    return re.sub(r"\W+", "", text).lower()


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True
