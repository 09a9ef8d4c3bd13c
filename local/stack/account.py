"""An API key of the running stack, made by the product's own command."""

import json
import subprocess
import sys
from pathlib import Path

from local.servers.server import write_private

NAME, EMAIL = "Maya", "maya@localhost"
_FILE = "environment.json"


def keep_environment(folder: Path, environment: dict[str, str]) -> None:
    """Let commands beside the stack reach what it started; the file is readable by this account only."""
    write_private(folder / _FILE, json.dumps(environment))


def forget_environment(folder: Path) -> None:
    """The stack has stopped."""
    (folder / _FILE).unlink(missing_ok=True)


def print_key(folder: Path) -> int:
    """Print a new API key, and nothing else, on stdout.

    Returns:
        0, or 1 when no stack runs or the product refuses.
    """
    file = folder / _FILE
    if not file.exists():
        print("Nothing runs here. Start it first: make run", file=sys.stderr)
        return 1
    environment = json.loads(file.read_text())
    made = _accounts(environment, "admin", "--name", NAME, "--email", EMAIL)
    if made.returncode:  # the account is there from before
        made = _accounts(environment, "key", "--email", EMAIL)
    print(made.stdout.partition("\n")[0] if made.returncode == 0 else made.stderr, end="\n")
    return made.returncode


def _accounts(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "core.accounts", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
