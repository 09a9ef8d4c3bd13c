"""What changed from one version of a piece to the next, line by line, in the words that are read. Pure."""

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from aiogram.utils.formatting import Strikethrough, Text, sizeof

from bot.view import View
from bot.words import say
from core.plaintext import as_text
from storage.models import Output

_MOST = 3800
"""UTF-16 units of changes in a message of 4096; the rest is for the heading, and the note that there are more."""


def comparison(old: Output, new: Output, before: str, after: str) -> View:
    """`− ` and struck through what went, `+ ` what came; of a long list the beginning, and a note that says so."""
    lines, room = list(_changes(_lines(old, before), _lines(new, after))), _MOST
    if not lines:
        return View(say("compare-same", old=old.version, new=new.version))
    shown: list[Text | str] = []
    for line in lines:
        room -= sizeof(line.render()[0]) + 1
        if room < 0:
            break
        shown += ["\n", line]
    note = "\n\n" + say("too-long-to-show") if room < 0 else ""
    return View.of(Text(say("compare-title", old=old.version, new=new.version), "\n", *shown, note))


def _lines(output: Output, text: str) -> list[str]:
    plain = as_text(text) if output.format == "md" else text
    return [line for line in plain.splitlines() if line.strip()]


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[Text]:
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from (Text("− ", Strikethrough(line)) for line in old[i:j])
            yield from (Text("+ ", line) for line in new[k:m])
