"""From a text to a file in one of the formats. CPU-bound and pure: call it in a thread of the worker."""

from collections.abc import Mapping
from typing import Literal, get_args

from core.exports.document import parse_document

ExportFormat = Literal["docx", "pdf", "html"]
FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)
CONTENT_TYPES: Mapping[ExportFormat, str] = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}


def export(text: str, *, title: str, format: ExportFormat) -> bytes:  # noqa: A002 - the word that everybody uses
    """A Markdown text as a file that one would send to a client.

    `title` heads the document where the text opens with no heading of its own. Nothing in the text is run, included
    or fetched.
    """
    document = parse_document(text, title)
    match format:  # the writers' libraries are loaded where one is needed, not by every process
        case "docx":
            from core.exports.word import write_word

            return write_word(document)
        case "pdf":
            from core.exports.pdf import write_pdf

            return write_pdf(document)
        case "html":
            from core.exports.html import write_html

            return write_html(document)
