"""`python -m core.accounts`: accounts for the operator. What is shown as a secret is shown this once.

Examples:
    python -m core.accounts admin --name Maya --email maya@example.com     the first account
    python -m core.accounts invite --bot my_marketing_bot                  a link that lets one person in
    python -m core.accounts key --email maya@example.com --name laptop     an API key
"""

import argparse
import asyncio
import sys

from core.logging import configure_logging
from core.runtime import open_runtime
from core.settings import load_settings


def main() -> int:
    """Read the arguments and do what they ask; 0, or 1 after a sentence on stderr."""
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
    return asyncio.run(_do(parser.parse_args()))


async def _do(arguments: argparse.Namespace) -> int:
    settings = load_settings()
    configure_logging(log_format=settings.log_format, level="WARNING")
    async with open_runtime(settings) as runtime, runtime.system_unit() as unit:
        if arguments.command == "invite":
            code = await unit.accounts.create_invite(None)
            print(f"https://t.me/{arguments.bot}?start={code}" if arguments.bot else f"/start {code}")
            return 0
        user = await unit.accounts.user_by_email(arguments.email)
        if arguments.command == "admin":
            if user is not None:
                print(f"{arguments.email}: there is such an account already.", file=sys.stderr)
                return 1
            user = await unit.accounts.create_user(arguments.name, email=arguments.email, role="admin")
        if user is None:
            print(f"{arguments.email}: there is no such account.", file=sys.stderr)
            return 1
        scopes = ["read", "run", "admin"] if user.role == "admin" else ["read", "run"]
        name = "first key" if arguments.command == "admin" else arguments.name
        key = await unit.accounts.create_key(user.id, name, scopes)
    print(f"{key}\nSend the bot: /link {key}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
