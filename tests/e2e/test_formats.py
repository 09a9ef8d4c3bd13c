"""A piece as a file in each format, by a tap."""

import io
from collections.abc import Callable

import docx
import pytest
from pypdf import PdfReader

from local.claude.client import ClaudeStandIn
from local.telegram.client import Message, Person

COPY = """<output>
# Three names, one form

Your front desk types **every** new patient three times.
</output>"""


@pytest.fixture
async def owner(person: Person, claude: ClaudeStandIn) -> Person:
    await claude.script(COPY, user="the granite variant")
    await person.send("Write homepage copy for Yaz Automate, the granite variant")
    ready = await person.wait_for(lambda m: "is ready!" in m.text, timeout=20)
    await person.tap(ready, "Download")
    return person


def ends_with(extension: str) -> Callable[[Message], bool]:
    return lambda message: message.document is not None and message.document.name.endswith(extension)


async def test_markdown_comes_at_once_and_the_other_formats_by_a_tap(owner: Person) -> None:
    person = owner
    first = await person.wait_for(lambda m: m.document is not None)
    assert first.labels == ["Word", "PDF", "Web page"]
    files: dict[str, bytes] = {}
    for label, extension in (("Word", ".docx"), ("PDF", ".pdf"), ("Web page", ".html")):
        tap = await person.tap(first, label)
        assert (await person.answer_to(tap)).text == f"{label}: one moment…"
        made = await person.wait_for(ends_with(extension), timeout=30)
        files[extension] = await person.download(made)
    assert docx.Document(io.BytesIO(files[".docx"])).paragraphs[0].text == "Three names, one form"
    assert "every new patient" in PdfReader(io.BytesIO(files[".pdf"])).pages[0].extract_text()
    assert b"<strong>every</strong>" in files[".html"]
