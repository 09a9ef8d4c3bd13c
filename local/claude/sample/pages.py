"""Shapes for what is read from top to bottom: pages, stories, scripts."""

from collections.abc import Sequence

from local.claude.sample.brief import Brief
from local.claude.sample.dossier import Point
from local.claude.sample.parts import bullets, described, quote, section

LONGEST_HEADLINE = 70  # characters


def copy_page(brief: Brief) -> list[str]:
    """A page: hero, problem, answer, proof, way, questions, action, and other headlines to choose from."""
    client = brief.client
    button, after = client.action
    hero, *others = headlines(brief)
    return [
        section(
            "Hero", f"**{hero}**", client.what, f"**Button:** {button}", after and f"*Under the button: {after}*"
        ),
        section(
            "The problem",
            client.audience and f"Written for {client.audience}.",
            "What they know too well:" if client.problems else "",
            bullets(client.problems),
        ),
        section(f"What {client.who} does about it", described(client.points), client.price),
        section("Why believe it", bullets(client.proof), *(quote(point) for point in client.quotes[:1])),
        section("How it goes", _numbered(client.steps)),
        section("Questions that come first", *_questions(brief)),
        section("The next step", f"**{button}**", after),
        section("Headlines to choose from", bullets([hero, *others])),
    ]


def story(brief: Brief) -> list[str]:
    """A story, as in a case study or a press release: the news, before, after, the voice, the facts."""
    client = brief.client
    return [
        section("In short", client.what, *client.proof[:1]),
        section("How it was before", bullets(client.problems[:3])),
        section("What changed", described(client.points[:3])),
        section("What came of it", bullets(client.proof), *(quote(point) for point in client.quotes[:2])),
        section(f"About {client.who}", client.what, client.price),
        section("Next", client.action[0] + ".", client.action[1]),
    ]


def script(brief: Brief) -> list[str]:
    """A video script with times, picture and words."""
    client = brief.client
    scenes = [
        ("Somebody at work, close", *client.problems[:1]),
        ("The same scene, wider", *client.problems[1:2]),
        ("The thing itself, in use", client.what),
        *(("On screen: " + head, rest) for head, rest in client.points[:2]),
        ("Figures, one at a time", *client.proof[:1]),
        ("End card", ". ".join(filter(None, client.action))),
    ]
    rows = [
        f"| {index * 9}–{index * 9 + 9} s | {scene[0]} | {scene[1]} |"
        for index, scene in enumerate(scene for scene in scenes if len(scene) > 1)
    ]
    return [
        section("Script", "| Time | Picture | Words |\n|---|---|---|\n" + "\n".join(rows)),
        section("Shot list", bullets([f"Shot {n}: {scene[0].lower()}" for n, scene in enumerate(scenes, 1)])),
    ]


def headlines(brief: Brief) -> list[str]:
    """Return up to four headlines, each from another angle."""
    client = brief.client
    angles = [*(head for head, _ in client.points[:2]), client.what, client.price]
    short = (angle.rstrip(".") for angle in angles if 0 < len(angle) <= LONGEST_HEADLINE)
    return [*dict.fromkeys(short), f"What {client.who} does, in plain words"][:4]


def _numbered(steps: Sequence[Point]) -> str:
    return "\n".join(f"{number}. **{head}.** {rest}" for number, (head, rest) in enumerate(steps, 1))


def _questions(brief: Brief) -> list[str]:
    client = brief.client
    pairs = [
        ("What does it cost?", client.price),
        ("How does it begin?", ": ".join(client.steps[0]) if client.steps else ""),
        ("Who is it for?", client.audience and f"For {client.audience}."),
    ]
    return [f"**{question}** {answer}" for question, answer in pairs if answer]
