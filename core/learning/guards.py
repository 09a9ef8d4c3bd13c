"""What a proposed rule may not be: strict and pure. Models write rules from what strangers said of texts.

What makes a rule unfit is refused; what only a person can judge is a warning, which is always shown.
"""

import re
import unicodedata
from typing import Any, Literal

from core.detection.text import fold
from core.learning.words import lines

WarningCode = Literal["orders", "client-facts", "link", "contradicts", "contradictory-feedback", "repeats"]
"""The gravest first: who has room for few shows these."""

MAX_RULE = 300
_DETAIL = 120

_LIST_MARKER = re.compile(r"^(?:[-*+•]|\d{1,3}[.)])\s+")
_QUOTED_WHOLE = re.compile(r"[\"“„]([^\"“”„]+)[\"”“]")
_MARKUP = re.compile(
    r"</?[a-z!?]"  # tags, and comments
    r"|&[a-z]+;|&#"  # characters that are spelled out
    r"|```|~~~|^#{1,6}\s|^>|^\||^\s*(?:-{3,}|={3,}|\*{3,})"
    r"|!?\[[^\]]*\]\s*[(:\[]"  # links, images and references
    r"|\{\{|\{%|\$\{",
    re.IGNORECASE,
)
_LINK = re.compile(
    r"\b[a-z][a-z0-9+.\-]*://\S+|\bwww\.\S+|\bmailto:\S+|[\w.+\-]+@[\w\-]+\.\w+|(?<!\w)@\w{4,}"
    r"|\b(?:[a-z0-9\-]+\.)+(?:com|org|net|io|ai|co|dev|app|me|ly|gg|info|biz|xyz|shop|store|site|online|page"
    r"|cloud|tech|link|click|top|de|uk|es|fr|ru|cn|tr|eu|us|ch|at)"
    r"\b(?:/\S*)?|\b\d{1,3}(?:\.\d{1,3}){3}\b",
    re.IGNORECASE,
)
_SPACED = re.compile(r"(?<=\b\w)[ .,_-]+(?=\w\b)")
_WORD = re.compile(r"[^\W\d_]+")
_LOOKALIKES = frozenset({"LATIN", "CYRILLIC", "GREEK", "COPTIC", "ARMENIAN", "CHEROKEE"})
_ORDERS = re.compile("|".join(f"(?:{pattern})" for pattern in lines("orders")))


def tidy(text: str) -> str:
    """What somebody wrote as one line, without the list's marker and without quotation marks around it all."""
    line = _LIST_MARKER.sub("", " ".join(text.split()))
    quoted = _QUOTED_WHOLE.fullmatch(line)
    return quoted[1].strip() if quoted else line


def fault_of(rule: str) -> str | None:
    """Why a tidied text can't stand as a rule, in words for whoever wrote it; None if it can."""
    if not any(letter.isalpha() for letter in rule):
        return "it has no words"
    if len(rule) > MAX_RULE:
        return f"it is longer than {MAX_RULE} characters"
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"} for letter in rule):
        return "it holds invisible characters"
    if mixed_in(rule):
        return "it mixes alphabets within a word"
    if _LIST_MARKER.match(rule) or _MARKUP.search(rule):
        return "it holds markup; only *italics* and **bold** may stand in a rule"
    return None


def link_in(text: str) -> str | None:
    """An address of any kind that stands in a text."""
    found = _LINK.search(unicodedata.normalize("NFKC", text).replace("。", "."))
    return found[0] if found else None


def orders_in(text: str) -> str | None:
    """The words by which a text commands whoever reads it, instead of saying how to write; None without such."""
    line = " ".join(fold(text).replace("’", "'").replace("n't", " not").split())
    found = _ORDERS.search(line) or _ORDERS.search(_SPACED.sub("", line))
    return found[0].strip() if found else mixed_in(text)


def mixed_in(text: str) -> str | None:
    """A word in which letters of one alphabet stand for those of another, as who hides something writes it."""
    for word in _WORD.findall(text):
        if not word.isascii():
            alphabets = {unicodedata.name(letter, "").partition(" ")[0] for letter in word}
            if len(alphabets & _LOOKALIKES) > 1:
                return str(word)
    return None


def warning(code: WarningCode, detail: str) -> dict[str, Any]:
    """A warning as it is kept with a proposal; `detail` is a short quotation of what it is about."""
    line = " ".join(detail.split())
    return {"code": code, "detail": line if len(line) <= _DETAIL else f"{line[: _DETAIL - 1]}…"}
