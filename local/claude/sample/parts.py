"""Small pieces of Markdown. Each is empty when there is nothing to say, and empty pieces vanish."""

from collections.abc import Iterable, Sequence

from local.claude.sample.dossier import Point

NOTE = "Sample from the local stand-in, not Claude's work."


def section(heading: str, *body: str) -> str:
    """Return a section, or nothing when its body is empty."""
    said = [part for part in body if part]
    return "\n\n".join((f"## {heading}", *said)) if said else ""


def bullets(texts: Iterable[str]) -> str:
    """Return a list."""
    return "\n".join(f"- {text}" for text in texts if text)


def described(points: Sequence[Point]) -> str:
    """Return points with their explanations."""
    return bullets(f"**{head}.** {rest}" if head else rest for head, rest in points)


def quote(point: Point) -> str:
    """Return a quotation with its speaker."""
    words, speaker = point
    return f"> “{words}”\n>\n> {speaker}" if speaker else f"> “{words}”"


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, or nothing without rows."""
    lines = ["| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows]
    return "\n".join((f"| {' | '.join(header)} |", "|" + "---|" * len(header), *lines)) if lines else ""
