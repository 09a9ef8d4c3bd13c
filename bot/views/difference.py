"""A change of a sentence as people read it: what goes is struck through, what comes is bold. Pure."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from aiogram.utils.formatting import Bold, Strikethrough, Text

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_ALIKE = 0.3
"""Below this share of words in common two sentences are two sentences, and single marks would only be noise."""


def difference(old: str | None, new: str | None) -> Text:
    """`− old` over `+ new`; where both stand, with the words that differ marked. Not both may be None."""
    if old is None:
        return Text("+ ", new or "")
    if new is None:
        return Text("− ", Strikethrough(old))
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return Text("− ", Strikethrough(old), "\n", "+ ", Bold(new))
    changes = list(_joined(matcher.get_opcodes(), before))
    struck = [_marked(Strikethrough, before[i:j], same=same) for same, i, j, _, _ in changes]
    bold = [_marked(Bold, after[k:m], same=same) for same, _, _, k, m in changes]
    return Text("− ", *struck, "\n", "+ ", *bold)


Change = tuple[bool, int, int, int, int]


def _joined(codes: Sequence[tuple[str, int, int, int, int]], before: Sequence[str]) -> Iterator[Change]:
    """Whether a stretch is the same, and where; a mere space between two changes joins them into one."""
    open_change: Change | None = None
    for tag, i, j, k, m in codes:
        same = tag == "equal" and bool("".join(before[i:j]).strip())
        if same:
            if open_change is not None:
                yield open_change
            yield True, i, j, k, m
            open_change = None
        elif open_change is None:
            open_change = (tag == "equal", i, j, k, m)
        else:
            open_change = (False, open_change[1], j, open_change[3], m)
    if open_change is not None:
        yield open_change


def _marked(mark: type[Text], words: Sequence[str], *, same: bool) -> Text:
    text = "".join(words)
    if same or not text.strip():
        return Text(text)
    inner = text.strip()
    start = text.index(inner)
    return Text(text[:start], mark(inner), text[start + len(inner) :])
