"""What the stand-in writes without a script: from the client's own facts, in the shape of the skill."""

import json
import re
import time
from pathlib import Path
from typing import Any

import anthropic
import pytest

from local.claude.call import Call
from local.claude.client import ClaudeStandIn
from local.claude.sample import write_sample
from local.claude.server import running
from local.claude.turn import Text, ToolUse

PROFILE = """---
name: Bloom Studio
---
# Bloom Studio

*Kept by the agency. Checked in March.*

## What they sell
Flower subscriptions for offices and cafés, grown within 40 km.

## To whom
Office managers in Berlin who answer for how the place looks.

## What they struggle with
- Flowers that are brown by Wednesday.
- A cheap bunch every Monday that nobody asked for.

## What sets them apart
1. **Grown nearby.** Nothing travels further than 40 km.
2. **Swapped weekly.** $39 a week, vase included.

## How it works
1. **Tasting week.** One free vase.
2. **Subscription.** Every Monday before nine.

## Proof
- 120 cafés since 2021. (research/notes)
- Do not print: 300 offices.
- **Quote:** "Guests ask who does our flowers." Mia Lang, owner of Café Lang.

## Calls to action
- **Primary:** Book a tasting week. *One vase, free.*

## Words never to use
- **cheap**, **discount**
"""


def ask(
    skill: str, request: str, *, profile: str = PROFILE, previous: str = "", tools: tuple[str, ...] = ()
) -> Call:
    context = (
        f'# Client: Bloom Studio\n\n<client_file path="profile.md">\n{profile}\n</client_file>' if profile else ""
    )
    before = f'<previous_version version="1">\n{previous}\n</previous_version>\n\n' if previous else ""
    system = f"You do marketing work.\n\n# Skill: {skill}\n\nHow to do it.\n\n---\n\n{context}"
    body: dict[str, Any] = {
        "model": "claude-sonnet-5",
        "max_tokens": 9000,
        "system": [{"type": "text", "text": system}],
        "messages": [{"role": "user", "content": f"{before}<request>\n{request}\n</request>"}],
        "tools": [{"name": name, "input_schema": {"type": "object"}} for name in tools],
    }
    return Call(body)


def written(call: Call) -> str:
    text = "".join(piece.text for piece in write_sample(call, 0).pieces if isinstance(piece, Text))
    match = re.fullmatch(r".*<output>\n(.*)\n</output>", text, re.DOTALL)
    assert match
    return match[1]


@pytest.mark.parametrize(
    ("skill", "expected"),
    [
        ("Copywriting", ["## Hero", "## The problem", "## Why believe it", "**Book a tasting week**", "Headlines"]),
        ("Email sequence", ["## Email 1", "**Subject:**", "**Preview:**", "| Email | Day | Subject |"]),
        ("Page CRO", ["| Priority | Finding |", "| High |", "| Low |"]),
        ("Competitor research", ["| Topic | Finding |", "## Still open"]),
        ("Content calendar", ["| Week 1 | Tue |", "| Week 4 | Thu |"]),
        ("Social content", ["## Post 1", "→ Book a tasting week"]),
        ("Paid ads", ["| Ad | Headline | Text | Button |"]),
        ("Video script", ["| Time | Picture | Words |", "0–9 s"]),
        ("Case study", ["## How it was before", "“Guests ask who does our flowers.”"]),
        ("Launch strategy", ["| Order | Step | Why |", "## Risks"]),
    ],
)
def test_each_kind_of_work_has_its_shape(skill: str, expected: list[str]) -> None:
    text = written(ask(skill, "Write something good for Bloom Studio"))
    assert text.startswith(
        "# Something good for Bloom Studio\n\n*Sample from the local stand-in, not Claude's work.*"
    )
    for part in expected:
        assert part in text
    assert not re.search(r"\[[A-Z][\w ]*\]", text), "a placeholder"
    assert "300 offices" not in text
    assert "cheap" not in text


def test_facts_are_the_clients() -> None:
    text = written(ask("Copywriting", "homepage copy"))
    for fact in (
        "within 40 km",
        "Office managers in Berlin",
        "brown by Wednesday",
        "$39 a week",
        "120 cafés since 2021.",
    ):
        assert fact.lower() in text.lower()
    assert "Mia Lang, owner of Café Lang" in text
    assert "Kept by the agency" not in text


def test_titles_say_what_was_asked_for() -> None:
    def title(request: str, profile: str = PROFILE) -> str:
        return written(ask("Copywriting", request, profile=profile)).splitlines()[0]

    assert title("Please write a pricing page for Bloom Studio") == "# Pricing page for Bloom Studio"
    assert title("Emails for people who left") == "# Bloom Studio: Emails for people who left"
    assert title("Why does nobody call us?") == "# Copywriting for Bloom Studio"
    assert title("landing page for a bakery in Leeds", profile="") == "# Landing page for a bakery in Leeds"


def test_json_when_json_is_wanted() -> None:
    document = json.loads(written(ask("Schema markup", "JSON-LD for the homepage")))
    assert document["@context"] == "https://schema.org"
    assert document["name"] == "Bloom Studio"
    assert "not Claude's work" in document["disambiguatingDescription"]
    again = json.loads(written(ask("Schema markup", "add the price", previous=json.dumps(document))))
    assert again != document


def test_revision_changes_what_it_is_told_to() -> None:
    first = written(ask("Copywriting", "homepage copy"))
    shorter = written(ask("Copywriting", "shorter, and mention the vase", previous=first))
    assert shorter.splitlines()[0] == first.splitlines()[0]
    assert len(shorter) < len(first)
    assert "Added in this version\n\n- $39 a week, vase included." in shorter
    other = written(ask("Copywriting", "friendlier please", previous=first))
    assert "“friendlier please”" in other
    assert "## Hero" in other


def test_agents_look_around_first() -> None:
    first = write_sample(
        ask("Competitor research", "Research rivals", tools=("WebSearch", "mcp__web__WebFetch")), 0
    )
    use = first.pieces[-1]
    assert isinstance(use, ToolUse)
    assert (use.name, use.input) == ("WebSearch", {"query": "Bloom Studio rivals"})
    asked = ask("Page CRO", "Look at https://bloom.example/home", tools=("WebSearch", "mcp__web__WebFetch"))
    use = write_sample(asked, 0).pieces[-1]
    assert isinstance(use, ToolUse)
    assert (use.name, use.input) == ("mcp__web__WebFetch", {"url": "https://bloom.example/home"})


def test_the_example_client_gives_a_page() -> None:
    folder = Path(__file__).parents[3] / "library" / "clients" / "yaz-automate"
    names = ("profile", "brand/voice", "brand/messaging", "audience/primary-icp", "product/overview")
    files = (
        f'<client_file path="{name}.md">\n{(folder / name).with_suffix(".md").read_text()}\n</client_file>'
        for name in names
    )
    call = ask("Copywriting", "Write homepage copy for Yaz Automate", profile="")
    call.body["system"][0]["text"] += "# Client: Yaz Automate\n\n" + "\n\n".join(files)
    text = written(Call(call.body))
    assert text.startswith("# Homepage copy for Yaz Automate")
    assert 2000 < len(text) < 6000
    assert "Book a fit call" in text


async def test_a_person_can_watch_it_grow() -> None:
    async with running(pace=3000) as url, anthropic.AsyncAnthropic(api_key="k", base_url=url) as api:
        start = time.monotonic()
        body = ask("Copywriting", "homepage copy").body
        async with api.messages.stream(**body) as stream:
            chunks = [text async for text in stream.text_stream]
    length = len("".join(chunks))
    assert len(chunks) > 3
    assert time.monotonic() - start >= length / 3000


async def test_the_sample_is_there_for_scripts_too(claude: ClaudeStandIn, api: anthropic.AsyncAnthropic) -> None:
    await claude.script({"delay": 0.01}, {"sample": True})
    message = await api.messages.create(**ask("Copywriting", "homepage copy").body)
    assert message.content[0].type == "text"
    assert "# Homepage copy for Bloom Studio" in message.content[0].text
