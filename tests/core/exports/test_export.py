"""The three formats, opened again by others than their writers."""

import io
import re
import zipfile
from html.parser import HTMLParser
from typing import Any

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from core.exports.export import FORMATS, ExportFormat, export

TEXT = """# Schluß mit dem Abtippen — İstanbul

> “We got **22 hours** back.”

See [the pilot](https://example.com/pilot?a=1&b=2), café, ığüşöç, Größe 👍.

1. First
2. Second
   - inner

Between.

1. One again

| Step | Before | After |
|:--|--:|:-:|
| Intake | 22 h | 6 h |

```json
{"@type": "LocalBusiness"}
```

---

## שלום עולם

זהו **משפט** בעברית.

السلام عليكم
"""
HOSTILE = """# <img src=x onerror=alert(1)> #set page(width: 1pt)

<script src="https://evil.example/x.js"></script> <iframe src="file:///etc/passwd">

![tracker](https://evil.example/pixel.png) [go](javascript:alert(1)) [file](file:///etc/passwd)

#include "/etc/passwd" #read("/etc/passwd") #image("https://evil.example/x.png") $ cal(A) $ @ref `#eval(1)` {{7*7}}

\\input{/etc/passwd} &lt;b&gt; "quoted" 'single' ]]> <!-- comment -->
"""


def pdf_text(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


def word_text(data: bytes) -> str:
    return "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(data)).paragraphs)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.text += data


def html_tags(data: bytes) -> Tags:
    tags = Tags()
    tags.feed(data.decode())
    return tags


def test_a_pdf_holds_the_text_in_fonts_of_its_own() -> None:
    data = export(TEXT, title="x", format="pdf")
    reader = PdfReader(io.BytesIO(data))
    text = pdf_text(data)
    for words in ("Schluß mit dem Abtippen — İstanbul", "ığüşöç", "Größe", "22 hours", "Intake", "LocalBusiness"):
        assert words in text
    assert reader.metadata is not None
    assert reader.metadata.title == "Schluß mit dem Abtippen — İstanbul"
    assert [item.title for item in reader.outline if not isinstance(item, list)] == ["שלום עולם"]
    assert b"/FontFile" in data
    assert data == export(TEXT, title="x", format="pdf")


def test_a_word_file_has_words_own_headings_lists_and_tables() -> None:
    document = docx.Document(io.BytesIO(export(TEXT, title="x", format="docx")))
    styles = {paragraph.text: paragraph.style.name for paragraph in document.paragraphs if paragraph.style}
    assert styles["Schluß mit dem Abtippen — İstanbul"] == "Title"
    assert styles["שלום עולם"] == "Heading 2"
    assert styles["“We got 22 hours back.”"] == "Quote"
    (table,) = document.tables
    assert [cell.text for cell in table.rows[1].cells] == ["Intake", "22 h", "6 h"]
    numbered: dict[str, Any] = {it.text: it._p.pPr.numPr for it in document.paragraphs if it._p.pPr is not None}
    lists = {text: (it.numId.val, it.ilvl.val) for text, it in numbered.items() if it is not None}
    assert lists["First"] == lists["Second"]
    assert lists["One again"][0] != lists["First"][0]
    assert lists["inner"][1] == 1


def test_a_page_is_one_file_that_asks_for_nothing() -> None:
    data = export(TEXT, title="x", format="html")
    tags = html_tags(data)
    assert tags.tags.isdisjoint({"script", "link", "img", "iframe", "object", "form", "base"})
    assert not [name for name, _ in tags.attributes if name == "src" or name.startswith("on")]
    assert b"default-src 'none'" in data
    assert b"url(" not in data
    assert b"@import" not in data
    assert '<h2 dir="rtl">' in data.decode()


@pytest.mark.parametrize("format_", FORMATS)
def test_nothing_in_a_text_is_run_included_or_fetched(format_: ExportFormat) -> None:
    data = export(HOSTILE, title="x", format=format_)
    if format_ == "html":
        tags = html_tags(data)
        assert tags.tags <= {
            "html",
            "head",
            "meta",
            "title",
            "style",
            "body",
            "header",
            "main",
            "h1",
            "p",
            "a",
            "code",
        }
        links = [value for name, value in tags.attributes if name == "href"]
        assert links == ["https://evil.example/pixel.png"]
        text = tags.text
    elif format_ == "docx":
        relations = docx.Document(io.BytesIO(data)).part.rels.values()
        outside = [rel for rel in relations if rel.is_external]
        assert [(rel.reltype, rel.target_ref) for rel in outside] == [
            (RELATIONSHIP_TYPE.HYPERLINK, "https://evil.example/pixel.png")
        ]
        names = zipfile.ZipFile(io.BytesIO(data)).namelist()
        assert not [name for name in names if "vba" in name.lower() or "embeddings" in name]
        text = word_text(data)
    else:
        assert not re.search(rb"/(JavaScript|JS|Launch|EmbeddedFile|OpenAction|SubmitForm)\b", data)
        text = pdf_text(data)
    assert "root:x:0" not in text
    for words in ('#include "/etc/passwd"', "<script src=", "{{7*7}}", "cal(A)", "<!-- comment -->"):
        assert words in re.sub(r"\s+", " ", text)


@pytest.mark.parametrize("format_", FORMATS)
@settings(max_examples=15, deadline=None)
@given(st.text(max_size=400), st.text(max_size=40))
def test_any_text_can_be_exported(format_: ExportFormat, text: str, title: str) -> None:
    assert export(text, title=title, format=format_)


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.sampled_from(["> ", "- ", "1. ", "  ", "# ", "| a | b |\n|---|---|\n", "```\n", "**x** ", "\n"]))
)
def test_any_structure_can_be_exported(parts: list[str]) -> None:
    for format_ in FORMATS:
        assert export("".join(parts), title="x", format=format_)


def test_a_long_text_takes_pages_not_minutes() -> None:
    data = export(TEXT * 100, title="x", format="pdf")
    assert len(PdfReader(io.BytesIO(data)).pages) > 30
