"""A first sample, to be widened."""

from local.claude.call import JSON, Call
from local.claude.turn import Text, Turn

NOTE = "*This is a sample from the local stand-in, not Claude's work.*"


def write_sample(call: Call, pace: float) -> Turn:
    """Return the sample for a request, at `pace` characters a second (0: at once)."""
    text = f"<output>\n{NOTE}\n\n# Sample\n\n{call.user}\n</output>"
    return Turn([Text(text, len(text) / pace if pace else 0.0)])


def searches_for(call: Call) -> tuple[str, list[JSON]]:
    """Return the query of a forced search and made-up results for it."""
    query = call.user.rpartition("query:")[2].strip() or call.user
    return query, [
        {"title": f"About {query}", "url": "https://example.com/", "text": f"A sample page about {query}."}
    ]
