"""A revision of a previous version: what the instruction asks for, as far as a stand-in can do it."""

import json
import re

from local.claude.sample.brief import Brief
from local.claude.sample.parts import bullets, section

SHORTER = re.compile(r"\b(short|shorter|shorten|cut|trim|tighter|concise|brief|less)\b", re.IGNORECASE)
EVERYDAY = {
    *("and", "the", "for", "with", "that", "this", "please", "about", "from", "bit", "not", "make", "tone"),
    *("more", "less", "short", "shorter", "long", "longer", "mention", "include", "add"),
}


def revise(brief: Brief) -> str:
    """Return the previous version, changed in a way that shows."""
    if brief.wants_json:
        return _revised_json(brief.previous, brief.request)
    title, _, body = brief.previous.strip().partition("\n")
    parts = [part.strip() for part in re.split(r"\n(?=## )|^\*Revised.*$", body, flags=re.MULTILINE)]
    if SHORTER.search(brief.request) and len(parts) > 1:
        parts = [_shortened(part) for part in parts[: max(2, len(parts) * 2 // 3)]]
    wanted = set(re.findall(r"\w{3,}", brief.request.lower())) - EVERYDAY
    found = list(dict.fromkeys(brief.client.about(wanted)))[:3]
    if found or not SHORTER.search(brief.request):
        parts.append(section("Added in this version", bullets(found) or f"What was asked for: {brief.request}"))
    note = f"*Revised as asked: “{brief.request.strip()}”*"
    return "\n\n".join(part for part in (title, note, *parts) if part)


def _shortened(part: str) -> str:
    """Keep a section's heading and the first half of its paragraphs, with the list that they announce."""
    paragraphs = part.split("\n\n")
    kept = max(2, (len(paragraphs) + 1) // 2)
    while kept < len(paragraphs) and paragraphs[kept - 1].endswith(":"):
        kept += 1
    return "\n\n".join(paragraphs[:kept])


def _revised_json(previous: str, request: str) -> str:
    try:
        document = json.loads(previous)
    except ValueError:
        return previous
    if isinstance(document, dict):
        document["disambiguatingDescription"] = (
            f"Sample from the local stand-in, revised as asked: {request.strip()}"
        )
    return json.dumps(document, indent=2, ensure_ascii=False)
