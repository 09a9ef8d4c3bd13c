"""`python -m core.accounts`: accounts for the operator. What is shown as a secret is shown this once.

Examples:
    python -m core.accounts admin --name Maya --email maya@example.com     the first account
    python -m core.accounts invite --bot my_marketing_bot                  a link that lets one person in
    python -m core.accounts key --email maya@example.com --name laptop     an API key
    python -m core.accounts keys --email maya@example.com                  all keys of an account, by prefix
    python -m core.accounts rotate --email maya@example.com --key mk_live_abcdef --grace-hours 1
    python -m core.accounts revoke --email maya@example.com --key mk_live_abcdef
    python -m core.accounts budget --email maya@example.com                what this month has cost, and its limit
    python -m core.accounts budget --email maya@example.com --set 20       dollars a month; none lifts the limit
    python -m core.accounts budget --user 01890a5d-ac96-774b-bcce-b302099a8057    somebody without an address
    python -m core.accounts delete maya@example.com --yes                  the account, with everything in it
"""

import argparse
import asyncio
import sys
from datetime import timedelta
from uuid import UUID

from core.accounts.deletion import belongings, request_deletion
from core.accounts.keys import GRACE, scopes_for
from core.clients.example import give_example_client
from core.errors import NotFoundError
from core.logging import configure_logging
from core.runs.asking import as_id
from core.runtime import Runtime, Unit, open_runtime
from core.settings import load_settings
from core.usage.budgets import read_limit
from core.usage.months import Month
from storage.models import ApiKey, User
from storage.models.base import utc_now


def main() -> int:
    """Read the arguments and do what they ask; 0, or 1 after a sentence on stderr."""
    return asyncio.run(_do(_parser().parse_args()))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m core.accounts", description="Accounts, for the operator.")
    commands = parser.add_subparsers(dest="command", required=True)
    admin = commands.add_parser("admin", help="make an administrator's account, and an API key to link it with")
    admin.add_argument("--name", required=True)
    admin.add_argument("--email", required=True)
    invite = commands.add_parser("invite", help="make a link that lets one person in within 24 hours")
    invite.add_argument("--bot", help="the bot's user name, without @")
    key = commands.add_parser("key", help="make an API key for an account")
    key.add_argument("--email", required=True)
    key.add_argument("--name", default="command line")
    keys = commands.add_parser("keys", help="list an account's API keys")
    keys.add_argument("--email", required=True)
    rotate = commands.add_parser("rotate", help="replace an API key; the old one works on for a while")
    revoke = commands.add_parser("revoke", help="let an API key work no more")
    for command in (rotate, revoke):
        command.add_argument("--email", required=True)
        command.add_argument("--key", required=True, help="its prefix, as `keys` shows it, or its id")
    rotate.add_argument("--grace-hours", type=float, default=GRACE.total_seconds() / 3600)
    budget = commands.add_parser("budget", help="show or set what an account may spend in a month")
    whose = budget.add_mutually_exclusive_group(required=True)
    whose.add_argument("--email")
    whose.add_argument("--user", type=UUID, help="the account's id")
    budget.add_argument("--set", metavar="DOLLARS", help="a number of dollars, or none")
    delete = commands.add_parser("delete", help="delete an account with everything in it")
    delete.add_argument("who", help="its address, or its id")
    delete.add_argument("--yes", action="store_true", help="really; without it is only told what would go")
    return parser


async def _do(arguments: argparse.Namespace) -> int:
    settings = load_settings()
    configure_logging(log_format=settings.log_format, level="WARNING")
    async with open_runtime(settings) as runtime:
        if arguments.command == "delete":
            return await _delete(runtime, arguments.who, really=arguments.yes)
        return await _manage(runtime, arguments)


async def _manage(runtime: Runtime, arguments: argparse.Namespace) -> int:
    async with runtime.system_unit() as unit:
        if arguments.command == "invite":
            code = await unit.accounts.create_invite(None)
            print(f"https://t.me/{arguments.bot}?start={code}" if arguments.bot else f"/start {code}")
            return 0
        if arguments.command == "budget":
            return await _budget(unit, arguments)
        user = await unit.accounts.user_by_email(arguments.email)
        if arguments.command == "admin" and user is not None:
            return _sorry(f"{arguments.email}: there is such an account already.")
        if arguments.command == "admin":
            user = await unit.accounts.create_user(arguments.name, email=arguments.email, role="admin")
        if user is None:
            return _sorry(f"{arguments.email}: there is no such account.")
        try:
            await _about_keys(unit, user, arguments)
        except NotFoundError:
            return _sorry(f"{arguments.key}: {arguments.email} has no such key, or more than one.")
    if arguments.command == "admin":
        await give_example_client(runtime, user.id)
    return 0


async def _budget(unit: Unit, arguments: argparse.Namespace) -> int:
    """Set a limit if one is given, then show where the month stands."""
    found = await unit.accounts.user_by_email(arguments.email) if arguments.email else None
    user_id = found.id if found else arguments.user or UUID(int=0)
    try:
        if arguments.set is not None:
            await unit.usage.set_limit(user_id, read_limit(arguments.set))
        seen = await unit.usage.monthly(user_id, Month.now())
    except NotFoundError:
        return _sorry(f"{arguments.email or arguments.user}: there is no such account.")
    except ValueError:
        return _sorry(f"{arguments.set}: a number of dollars from 0 to 999999, or none.")
    limit = "no limit" if seen.limit_usd is None else f"of ${seen.limit_usd:.2f}"
    runs = f"{seen.total.runs} run{'' if seen.total.runs == 1 else 's'}"
    print(f"{seen.month.first:%B %Y}: ${seen.total.cost_usd:.2f} {limit}, {runs}")
    return 0


async def _delete(runtime: Runtime, who: str, *, really: bool) -> int:
    """Say what an account holds; really: let nobody in any more, and leave the rest to a worker."""
    async with runtime.system_unit() as unit:
        user = await unit.accounts.user_by_email(who)
        account = await unit.accounts.by_id(user.id if user else as_id(who) or UUID(int=0))
    if account is None:
        return _sorry(f"{who}: there is no such account.")
    user_id = account.user_id
    theirs = await belongings(runtime, user_id)
    print(", ".join(f"{count} {kind}" for kind, count in theirs.counts.items()))
    if not really:
        return _sorry("Nothing was deleted. Add --yes to delete all of it for good.")
    await request_deletion(runtime, user_id)
    print(f"The account is closed. A worker deletes everything in it; {user_id} is its id in the logs.")
    return 0


async def _about_keys(unit: Unit, user: User, arguments: argparse.Namespace) -> None:
    match arguments.command:
        case "keys":
            for key in (await unit.keys.page(user.id)).items:
                print(_line(key))
        case "rotate":
            key_id = await _key_id(unit, user, arguments.key)
            _show((await unit.keys.rotate(user.id, key_id, grace=timedelta(hours=arguments.grace_hours)))[1])
        case "revoke":
            await unit.keys.revoke(user.id, await _key_id(unit, user, arguments.key))
        case command:
            name = "first key" if command == "admin" else arguments.name
            _show((await unit.keys.create(user.id, name, scopes_for(user.role)))[1])


async def _key_id(unit: Unit, user: User, written: str) -> UUID:
    """The one key that somebody means by its prefix or id."""
    keys = (await unit.keys.page(user.id)).items
    meant = [key.id for key in keys if str(key.id) == written or key.prefix.startswith(written)]
    if len(meant) != 1:
        raise NotFoundError
    return meant[0]


def _line(key: ApiKey) -> str:
    ended = key.revoked_at or (key.expires_at if key.expires_at and key.expires_at <= utc_now() else None)
    until = f" until {key.expires_at:%Y-%m-%d %H:%M}" if key.expires_at else ""
    state = f"ended {ended:%Y-%m-%d}" if ended else f"works{until}"
    used = f"used {key.last_used_at:%Y-%m-%d %H:%M}" if key.last_used_at else "never used"
    return f"{key.prefix}…  {','.join(key.scopes)}  {state}  {used}  {key.name}"


def _show(key: str) -> None:
    print(f"{key}\nSend the bot: /link {key}")


def _sorry(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
