"""The settings of the product that a person has given, and those that the stack makes up and keeps."""

import json
import secrets
from collections.abc import Mapping
from pathlib import Path

from dotenv import dotenv_values

from core.settings import Settings
from local.servers.server import write_private

_LOOPBACK = "127.0.0.1,localhost"

# What a process needs of its surroundings: programs, home, languages, certificates, and the way out.
_INHERITED = (
    *("PATH", "HOME", "USER", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "TMPDIR", "XDG_RUNTIME_DIR"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"),
)


def given_settings(environ: Mapping[str, str], env_file: Path) -> dict[str, str]:
    """The product's settings that somebody has set, in the environment or else in `.env`.

    Args:
        environ: The environment, which wins.
        env_file: A file of `NAME=value` lines, which may be missing.

    Returns:
        Upper-case names and values, without empty ones.
    """
    names = {name.upper() for name in Settings.model_fields}
    values = {**{name.upper(): value or "" for name, value in dotenv_values(env_file).items()}, **environ}
    return {name: value for name, value in values.items() if name in names and value}


def inherited(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that every process of the stack gets, besides its settings."""
    kept = {name: environ[name] for name in _INHERITED if name in environ}
    exempt = ",".join(filter(None, [environ.get("NO_PROXY") or environ.get("no_proxy"), _LOOPBACK]))
    return {**kept, "NO_PROXY": exempt, "no_proxy": exempt, "PYTHONUNBUFFERED": "1"}


def kept_secrets(path: Path) -> dict[str, str]:
    """Settings that are random, made at the first start and kept in a private file.

    Returns:
        KEY_PEPPER, TELEGRAM_WEBHOOK_SECRET, and a TELEGRAM_BOT_TOKEN for the stand-in.
    """
    kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    made = {
        "KEY_PEPPER": secrets.token_hex(32),
        "TELEGRAM_WEBHOOK_SECRET": secrets.token_hex(32),
        "TELEGRAM_BOT_TOKEN": f"{secrets.randbelow(9 * 10**9) + 10**9}:{secrets.token_hex(18)}",
    }
    if kept.keys() != made.keys():
        kept = made | kept
        write_private(path, json.dumps(kept))
    return kept
