"""What the documents refer to exists."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT

TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`")
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)")
DOCUMENTS = [path for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")) if "node_modules" not in path.parts]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_and_every_test_that_a_document_names_is_there(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for link in LINK.findall(text):
        assert (document.parent / link).exists(), link
    for path, test in TEST.findall(text):
        source = ROOT / path
        assert source.is_file(), path
        assert not test or f"def {test}(" in source.read_text(encoding="utf-8"), f"{path}::{test}"


def test_every_threat_has_a_test_or_says_when_it_will() -> None:
    rows = [
        line for line in (ROOT / "docs/security.md").read_text(encoding="utf-8").splitlines() if line[:4] == "| **"
    ]
    assert len(rows) > 15
    for row in rows:
        assert TEST.search(row) or "comes with" in row, row[:60]
