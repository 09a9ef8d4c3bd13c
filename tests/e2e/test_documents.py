"""Files in the chat: material for a piece, papers for a client's research, and sentences where neither can be."""

import pytest

from local.claude.client import ClaudeStandIn
from local.telegram.client import Message, Person
from tests.core.uploads import files

COPY = "<output>\n# The {0} page\n\nIt starts on May 4.\n</output>"


async def ready(person: Person) -> Message:
    return await person.wait_for(lambda m: "is ready!" in m.text, timeout=30)


async def prompts(claude: ClaudeStandIn, word: str) -> list[str]:
    return [
        it.call.everything for it in await claude.requests() if word in it.call.user and "<request>" in it.call.user
    ]


@pytest.mark.parametrize(("data", "name"), [(files.word(), "Brief Köln.docx"), (files.pdf(), "scan.exe")])
async def test_a_file_with_a_caption_is_material_for_that_piece(
    person: Person, claude: ClaudeStandIn, data: bytes, name: str
) -> None:
    word = f"opal-{name[:4].strip().lower()}"
    await claude.script(COPY.format(word), user=word)
    await person.upload(data, name=name, caption=f"Write homepage copy for Yaz Automate, the {word} variant")
    await ready(person)
    (prompt,) = await prompts(claude, word)
    assert '<material name="' in prompt
    assert "The pilot starts on May 4 in Köln." in prompt


async def test_a_revision_still_has_the_material(person: Person, claude: ClaudeStandIn) -> None:
    await claude.script(COPY.format("beryl"), user="beryl")
    await person.upload(
        b"The pilot is called Lighthouse.", name="a.txt", caption="Homepage for Yaz Automate, beryl"
    )
    first = await ready(person)
    await person.reply(first, "shorter, beryl")
    await person.wait_for(lambda m: "(v2)" in m.text, timeout=30)
    assert all("called Lighthouse" in prompt for prompt in await prompts(claude, "beryl"))


async def test_a_file_without_a_word_is_kept_by_one_tap_and_read_from_then_on(
    person: Person, claude: ClaudeStandIn
) -> None:
    await person.upload(b"# Interviews\n\nMaya says: garnet, every time.", name="Interviews-May.md")
    question = await person.wait_for(lambda m: "I read" in m.text)
    assert "“Interviews-May.md”" in question.text
    assert question.labels == ["Keep for Yaz Automate", "Don't keep it"]
    await person.tap(question, 0)
    kept = await person.wait_for(lambda m: m.text.startswith("Kept"))
    assert (kept.id, kept.labels) == (question.id, [])
    assert "as research/interviews-may.md" in kept.text

    await claude.script(COPY.format("jasper"), user="jasper")
    await person.send("Write homepage copy for Yaz Automate, jasper")
    await ready(person)
    (prompt,) = await prompts(claude, "jasper")
    assert '<client_file path="research/interviews-may.md">\n# Interviews' in prompt

    await person.upload(b"# Interviews\n\nOther ones.", name="interviews_may.txt")
    again = await person.wait_for(lambda m: "I read" in m.text)
    await person.tap(again, 0)
    other = await person.wait_for(lambda m: "interviews-may-2.md" in m.text)
    assert other.id == again.id


async def test_a_file_that_is_not_wanted_is_let_go(person: Person) -> None:
    await person.upload(b"Some notes.", name="notes.md")
    question = await person.wait_for(lambda m: "I read" in m.text)
    await person.tap(question, "Don't keep it")
    assert (await person.wait_for(lambda m: m.text.startswith("Not kept"))).labels == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\x00", "I can read text, Markdown, PDF and Word"),
        (files.locked_pdf("secret"), "asks for a password"),
        (files.blank_pdf(1), "If it is a scan"),
        (files.pdf()[:1500], "seems to be damaged"),
        (files.blank_pdf(301), "more than 300 pages or 1,000,000 characters"),
        pytest.param(
            b"x" * (11 * 1024 * 1024),
            "larger than 10 MB",
            marks=pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning"),  # the test's own
        ),
    ],
    ids=["picture", "locked", "scan", "damaged", "long", "large"],
)
async def test_what_cannot_be_read_gets_a_sentence_that_says_why(person: Person, data: bytes, words: str) -> None:
    await person.upload(data, name="brief.pdf", caption="Write homepage copy for Yaz Automate")
    answer = await person.wait_for(lambda m: "Nothing was kept" in m.text)
    assert words in answer.text
