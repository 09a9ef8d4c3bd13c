"""Writing the sample: which shape, which tools first, at which pace."""

import re
from collections.abc import Callable

from local.claude.call import JSON, Call, is_server_search
from local.claude.sample import lists, pages
from local.claude.sample.brief import Brief
from local.claude.sample.errands import next_errand
from local.claude.sample.parts import NOTE, bullets, section
from local.claude.sample.revision import revise
from local.claude.sample.structured import json_ld
from local.claude.search import search
from local.claude.turn import Piece, Stop, Text, Turn, Wait

FIRST_WORD = 0.4  # seconds of silence before a sample that is written at a pace

Shape = Callable[[Brief], list[str]]
SHAPES: list[tuple[str, Shape]] = [  # the first whose words stand in the skill's title
    (r"email", lists.emails),
    (r"research|competitor|alternatives|psychology", lists.research),
    (r"social|posts?\b", lists.posts),
    (r"calendar|blog|programmatic", lists.calendar),
    (r"\bads?\b|advertis", lists.ads),
    (r"video|script", pages.script),
    (r"case study|press|release", pages.story),
    (r"\bcro\b|audit|optimi[sz]ation|signup|sign-up|pop-?up|paywall|onboarding|editing|\bseo\b|form", lists.audit),
    (r"copy|page", pages.copy_page),
]


def write_sample(call: Call, pace: float) -> Turn:
    """Return the sample for a request: a tool first where some are offered, then the document.

    Args:
        call: the request.
        pace: characters a second; 0 is at once.
    """
    brief = Brief(call)
    opening: list[Piece] = [Wait(FIRST_WORD)] if pace else []
    if errand := next_errand(brief):
        return Turn([*opening, Text(f"{errand.words}\n\n"), errand.use], Stop("tool_use"))
    if any(map(is_server_search, call.tools)):
        opening += search(*searches_for(call))
    text = f"{_greeting(brief)}<output>\n{_document(brief)}\n</output>"
    return Turn([*opening, Text(text, len(text) / pace if pace else 0.0)])


def searches_for(call: Call) -> tuple[str, list[JSON]]:
    """Return the query of a search at the provider, and hits that say themselves that they are made up."""
    query = call.user.rpartition("query:")[2].strip() if "query:" in call.user else Brief(call).subject
    pages_found = (("overview", "An overview"), ("prices", "What it costs"), ("comparison", "A comparison"))
    return query, [
        {
            "title": f"{title}: {query}",
            "url": f"https://example.com/{name}",
            "text": f"{NOTE} A made-up page about {query}.",
        }
        for name, title in pages_found
    ]


def _document(brief: Brief) -> str:
    if brief.previous:
        return revise(brief)
    if brief.wants_json:
        return json_ld(brief, NOTE)
    learned = section("Written under what was learned", bullets(brief.learned))
    body = [part for part in (*_shape(brief)(brief), learned) if part]
    return "\n\n".join((f"# {brief.title}", f"*{NOTE}*", *body))


def _shape(brief: Brief) -> Shape:
    work = brief.skill or brief.request
    return next((shape for words, shape in SHAPES if re.search(words, work, re.IGNORECASE)), lists.plan)


def _greeting(brief: Brief) -> str:
    return "" if not brief.call.used_tools else "I have what I need.\n\n"
