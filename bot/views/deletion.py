"""What deleting an account would take, as people see it."""

from bot.keyboards import deletion as keyboards
from bot.view import View
from bot.words import say
from core.accounts.deletion import Belongings


def question(theirs: Belongings) -> View:
    """Exactly what goes, and the word to type."""
    lines = [f"• {say(f'deletion-count-{kind}', count=count)}" for kind, count in theirs.counts.items() if count]
    parts = [say("deletion-ask") + "".join(f"\n{line}" for line in lines)]
    if theirs.under_way:
        parts.append(say("deletion-under-way", count=theirs.under_way))
    parts.append(say("deletion-how", word=say("deletion-word")))
    return View("\n\n".join(parts), keyboards.keep())
