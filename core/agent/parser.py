"""From what a model wrote to what it was asked for. Pure."""

import re

_TAG = re.compile(r"<\s*(?P<close>/?)\s*output\s*>", re.IGNORECASE)
_FENCE = re.compile(r"^ {0,3}(?P<mark>`{3,}|~{3,})(?P<rest>[^\n]*)$", re.MULTILINE)
_TOKEN = re.compile(f"{_FENCE.pattern}|{_TAG.pattern}", re.IGNORECASE | re.MULTILINE)
_WRAPPED = re.compile(r"\A(?P<mark>`{3,}|~{3,})(?:md|markdown|json)?[ \t]*\n(?P<inner>.*)\n(?P=mark)\Z", re.DOTALL)
_HEADING = re.compile(r"^# \S", re.MULTILINE)
_STRUCTURE = re.compile(r"^(?:#|`{3}|~{3})", re.MULTILINE)
_PREAMBLE_CHARACTERS = 600  # what stands before a heading and is longer belongs to the piece
_PREAMBLE = re.compile(
    r"\A(?:(?:sure|certainly|absolutely|of course|great|okay|ok|got it|perfect|thanks|thank you)\b[^\n]*"
    r"|(?:here(?:'s|’s| is| are)|below (?:is|are)|i(?:'ve|’ve| have|'ll|’ll| will)|let me)\b[^\n]*[:.!])\n+",
    re.IGNORECASE,
)
_SIGN_OFF = re.compile(
    r"\n+(?:let me know|would you like|do you want|want me to|feel free|(?:i )?hope (?:this|that|it)|happy to|"
    r"if you(?:'d|’d| would) like|please let me know|shall i|just say)\b[^\n]*\Z",
    re.IGNORECASE,
)
_RULES = re.compile(r"\A(?:[-*_]{3,}[ \t]*\n)+|(?:\n[-*_]{3,}[ \t]*)+\Z")


def complete_output(text: str) -> str | None:
    """The last `<output>` block that is closed and not empty; None if there is none.

    Tags inside a code fence are part of the text, unless everything stands in one.
    """
    return _last_block(text, fences=True) or _last_block(text, fences=False)


def parse_output(text: str) -> str:
    """What the model was asked for: its last complete `<output>`, else its text without preamble or sign-off."""
    found = complete_output(text)
    return _unwrapped(found if found is not None else _bare(text))


def _last_block(text: str, *, fences: bool) -> str | None:
    """Tags are paired like brackets; of several blocks the one that is closed last counts."""
    opened: list[int] = []
    fence, last = "", None
    for token in _TOKEN.finditer(text):
        if token["mark"]:
            fence = _fence_after(fence, token["mark"], token["rest"]) if fences else ""
        elif not fence and not token["close"]:
            opened.append(token.end())
        elif not fence and opened:
            last = text[opened.pop() : token.start()].strip() or last
    return last


def _fence_after(fence: str, mark: str, rest: str) -> str:
    """The fence that is open behind this mark, as CommonMark has it; empty if none is."""
    if not fence:
        return "" if mark[0] == "`" and "`" in rest else mark
    closes = mark[0] == fence[0] and len(mark) >= len(fence) and not rest.strip()
    return "" if closes else fence


def _bare(text: str) -> str:
    text = _TAG.sub("", text).strip()
    heading = _HEADING.search(text)
    if heading and heading.start() <= _PREAMBLE_CHARACTERS and not _STRUCTURE.search(text[: heading.start()]):
        text = text[heading.start() :]
    for pattern in (_PREAMBLE, _SIGN_OFF, _RULES):
        text = pattern.sub("", text).strip() or text
    return text


def _unwrapped(text: str) -> str:
    """Without a code fence around the whole."""
    whole = _WRAPPED.match(text)
    if whole is None or _FENCE.search(whole["inner"]):
        return text
    return whole["inner"].strip()
