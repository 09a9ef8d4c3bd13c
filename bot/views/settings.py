"""The settings and the API keys, as people see them."""

from collections.abc import Sequence
from datetime import datetime

from bot.keyboards import settings as keyboards
from bot.view import View
from bot.words import languages, say
from core.accounts.keys import GRACE
from core.accounts.service import Account
from storage.models import ApiKey


def settings(account: Account) -> View:
    """What can be switched, and what each switch does."""
    return View(say("settings"), keyboards.settings(account, languages()))


def keys(listed: Sequence[ApiKey]) -> View:
    """The keys that work, by prefix."""
    labels = [(key.id, f"{key.prefix}… · {_used(key)}") for key in listed]
    return View(say("keys", count=len(listed)), keyboards.keys(labels))


def key_card(key: ApiKey) -> View:
    """What may be shown of a key."""
    lines = [
        say("key-card", prefix=key.prefix, name=key.name, scopes=", ".join(key.scopes), made=_day(key.created_at)),
        _used(key).capitalize(),
    ]
    if key.expires_at is not None:
        lines.append(say("key-until", day=_moment(key.expires_at)))
    lines.append(say("key-rotate-how", hours=int(GRACE.total_seconds() // 3600)))
    return View("\n".join(lines), keyboards.key_card(key.id))


def revoke(key: ApiKey) -> View:
    """Whether it is really to go."""
    return View(say("key-revoke-ask", prefix=key.prefix), keyboards.revoke(key.id))


def shown_once(secret: str, *, replaced: ApiKey | None = None) -> View:
    """The one message that ever shows a key."""
    lines = [say("key-shown", key=secret)]
    if replaced is not None and replaced.expires_at is not None:
        lines.append(say("key-replaced", prefix=replaced.prefix, day=_moment(replaced.expires_at)))
    return View("\n\n".join(lines), keyboards.have_key())


def way_back(secret: str) -> View:
    """The key to an account that a chat has left, and to which nothing else leads."""
    return View(say("key-way-back", key=secret), keyboards.have_key())


def _used(key: ApiKey) -> str:
    return say("key-used", day=_day(key.last_used_at)) if key.last_used_at else say("key-never-used")


def _day(moment: datetime) -> str:
    return moment.strftime("%-d %b %Y")


def _moment(moment: datetime) -> str:
    return moment.strftime("%-d %b %Y, %H:%M UTC")
