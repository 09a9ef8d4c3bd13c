"""Learning from what people said, when the forms `record_themes` and `propose_rule` are demanded.

What is said often enough becomes a theme, by the words that people use of texts or by any word that they share, and
a theme becomes a rule that was written here beforehand.
"""

import re
from collections import Counter
from dataclasses import dataclass

from local.claude.call import JSON, Call
from local.claude.classification import stems

THEMES, RULE = "record_themes", "propose_rule"
ENOUGH = 3
LONGEST_QUOTE = 120  # characters

FEEDBACK = re.compile(
    r'<feedback id="(?P<id>\w+)"[^>]*? severity="(?P<severity>\w+)" client="(?P<client>[^"]*)"[^>]*>(?P<said>.*?)'
    r"</feedback>"
)
THEME = re.compile(r"<theme>(.*?)</theme>", re.DOTALL)
SAID_BY = re.compile(r"Said by (\d+)")
VOICE = re.compile(r"\b(voice|tone|brand|sounds?|formal|casual|playful|humou?r)\b", re.IGNORECASE)
TOPICS = [  # a title, the words by which people say so, and the rule that answers it
    (
        "Too long",
        r"\b(long(er|winded)?|lengthy|wordy|verbose|short(er|en)?|concise|trim|cut it|brief(er)?)\b",
        "Keep it short: cut every sentence that repeats another, and end a section once its point is made.",
    ),
    (
        "The tone is off",
        r"\b(tone|voice|formal|stiff|casual|playful)\b",
        "Write as people talk to each other: short words, contractions, no sentence that nobody would say aloud.",
    ),
    (
        "Too much jargon",
        r"\b(jargon|buzzwords?|technical|complicated|simpler|plainer)\b",
        "Say each thing in the plainest word that is exact, and explain a term of the trade where it first stands.",
    ),
    (
        "Too generic",
        r"\b(generic|vague|bland|boring|templated?|cliches?|clichés?)\b",
        "Put one concrete detail of the reader's own day into every section; strike what any competitor could say.",
    ),
    (
        "No clear next step",
        r"\b(call to action|cta|buttons?|next step)\b",
        "Name one next step in the first screen and again at the end, in the same words both times.",
    ),
    (
        "Claims without proof",
        r"\b(proof|evidence|numbers?|sources?|unproven|claims?)\b",
        "Place a figure or a quotation beside every claim, or make the claim smaller until it needs none.",
    ),
    (
        "Weak headlines",
        r"\b(headlines?|headings?|titles?)\b",
        "Let every headline say what the reader gets and for whom, so that it stands without the text below it.",
    ),
]
GENERAL = "Before the piece ends, check it against each point of the request, and mend what misses one."


@dataclass(frozen=True)
class Said:
    """One feedback."""

    id: str
    severity: str
    client: str
    text: str


def record_themes(call: Call) -> JSON:
    """Return what is said by three, or by one who calls it severe: each feedback in one theme."""
    left = [Said(it["id"], it["severity"], it["client"], it["said"]) for it in FEEDBACK.finditer(call.user)]
    scopes = _scopes(call)
    themes: list[JSON] = []
    for title, words, _ in TOPICS:
        group = [it for it in left if re.search(words, it.text, re.IGNORECASE)]
        if _enough(group):
            themes.append(_theme(title, group, words, scopes))
            left = [it for it in left if it not in group]
    while shared := _most_shared(left):
        group = [it for it in left if shared in stems(it.text)]
        themes.append(_theme(min((_clause(it.text, "") for it in group), key=len), group, rf"\b{shared}", scopes))
        left = [it for it in left if it not in group]
    return {"themes": themes}


def propose_rule(call: Call) -> JSON:
    """Return the rule that answers the theme; one that says nothing in particular if the last told too much."""
    found, said_by = THEME.search(call.user), SAID_BY.search(call.user)
    theme = found[1] if found else ""
    told_too_much = "belong to one client" in call.user
    fitting = next((rule for title, _, rule in TOPICS if theme.startswith(title)), "")
    rule = (
        GENERAL if told_too_much else fitting or f"Before the piece ends, look for what people complain of: {theme}"
    )
    number = said_by[1] if said_by else "several"
    return {
        "change_type": "add",
        "changes": "none",
        "rule": rule,
        "rationale": f"Ratings that say so, of texts that were written without such a rule: {number}.",
    }


def _theme(title: str, group: list[Said], words: str, scopes: list[str]) -> JSON:
    clients = {it.client for it in group}
    about_voice = len(clients) == 1 and clients != {"-"} and any(VOICE.search(it.text) for it in group)
    scope = "client" if about_voice and "client" in scopes else scopes[0]
    return {
        "title": title[:1].upper() + title[1:],
        "change": "Write so that nobody has to say this again.",
        "scope": scope,
        "evidence": [{"feedback": it.id, "quote": _clause(it.text, words)} for it in group],
    }


def _scopes(call: Call) -> list[str]:
    schema = (call.forced_tool or {}).get("input_schema") or {}
    theme = schema.get("properties", {}).get("themes", {}).get("items", {})
    return list(theme.get("properties", {}).get("scope", {}).get("enum") or ["skill"])


def _enough(group: list[Said]) -> bool:
    return len(group) >= ENOUGH or any(it.severity == "high" for it in group)


def _most_shared(left: list[Said]) -> str:
    """Return the stem that most of these share, if enough do; of several the first by the alphabet."""
    counts = Counter(stem for it in left for stem in stems(it.text) if len(stem) >= ENOUGH)
    ranked = sorted(counts, key=lambda stem: (-counts[stem], stem))
    return next((stem for stem in ranked if _enough([it for it in left if stem in stems(it.text)])), "")


def _clause(text: str, words: str) -> str:
    """Return the part of a text that holds the words, letter for letter."""
    parts = [part.strip() for part in re.split(r"[.!?;/]", text) if part.strip()] or [text.strip()]
    return next((part for part in parts if re.search(words, part, re.IGNORECASE)), parts[0])[:LONGEST_QUOTE]
