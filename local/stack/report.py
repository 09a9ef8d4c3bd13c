"""What runs where: for people, and as `urls.json` for programs."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit


def urls(settings: Mapping[str, str], *, chat: str | None) -> dict[str, str]:
    """Where everything is, without passwords.

    Args:
        settings: The product's settings.
        chat: The chat page, where the stand-in for Telegram runs.

    Returns:
        `chat` (only where the stand-in runs), `api`, `claude`, `database`, `redis` and `s3`.
    """
    found = {
        "chat": chat,
        "api": f"http://{settings['HOST']}:{settings['PORT']}",
        "claude": settings.get("ANTHROPIC_BASE_URL", "https://api.anthropic.com"),
        "database": without_password(settings["DATABASE_URL"]),
        "redis": without_password(settings["REDIS_URL"]),
        "s3": f"{settings.get('S3_ENDPOINT_URL', '')}/{settings.get('S3_BUCKET', '')}",
    }
    return {name: url for name, url in found.items() if url}


def without_password(url: str) -> str:
    """A URL whose password, if any, is left out."""
    parts = urlsplit(url)
    user, at, address = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{user.partition(':')[0]}{at}{address}".removeprefix("@")).geturl()


def table(found: Mapping[str, str], folder: Path, *, wanted_port: int, seconds: float) -> str:
    """The lines that people see when everything runs.

    Args:
        found: As `urls` gives it.
        folder: The folder of the stack.
        wanted_port: The port of the chat page that was asked for; 0 when any would do.
        seconds: How long the start took.
    """
    rows = [
        ("Chat", found.get("chat", "in Telegram, with your bot") + _moved(found.get("chat"), wanted_port)),
        ("API", found["api"] + "/docs   (make key prints a key)"),
        ("Claude", found["claude"]),
        ("PostgreSQL", found["database"]),
        ("Redis", found["redis"]),
        ("S3", found["s3"]),
        ("Data, logs", str(folder)),
    ]
    lines = [f"  {name:<12}{where}" for name, where in rows]
    return "\n".join(
        ["", f"Marketing Agent runs ({seconds:.1f} s).", "", *lines, "", "Ctrl-C stops it. The data stays."]
    )


def _moved(chat: str | None, wanted_port: int) -> str:
    taken = chat and wanted_port and urlsplit(chat).port != wanted_port
    return f"   (port {wanted_port} is taken)" if taken else ""
