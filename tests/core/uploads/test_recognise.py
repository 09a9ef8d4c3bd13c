"""A file is what its bytes are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.uploads.recognise import decode, recognise
from tests.core.uploads import files


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ("Größe: ığüşöç\n".encode(), "text"),
        ("\ufeffWith a mark".encode(), "text"),
        ("Two bytes each".encode("utf-16"), "text"),
        (b"# Markdown\r\n\r\n- a\r\n", "text"),
        (b"junk before %PDF-1.7", "pdf"),
        (files.word(), "docx"),
        (files.spreadsheet(), None),
        (b"PK\x03\x04 and nothing after", None),
        (b"\x89PNG\r\n\x1a\n\x00\x00", None),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", None),
        (b"{\\rtf1\\ansi hello}", None),
        ("Größe".encode("cp1252"), None),
        (b"a\x00b", None),
        (b"\x01\x02\x03\x04", None),
        (b"", "text"),
    ],
)
def test_content_decides(data: bytes, kind: str | None) -> None:
    assert recognise(data) == kind


def test_text_comes_out_as_it_reads() -> None:
    assert decode("\ufeffa\r\nb\u202ec".encode()) == "a\nbc"
    assert decode("İstanbul".encode("utf-16")) == "İstanbul"


@given(st.sampled_from([b"", b"PK\x03\x04", b"%PDF-", b"\xff\xfe", b"\xef\xbb\xbf"]), st.binary(max_size=400))
def test_any_bytes_are_some_kind_or_none(head: bytes, tail: bytes) -> None:
    assert recognise(head + tail) in {"text", "pdf", "docx", None}
