"""Shapes for what is used rather than read: emails, audits, research, calendars, ads, posts, plans."""

from itertools import cycle, islice

from local.claude.sample.brief import Brief
from local.claude.sample.pages import headlines
from local.claude.sample.parts import bullets, described, section, table

DAYS = (0, 3, 7, 12, 18)  # after the first email
HEADLINE, PRIMARY_TEXT = 40, 125  # characters that ads show everywhere


def emails(brief: Brief) -> list[str]:
    """A sequence of emails, each with subject, preview, body and one action."""
    client = brief.client
    button, after = client.action
    ideas = [
        ("What you asked for", client.what),
        ("A day that you may know", client.problems[0] if client.problems else client.audience),
        *((head or "One thing that is different", rest) for head, rest in client.points[:1]),
        ("What others got", client.proof[0] if client.proof else client.price),
        ("Whether it fits", after if after != client.what else ""),
    ]
    said = [(day, *idea) for day, idea in zip(DAYS, (idea for idea in ideas if idea[1]), strict=False)]
    overview = table(
        ("Email", "Day", "Subject"), [(str(n), str(day), head) for n, (day, head, _) in enumerate(said, 1)]
    )
    return [
        section("Overview", overview),
        *(
            section(
                f"Email {number}: {head}",
                f"**Subject:** {head}\n**Preview:** {text[:80].rsplit(' ', 1)[0]}…",
                f"Hello,\n\n{text}",
                f"**{button}**",
                client.name,
            )
            for number, (_, head, text) in enumerate(said, 1)
        ),
        section("Subjects to test against", bullets(headlines(brief))),
    ]


def audit(brief: Brief) -> list[str]:
    """Findings by priority, each with evidence and what to do."""
    client = brief.client
    button = client.action[0]
    first_proof = client.proof[0] if client.proof else ""
    findings = [
        ("High", "The first screen has to say what it is", client.what, "Put this sentence under the headline."),
        ("High", "One action, named by what happens", button, f"Let every button say “{button}”."),
        ("High", "The price question stays open", client.price, "Say it before the form."),
        ("Medium", "Proof stands too far from its claim", first_proof, "Move it beside the claim it supports."),
        ("Medium", "The reader does not recognise the day", *client.problems[:1], "Open with this scene."),
        ("Low", "Headings do not argue on their own", headlines(brief)[0], "Let each heading make its point."),
    ]
    kept = [finding for finding in findings if len(finding) == 4 and finding[2]]  # noqa: PLR2004 - one has no evidence
    return [
        section("What to do first", *(f"**{index}. {row[1]}.** {row[3]}" for index, row in enumerate(kept[:3], 1))),
        section("Findings", table(("Priority", "Finding", "From the client's files", "Change"), kept)),
        section(
            "How to tell that it worked", bullets([f"More people choose “{button}”", "Fewer questions about price"])
        ),
    ]


def research(brief: Brief) -> list[str]:
    """What was found, in tables, with what is known and what is not."""
    client = brief.client
    known = [(head or "Fact", rest) for head, rest in (*client.points, *(("In numbers", p) for p in client.proof))]
    return [
        section("In short", client.what, client.audience and f"It is for {client.audience}."),
        section("What the files say", table(("Topic", "Finding"), known[:7])),
        section("What customers say", bullets(client.problems)),
        section("Sources looked at", bullets(f"[{title}]({url})" for title, url in brief.sources)),
        section(
            "Still open",
            bullets(["Whether the figures hold for each kind of customer", "What rivals charge today"]),
        ),
    ]


def calendar(brief: Brief) -> list[str]:
    """Four weeks with channel, idea and goal."""
    client = brief.client
    ideas = [*client.problems, *(head or rest for head, rest in client.points), *client.proof] or [client.what]
    channels = cycle(("LinkedIn", "Email", "Blog"))
    slots = [(week, day) for week in range(1, 5) for day in ("Tue", "Thu")]
    rows = [
        (f"Week {week}", day, next(channels), idea, client.action[0])
        for (week, day), idea in zip(slots, islice(cycle(ideas), len(slots)), strict=True)
    ]
    return [
        section("The four weeks", table(("Week", "Day", "Channel", "Idea", "Leads to"), rows)),
        section(
            "How each piece is made",
            bullets(["One scene, one point, one action", f"Voice: {client.voice}" * bool(client.voice)]),
        ),
    ]


def posts(brief: Brief) -> list[str]:
    """Posts, each with one thought and one action."""
    client = brief.client
    thoughts = [
        *((problem, client.what) for problem in client.problems[:2]),
        *((f"{head}." if head else "", rest) for head, rest in client.points[:2]),
        *(("One number.", proof) for proof in client.proof[:1]),
    ] or [("In one sentence.", client.what)]
    return [
        section(f"Post {number}", opening, text, f"→ {client.action[0]}")
        for number, (opening, text) in enumerate(thoughts, 1)
    ]


def ads(brief: Brief) -> list[str]:
    """Ad variants by angle, each within the usual lengths."""
    client = brief.client
    rows = [
        (str(number), _within(headline, HEADLINE), _within(text, PRIMARY_TEXT), client.action[0])
        for number, (headline, text) in enumerate(
            zip(headlines(brief), [client.what, *(rest for _, rest in client.points)], strict=False), 1
        )
    ]
    return [
        section("Variants", table(("Ad", "Headline", "Text", "Button"), rows)),
        section("Audience", client.audience and f"Shown to {client.audience}."),
        section("What to test first", bullets(["The first variant against the second, same picture, same budget"])),
    ]


def plan(brief: Brief) -> list[str]:
    """A plan: where things stand, what to do, in which order, how to know."""
    client = brief.client
    button = client.action[0]
    return [
        section("Where things stand", client.what, bullets(client.proof)),
        section(
            "Whom it is for",
            client.audience and f"{client.audience[:1].upper()}{client.audience[1:]}.",
            bullets(client.problems),
        ),
        section("What to build on", described(client.points)),
        section(
            "What to do",
            table(
                ("Order", "Step", "Why"),
                [
                    (
                        "1",
                        f"Choose one message from the points above for {brief.subject.lower()}",
                        "One reader, one idea",
                    ),
                    (
                        "2",
                        "Write it for one place and put the proof beside it",
                        "A claim stands as firm as its proof",
                    ),
                    ("3", f"Lead every piece to “{button}”", "One action can be counted"),
                    ("4", "Look at the numbers after two weeks", "Enough time for a first answer"),
                ],
            ),
        ),
        section("Risks", bullets(["Too many messages at once", "Figures that nobody checked"])),
    ]


def _within(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rsplit(" ", 1)[0] + "…"
