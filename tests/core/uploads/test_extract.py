"""Text comes out of files, and nothing worse."""

import asyncio
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.uploads import extract, reader
from core.uploads.errors import (
    UploadBrokenError,
    UploadEmptyError,
    UploadError,
    UploadLockedError,
    UploadSlowError,
    UploadTooLargeError,
    UploadTooLongError,
    UploadUnknownError,
)
from core.uploads.extract import extract_text
from tests.core.uploads import files


async def test_a_word_file_becomes_markdown() -> None:
    assert await extract_text(files.word()) == (
        "# Brief\n\nThe pilot starts on May 4 in Köln.\n\n- One clinic\n- Two desks\n\n"
        "| Desk | Hours |\n|---|---|\n| A | 22 |"
    )


async def test_what_was_inserted_counts_and_what_was_deleted_does_not() -> None:
    assert await extract_text(files.revised_word()) == "In a box\n\nIt costs 80"


async def test_a_pdf_gives_its_text_page_by_page() -> None:
    text = await extract_text(files.pdf())
    assert "The pilot starts on May 4 in Köln." in text


async def test_a_pdf_that_only_forbids_printing_is_read() -> None:
    assert "Köln" in await extract_text(files.locked_pdf(""))


async def test_text_is_taken_as_it_is() -> None:
    assert await extract_text("  # Größe\r\nx\u202e  ".encode()) == "# Größe\nx"


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"x" * (extract.LARGEST + 1), UploadTooLargeError),
        (b"\x89PNG\r\n\x1a\n\x00", UploadUnknownError),
        (files.spreadsheet(), UploadUnknownError),
        (b"  \n ", UploadEmptyError),
        (files.blank_pdf(3), UploadEmptyError),
        (files.blank_pdf(reader.MOST_PAGES + 1), UploadTooLongError),
        (files.locked_pdf("secret"), UploadLockedError),
        (files.pdf()[:2000], UploadBrokenError),
        (b"%PDF-1.7 and that is all", UploadBrokenError),
        (files.word_with_part(b"<not xml"), UploadBrokenError),
        (files.word_with_part(b" " * (101 * 1024 * 1024)), UploadTooLongError),
        (b"a" * (reader.MOST_CHARACTERS + 1), UploadTooLongError),
    ],
    ids=lambda it: it.__name__ if isinstance(it, type) else "",
)
async def test_what_cannot_be_read_says_why(data: bytes, error: type[UploadError]) -> None:
    with pytest.raises(error):
        await extract_text(data)


@pytest.mark.parametrize("size", [90, 300])
async def test_a_stream_that_unpacks_without_end_is_left_alone(size: int) -> None:
    bomb = files.pdf_bomb(size * 1024 * 1024)
    assert len(bomb) < 2 * 1024 * 1024
    with pytest.raises((UploadTooLongError, UploadSlowError, UploadEmptyError)):
        await extract_text(bomb)


async def test_entities_neither_multiply_nor_fetch() -> None:
    with pytest.raises(UploadError) as caught:
        await extract_text(files.word_with_part(files.laughs()))
    assert isinstance(caught.value, UploadEmptyError | UploadBrokenError)


async def test_a_file_that_takes_too_long_is_given_up_and_its_reader_is_gone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stuck = tmp_path / "stuck.py"
    stuck.write_text(
        f"import os, time\nopen({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)\n"
    )
    monkeypatch.setattr(extract, "_READER", stuck)
    with pytest.raises(UploadSlowError):
        await extract_text(files.word(), seconds=1.0)
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


async def test_the_reader_is_given_none_of_our_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    nosy = tmp_path / "nosy.py"
    nosy.write_text("import json, os\nprint(json.dumps({'text': json.dumps(dict(os.environ))}))\n")
    monkeypatch.setattr(extract, "_READER", nosy)
    monkeypatch.setenv("KEY_PEPPER", "canary")
    given_to_it = json.loads(await extract_text(files.word()))
    assert "canary" not in given_to_it.values()
    assert set(given_to_it) <= {"PATH", "LC_CTYPE"}


async def test_many_at_once_wait_for_their_turn() -> None:
    texts = await asyncio.gather(*(extract_text(files.word()) for _ in range(5)))
    assert len(set(texts)) == 1


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(["pdf", "docx"]), st.data())
def test_a_damaged_file_is_text_or_an_answer(kind: str, data: st.DataObject) -> None:
    good = PDF if kind == "pdf" else WORD
    damaged = bytearray(good)
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(good)))
    for attempt in (bytes(damaged), good[:cut], good[cut:] + good[:cut]):
        answer = reader._answer(kind, attempt)
        assert set(answer) in ({"text"}, {"error"})


PDF, WORD = files.pdf(), files.word()
