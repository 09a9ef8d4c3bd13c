"""From the bytes of a file to its text, within bounds on size, pages, characters, memory and time."""

import asyncio
import json
import os
import sys
from pathlib import Path

from core.exports.document import clean
from core.logging import get_logger
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
from core.uploads.reader import MOST_CHARACTERS, MOST_PAGES
from core.uploads.recognise import Kind, decode, recognise

LARGEST = 10 * 1024 * 1024
_SECONDS = 20.0
_AT_ONCE = 2
_READER = Path(__file__).with_name("reader.py")
_readers = asyncio.Semaphore(_AT_ONCE)
log = get_logger(__name__)


async def extract_text(data: bytes, *, seconds: float = _SECONDS) -> str:
    """The text of a file: Text and Markdown as they are, PDF and Word read in a process of their own.

    Raises:
        UploadError: it can't be read; the subclass says why.
    """
    if len(data) > LARGEST:
        raise too_large()
    kind = recognise(data)
    if kind is None:
        raise UploadUnknownError
    text = decode(data) or "" if kind == "text" else await _read(kind, data, seconds)
    text = clean(text).strip()
    if not text:
        raise UploadEmptyError
    if len(text) > MOST_CHARACTERS:
        raise _too_long()
    return text


def too_large() -> UploadTooLargeError:
    """The error for a file above 10 MB, known before it is fetched where its size is told."""
    return UploadTooLargeError(limit=LARGEST // 1024 // 1024)


async def _read(kind: Kind, data: bytes, seconds: float) -> str:
    async with _readers:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-I", str(_READER), kind),
            env={"PATH": os.environ.get("PATH", "")},  # none of our secrets
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(seconds):
                said, _ = await process.communicate(data)
        except TimeoutError:
            raise UploadSlowError from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    try:
        answer = json.loads(said)
    except ValueError:
        log.info("upload_reader_died", kind=kind, status=process.returncode)
        raise UploadSlowError from None  # its own limits ended it
    if "error" in answer:
        raise _error(answer["error"])
    return str(answer["text"])


def _error(code: str) -> UploadError:
    if code == "too-long":
        return _too_long()
    return UploadLockedError() if code == "locked" else UploadBrokenError()


def _too_long() -> UploadTooLongError:
    return UploadTooLongError(pages=MOST_PAGES, characters=MOST_CHARACTERS)
