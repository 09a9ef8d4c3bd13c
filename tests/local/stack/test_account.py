"""A key for the stack that runs."""

from pathlib import Path

import pytest

from local.stack.account import forget_environment, keep_environment, print_key


def test_without_a_stack_there_is_no_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    keep_environment(tmp_path, {"KEY_PEPPER": "hush"})
    assert (tmp_path / "environment.json").stat().st_mode & 0o077 == 0
    forget_environment(tmp_path)
    assert print_key(tmp_path) == 1
    assert "make run" in capsys.readouterr().err
